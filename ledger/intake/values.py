"""Values of the partners file: addresses, hashes, names, shares and days, each with its own complaint."""

import re
from datetime import date
from typing import Annotated

from eth_typing import ChecksumAddress
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from ledger.intake.shares import to_weight
from ledger.rules import public_text
from ledger.terms import solidity

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
"""How partners and agreements are called in this file and in a report's columns."""


class Strict(BaseModel):
    """A section that has the fields it says, and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _address(value: object) -> str:
    try:
        address: str = solidity.parse("address", value, "account")
    except solidity.ValueInvalid as error:
        raise ValueError(error.what.removeprefix("account ")) from error
    if address == solidity.ZERO_ADDRESS:
        raise ValueError("is the zero address")
    return address


def _bytes32(value: object) -> bytes:
    try:
        found: bytes = solidity.parse("bytes32", value, "value")
    except solidity.ValueInvalid as error:
        raise ValueError(error.what.removeprefix("value ")) from error
    return found


def _public_name(value: str) -> str:
    return _without(public_text.name_fault(value), value)


def _uri(value: str) -> str:
    return _without(public_text.uri_fault(value), value)


def _without(fault: str | None, value: str) -> str:
    if fault is not None:
        raise ValueError(fault)
    return value


def _day(value: object) -> object:
    """Text that is a day; pydantic alone takes a number for seconds."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("is not a date like 2025-01-31")
    return value


Address = Annotated[ChecksumAddress, BeforeValidator(_address)]
Bytes32 = Annotated[bytes, BeforeValidator(_bytes32)]
PublicName = Annotated[str, AfterValidator(_public_name)]
Uri = Annotated[str, AfterValidator(_uri)]
Weight = Annotated[int, BeforeValidator(to_weight)]
Shares = Annotated[dict[Key, Weight], Field(min_length=1, max_length=1000)]
Day = Annotated[date, BeforeValidator(_day)]
Days = Annotated[int, Field(ge=0, le=36_500)]
Territory = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,32}$")]
"""A territory as the terms name it: up to 32 plain characters, as ``DE`` or ``US-CA``."""
