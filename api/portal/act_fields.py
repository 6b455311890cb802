"""The fields of an action as a form has them: what a person types of each, and what that is in JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from eth_utils.address import to_checksum_address

from api.actions.facts import ServerFacts
from api.drafts.desk import Desk
from api.drafts.queries import token_notes
from ledger.actions import Action, Field, Said, Unit
from ledger.actions.as_json import value_of
from ledger.errors import LedgerError
from ledger.intake.amounts import to_base_units
from ledger.intake.moments import last_second
from ledger.terms.agreement import NATIVE_COIN
from ledger.terms.solidity import ValueInvalid

LONGEST = 4_000
"""Characters of one field: addresses of pages are not longer on every server in between."""
_WRITTEN = (Unit.TERMS, Unit.LIST, Unit.SIGNATURE)
_HINTS: Mapping[Unit, str] = {
    Unit.MOMENT: "A day, as 2027-03-31, is its last second in UTC; 2027-03-31T12:00 that minute.",
    Unit.AMOUNT: "In whole tokens, as 1234.50.",
    Unit.SECONDS: "In seconds.",
    Unit.LIST: "As JSON.",
    Unit.TERMS: "As JSON.",
    Unit.SIGNATURE: "As JSON.",
}


class FieldInvalid(LedgerError):
    """What was typed into ``field`` is not what it takes."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(what)
        self.field = field


@dataclass(frozen=True)
class Input:
    """A field of the form; ``is_long``: it takes lines; ``error``: what is wrong with what was typed."""

    name: str
    label: str
    hint: str
    text: str
    required: bool
    is_long: bool
    error: str


def inputs(action: Action, typed: Mapping[str, str], error: FieldInvalid | None = None) -> list[Input]:
    """The form's fields with what was typed into them. A signature that goes with it is made on the page."""
    return [
        Input(
            name=each.name,
            label=each.name.replace("_", " ").capitalize(),
            hint=f"{each.words} {_HINTS.get(each.unit, '')}".strip(),
            text=typed.get(each.name, ""),
            required=not each.optional,
            is_long=each.unit in _WRITTEN,
            error=error.what if error is not None and error.field == each.name else "",
        )
        for each in action.fields
        if not (each.unit is Unit.SIGNATURE and each.optional)
    ]


def is_whole(action: Action, typed: Mapping[str, str]) -> bool:
    """Whether nothing that it takes is missing."""
    return all(each.optional or typed.get(each.name, "").strip() for each in action.fields)


def in_json(action: Action, typed: Mapping[str, str], desk: Desk, facts: ServerFacts) -> dict[str, Any]:
    """The fields as ``POST /v1/actions`` takes them. Raises FieldInvalid."""
    found: dict[str, Any] = {}
    known: dict[str, Any] = {}
    # What an amount is of follows from the other fields.
    for field in sorted(action.fields, key=lambda each: each.unit is Unit.AMOUNT):
        text = typed.get(field.name, "").strip()
        if not text:
            continue
        try:
            if field.unit is Unit.AMOUNT:
                found[field.name] = _units(text, Said(action, known, facts), desk)
            elif field.unit is Unit.TOKEN:
                found[field.name] = _token(text, desk)
            else:
                found[field.name] = _READINGS.get(field.unit, _as_it_is)(text)
            known[field.name] = value_of(field, found[field.name])
        except ValueInvalid as error:
            raise FieldInvalid(field.name, f"{_label(field)} {error.what}.") from error
        except FieldInvalid:
            raise
        except LedgerError as error:
            raise FieldInvalid(field.name, f"{error.what} {error.hint}".strip()) from error
        except ValueError as error:
            raise FieldInvalid(field.name, f"{_label(field)}: {error}.") from error
    return found


def _units(text: str, said: Said, desk: Desk) -> str:
    """Base units of whole tokens."""
    try:
        token = to_checksum_address(said["token"])
    except KeyError:
        raise FieldInvalid("token", "Say in which token it is.") from None
    decimals: int | None = 18
    if token != NATIVE_COIN:
        registry = desk.registry
        notes = token_notes(desk.session, registry.node, registry.deployment.chain_id, {token})
        decimals = notes[token].decimals
    if decimals is None:
        raise FieldInvalid("token", f"The token {token} does not say how its amounts are written.")
    found = to_base_units(text, decimals)
    if found < 0:
        raise ValueError("it is less than nothing")
    return str(found)


def _token(text: str, desk: Desk) -> str:
    """By its address, by the symbol under which the deployment names it, or ``coin``."""
    known = {symbol.casefold(): str(own) for symbol, own in desk.registry.deployment.tokens.items()}
    return (known | {"coin": str(NATIVE_COIN)}).get(text.casefold(), text)


def _document(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError as error:
        raise ValueError("it is not JSON") from error


def _moment(text: str) -> str:
    return str(last_second(text))


def _as_it_is(text: str) -> str:
    return text


_READINGS: Mapping[Unit, Callable[[str], Any]] = {
    Unit.MOMENT: _moment,
    **dict.fromkeys(_WRITTEN, _document),
}


def _label(field: Field) -> str:
    return field.name.replace("_", " ").capitalize()
