"""The hash that names what several consent to, as the contracts make it."""

from collections.abc import Mapping
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from ledger.actions.structs import members
from ledger.terms.solidity import snake


def consent_hash(struct: str, values: Mapping[str, Any]) -> bytes:
    """``keccak256(abi.encode(typehash, members…))``; ``struct`` is written as the contract has it, ``values``
    are by name in snake case.
    """
    fields = members(struct)
    kinds = ["bytes32", *(kind for _, kind in fields)]
    return keccak(encode(kinds, [keccak(text=struct), *(values[snake(name)] for name, _ in fields)]))
