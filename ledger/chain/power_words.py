"""Functions and scheduled orders in words: what the access manager has as selectors and calldata."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.abi import function_abi_to_4byte_selector, get_abi_input_types
from eth_utils.address import is_address, to_checksum_address

from ledger.artifacts.contracts import contract_abi
from ledger.rules.labels import shown
from ledger.terms.contracts import CONTRACTS

_DOES = {
    "PartnerRegistry.attest": "attests partners",
    "PartnerRegistry.revoke": "revokes attestations",
    "PartnerRegistry.proposeRecovery": "begins the recovery of an account whose keys are lost",
    "RevenueLedger.pauseDeposits": "pauses new deposits",
    "RevenueLedger.resumeDeposits": "takes deposits again",
}
ADMIN_DOES = (
    "gives and takes roles",
    "decides which role may call what, and how long orders wait",
    "closes contracts, and hands them to another access manager",
)
"""What the manager lets its admin do, whatever else is said."""
_LONGEST = 80


def function_words(contract: str | None, selector: bytes) -> str:
    """What whoever may call a function does; ``contract`` is the name of whose it is, None when unknown."""
    function = _function(contract, selector)
    if function is None:
        return f"calls the unknown function 0x{selector.hex()}"
    name = f"{contract}.{function['name']}"
    return _DOES.get(name, f"calls {name}")


def order_words(contract: str | None, calldata: bytes) -> str:
    """A call as Solidity would write it, with the names of its arguments."""
    function = _function(contract, calldata[:4])
    if function is None:
        return f"calldata 0x{_cut(calldata.hex())}"
    inputs: Sequence[Mapping[str, Any]] = function["inputs"]
    try:
        values = decode(get_abi_input_types(function), calldata[4:])
    except (DecodingError, OverflowError, ValueError):
        return f"{contract}.{function['name']}, with arguments that are none"
    shown = (f"{each['name']} {_shown(value)}" for each, value in zip(inputs, values, strict=True))
    return f"{contract}.{function['name']}({', '.join(shown)})"


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        return "0x" + _cut(value.hex())
    if isinstance(value, str) and is_address(value):
        return str(to_checksum_address(value))
    if isinstance(value, list | tuple):
        return f"[{_cut(', '.join(map(_shown, value)))}]"
    return repr(shown(value)) if isinstance(value, str) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _function(contract: str | None, selector: bytes) -> Any:
    return None if contract is None else _functions(contract).get(selector)


@cache
def _functions(contract: str) -> Mapping[bytes, Any]:
    if contract not in CONTRACTS:
        return {}
    functions = [each for each in contract_abi(contract) if each["type"] == "function"]
    found: list[Any] = functions  # eth_utils wants its own types of them
    return {function_abi_to_4byte_selector(each): each for each in found}
