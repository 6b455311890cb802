"""EIP-712 structs as they are written: ``Refund(address account,…)``, and the typed data that they make."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from eth_utils.address import to_checksum_address

from ledger.actions.declaration import Action
from ledger.signing.agreements import TERMS_TYPES
from ledger.signing.eip712 import TypedData, typed_data
from ledger.terms.deployment import Deployment
from ledger.terms.payments import BUNDLE_FIELDS, INVOICE_FIELDS
from ledger.terms.solidity import Fields, snake

_MEMBERS: Mapping[str, Fields] = {
    **TERMS_TYPES,
    "Bundle": BUNDLE_FIELDS,
    "Invoice": INVOICE_FIELDS,
    "Source": (("agreement", "bytes32"), ("period", "uint32")),
}
"""Of the structs within others."""
_STRUCT = re.compile(r"(\w+)\(([^()]*)\)")


def name_of(struct: str) -> str:
    """``Refund`` of ``Refund(address account,…)``."""
    return struct.partition("(")[0]


def members(struct: str) -> Fields:
    """Names and types of its members."""
    found = _STRUCT.fullmatch(struct)
    if found is None:
        raise AssertionError(f"expected a struct as Solidity writes it, got {struct!r}")
    pairs = (member.split(" ") for member in found[2].split(","))
    return tuple((name, kind) for kind, name in pairs)


def types_of(struct: str) -> dict[str, Fields]:
    """The struct and every other within it, itself first."""
    found = {name_of(struct): members(struct)}
    waiting = [kind for _, kind in members(struct)]
    while waiting:
        kind = waiting.pop().removesuffix("[]")
        if kind in _MEMBERS and kind not in found:
            found[kind] = _MEMBERS[kind]
            waiting += [inner for _, inner in _MEMBERS[kind]]
    return found


def fixed_message(action: Action) -> dict[str, Any]:
    """By the names of its struct's members: what every signature of the action says alike."""
    if action.struct is None:
        return {}
    return {
        name: _message(kind, action.fixed[snake(name)])
        for name, kind in members(action.struct)
        if snake(name) in action.fixed
    }


def struct_data(deployment: Deployment, contract: str, struct: str, values: Mapping[str, Any]) -> TypedData:
    """What a wallet signs: the whole object of ``eth_signTypedData_v4``; ``values`` by name in snake case.

    Raises KeyError for a member that has no value.
    """
    message = {name: _message(kind, values[snake(name)]) for name, kind in members(struct)}
    return typed_data(deployment, contract, name_of(struct), types_of(struct), message)


def _message(kind: str, value: Any) -> Any:
    """As JSON: addresses checksummed, bytes32 as 0x hex, numbers as decimal strings."""
    if kind.endswith("[]"):
        return [_message(kind[:-2], item) for item in value]
    if kind in _MEMBERS:
        return value.to_message() if hasattr(value, "to_message") else _tuple(_MEMBERS[kind], value)
    if kind == "address":
        return to_checksum_address(value)
    if kind == "bytes32":
        return "0x" + bytes(value).hex()
    return str(int(value)) if kind.startswith("uint") else value


def _tuple(fields: Fields, values: Iterable[Any]) -> dict[str, Any]:
    return {name: _message(kind, value) for (name, kind), value in zip(fields, values, strict=True)}
