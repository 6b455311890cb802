"""What somebody said, from JSON and to it: each field by its type, as `ledger.terms.solidity` has them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ledger.actions.declaration import Action, Field, Unit
from ledger.actions.said import Said
from ledger.actions.structs import members
from ledger.chain.authorization import Authorization
from ledger.chain.signatures import parse
from ledger.errors import LedgerError
from ledger.terms import solidity
from ledger.terms.agreement import Terms
from ledger.terms.payments import BUNDLE_FIELDS, INVOICE_FIELDS, Bundle, Invoice, Retag, Source
from ledger.terms.reasons import reason_code
from ledger.terms.solidity import Fields, ValueInvalid, snake

_PLAIN: Mapping[str, Fields] = {
    "Source": (("agreement", "bytes32"), ("period", "uint32")),
    "Retag": (("deal", "bytes32"), ("tag", "bytes32")),
    "Permit": (
        ("value", "uint256"),
        ("deadline", "uint256"),
        ("v", "uint8"),
        ("r", "bytes32"),
        ("s", "bytes32"),
    ),
}
"""Structs of plain values alone."""


def given_from_json(action: Action, document: Any) -> dict[str, Any]:
    """The fields of an action, by name. A reason is text; amounts, ids and hashes as everywhere.

    Raises ValueInvalid naming the first field that is missing, unknown or malformed.
    """
    if not isinstance(document, Mapping):
        raise ValueInvalid("fields", f"is {document!r}, not an object")
    known = {each.name: each for each in action.fields}
    for name in document:
        if name not in known:
            raise ValueInvalid(name, f"is not a field of {action.name}, which has {', '.join(known)}")
    for name, field in known.items():
        if document.get(name) is None and not field.optional:
            raise ValueInvalid(name, "is missing")
    return {name: value_of(known[name], value) for name, value in document.items() if value is not None}


def to_json(said: Said) -> dict[str, Any]:
    """The fields of what was said, as :func:`given_from_json` reads them; those too that were left out, where
    something follows for them that is signed.
    """
    action = said.action
    signed = {snake(name) for name, _ in members(action.struct)} if action.struct else set()
    wanted = [each for each in action.fields if each.name in said.given or each.name in signed]
    values = {each.name: said.payer if each.name == "payer" else said[each.name] for each in wanted}
    return {each.name: _json_of(each, values[each.name]) for each in wanted}


def _json_of(field: Field, value: Any) -> Any:
    if field.type.endswith("[]"):
        one = replace(field, type=field.type.removesuffix("[]"))
        return [_json_of(one, item) for item in value]
    if field.type == "Terms":
        return value.to_json()
    if field.type == "Bundle":
        invoices = [_plain(INVOICE_FIELDS, invoice.to_abi()) for invoice in value.invoices]
        return {"agreement": "0x" + value.agreement.hex(), "invoices": invoices}
    if field.type == "Authorization":
        numbers = {"nonce": str(value.nonce), "deadline": str(value.deadline)}
        return {**numbers, "signature": "0x" + value.signature.hex()}
    return _plain(_PLAIN[field.type], value) if field.type in _PLAIN else solidity.to_json(field.type, value)


def _plain(fields: Fields, values: Sequence[Any]) -> dict[str, Any]:
    pairs = zip(fields, values, strict=True)
    return {snake(name): solidity.to_json(kind, value) for (name, kind), value in pairs}


def value_of(field: Field, value: Any) -> Any:
    """One field's value. Raises ValueInvalid."""
    if field.unit is Unit.REASON and not (isinstance(value, str) and value.startswith("0x")):
        return _reason(value, field.name)
    parts = _PARTS.get(field.type.removesuffix("[]"))
    if parts is None:
        return solidity.parse(field.type, value, field.name)
    if not field.type.endswith("[]"):
        return parts(value, field.name)
    if not isinstance(value, list | tuple):
        raise ValueInvalid(field.name, f"is {value!r}, not a list")
    return [parts(item, f"{field.name}[{i}]") for i, item in enumerate(value)]


def _reason(value: Any, path: str) -> bytes:
    try:
        return reason_code(value if isinstance(value, str) else "")
    except LedgerError as error:
        raise ValueInvalid(path, "is not a code of 1 to 32 plain characters, as NOT_DELIVERED") from error


def _members(fields: Fields, value: Any, path: str, **defaults: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueInvalid(path, f"is {value!r}, not an object")
    named = {solidity.snake(name): kind for name, kind in fields}
    for name in value:
        if name not in named:
            raise ValueInvalid(f"{path}.{name}", f"is not one of {', '.join(named)}")
    for name in named.keys() - defaults.keys():
        if name not in value:
            raise ValueInvalid(f"{path}.{name}", "is missing")
    return defaults | {
        name: solidity.parse(kind, value[name], f"{path}.{name}")
        for name, kind in named.items()
        if name in value
    }


def _terms(value: Any, _: str) -> Terms:
    return Terms.from_json(value)


def _source(value: Any, path: str) -> Source:
    return Source(**_members(_PLAIN["Source"], value, path, period=0))


def _retag(value: Any, path: str) -> Retag:
    return Retag(**_members(_PLAIN["Retag"], value, path))


def _invoice(value: Any, path: str) -> Invoice:
    return Invoice(**_members(INVOICE_FIELDS, value, path, deal=solidity.ZERO_BYTES32))


def _bundle(value: Any, path: str) -> Bundle:
    given = value.get("invoices") if isinstance(value, Mapping) else None
    if not isinstance(given, list | tuple):
        raise ValueInvalid(f"{path}.invoices", f"is {given!r}, not a list")
    plain = {name: part for name, part in value.items() if name != "invoices"}
    agreement = _members(BUNDLE_FIELDS[:1], plain, path)["agreement"]
    invoices = tuple(_invoice(item, f"{path}.invoices[{i}]") for i, item in enumerate(given))
    return Bundle(agreement, invoices)


def _authorization(value: Any, path: str) -> Authorization:
    if not isinstance(value, Mapping):
        raise ValueInvalid(path, f"is {value!r}, not an object")
    plain = {name: part for name, part in value.items() if name != "signature"}
    numbers = _members((("nonce", "uint256"), ("deadline", "uint256")), plain, path)
    try:
        signature = parse(value.get("signature") or "0x")
    except (TypeError, ValueError) as error:
        raise ValueInvalid(f"{path}.signature", "is not a signature in hex") from error
    return Authorization(signature=signature, **numbers)


def _permit(value: Any, path: str) -> tuple[Any, ...]:
    return tuple(_members(_PLAIN["Permit"], value, path)[name] for name, _ in _PLAIN["Permit"])


_PARTS: Mapping[str, Callable[[Any, str], Any]] = {
    "Terms": _terms,
    "Source": _source,
    "Retag": _retag,
    "Bundle": _bundle,
    "Authorization": _authorization,
    "Permit": _permit,
}
"""By Solidity struct, how one is read."""
