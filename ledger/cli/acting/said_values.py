"""A field's value, from what a person typed."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ledger.actions import Field, Said, Unit
from ledger.actions.as_json import value_of as value_from_json
from ledger.chain.authorization import BY_TRANSACTION, Authorization
from ledger.cli.acting import form_files
from ledger.cli.acting.desk import Desk, address, identifier
from ledger.cli.acting.tokens import COIN_NAMES
from ledger.cli.moments import last_second
from ledger.errors import LedgerError
from ledger.terms.agreement import NATIVE_COIN
from ledger.terms.reasons import reason_code
from ledger.terms.solidity import ValueInvalid

_DOCUMENTS = (Unit.TERMS, Unit.LIST, Unit.SIGNATURE)


def value_of(desk: Desk, field: Field, text: str, said: Said) -> Any:
    """``said``: the fields before it, among them the token in which amounts are. Raises LedgerError."""
    if field.unit in _DOCUMENTS:
        return _document(desk, field, text)
    if field.unit is Unit.AMOUNT:
        return desk.token(said["token"]).units(text)
    reading = _READINGS.get(field.unit)
    return _plain(field, text) if reading is None else reading(desk, text)


def _token(desk: Desk, text: str) -> str:
    if text.strip().casefold() in COIN_NAMES:
        return NATIVE_COIN
    return desk.deployment.token_named(text) or address(text)


_READINGS: Mapping[Unit, Callable[[Desk, str], Any]] = {
    Unit.ACCOUNT: lambda desk, text: desk.account_of(text),
    Unit.ADDRESS: lambda _, text: address(text),
    Unit.TOKEN: _token,
    Unit.ID: lambda _, text: identifier(bytes, text),
    Unit.HASH: lambda _, text: identifier(bytes, text),
    Unit.REASON: lambda _, text: reason_code(text),
    Unit.MOMENT: lambda _, text: last_second(text),
}


def _plain(field: Field, text: str) -> Any:
    try:
        return value_from_json(field, text)
    except ValueInvalid as error:
        raise LedgerError(f"--{field.name.replace('_', '-')} {error.what}.", field.words) from error


def _document(desk: Desk, field: Field, text: str) -> Any:
    """From a JSON file; signatures from files that --sign-only wrote, `-` for a consent by transaction."""
    if field.type.startswith("Authorization"):
        parts = [each.strip() for each in text.split(",") if each.strip()]
        signatures = [_signature(desk, each) for each in parts]
        return signatures if field.type.endswith("[]") else _only(signatures, field)
    try:
        return value_from_json(field, json.loads(Path(text).read_text()))
    except OSError as error:
        raise LedgerError(f"Cannot read {text}: {error.strerror}.", field.words) from error
    except ValueInvalid as error:
        raise LedgerError(f"{text}: {error.what}.", field.words) from error
    except ValueError as error:
        raise LedgerError(f"{text} is not JSON: {error}.", field.words) from error


def _signature(desk: Desk, text: str) -> Authorization:
    if text == "-":
        return BY_TRANSACTION
    forms = form_files.read(Path(text), desk.deployment)
    if len(forms) != 1 or not forms[0].signature:
        raise LedgerError(f"{text} is not one signed form.", "Make it with --sign-only, and have it signed.")
    return forms[0].authorization


def _only(signatures: list[Authorization], field: Field) -> Authorization:
    if len(signatures) != 1:
        raise LedgerError(f"Expected one signature, got {len(signatures)}.", field.words)
    return signatures[0]
