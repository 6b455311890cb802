"""Addresses and ids as 0x hex: taken in any case, addresses given checksummed (EIP-55).

Capitals and small letters in one address are its checksum: where they do not fit, a digit is another's.
"""

from functools import lru_cache
from typing import Annotated, Any

from eth_utils.address import is_checksum_address, to_checksum_address
from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from ledger.terms.ids import AgreementId, DealId, ProgrammeId


@lru_cache(maxsize=65_536)
def checksummed(address: bytes) -> str:
    """A 20-byte address as EIP-55 writes it."""
    return str(to_checksum_address(address))


def hexadecimal(value: bytes) -> str:
    """0x and lower-case digits."""
    return "0x" + value.hex()


def parse_address(value: Any) -> bytes:
    """20 bytes from 0x and 40 digits: small, capital, or both as EIP-55 has them. ``PydanticCustomError``
    ``address_invalid`` otherwise.
    """
    found = _parse(value, 20, "address_invalid", "an address is 0x and 40 hexadecimal digits")
    if isinstance(value, str):
        digits = value[2:]
        if digits not in (digits.lower(), digits.upper()) and not is_checksum_address("0x" + digits):
            raise PydanticCustomError(
                "address_invalid",
                "the capitals of this address are not its checksum (EIP-55): a digit may be mistyped. Copy "
                "it whole, or write it in small letters",
            )
    return found


def parse_id(value: Any) -> bytes:
    """32 bytes from 0x and 64 digits; ``PydanticCustomError`` ``id_invalid`` otherwise."""
    return _parse(value, 32, "id_invalid", "an id is 0x and 64 hexadecimal digits")


def _parse(value: Any, size: int, kind: str, what: str) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str) and len(value) == 2 + 2 * size and value[:2].lower() == "0x":
        digits = value[2:]
        # bytes.fromhex lets spaces pass
        if all(digit in "0123456789abcdefABCDEF" for digit in digits):
            return bytes.fromhex(digits)
    raise PydanticCustomError(kind, what)


def _schema(size: int, example: str) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "pattern": f"^0[xX][0-9a-fA-F]{{{2 * size}}}$", "examples": [example]}
    )


EXAMPLE_ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
EXAMPLE_ID = "0x" + "5f" * 32

Address = Annotated[
    bytes,
    BeforeValidator(parse_address),
    PlainSerializer(checksummed, return_type=str),
    _schema(20, EXAMPLE_ADDRESS),
]
"""20 bytes."""
Id = Annotated[
    bytes, BeforeValidator(parse_id), PlainSerializer(hexadecimal, return_type=str), _schema(32, EXAMPLE_ID)
]
"""32 bytes: an id or a hash."""
_AS_ID = (BeforeValidator(parse_id), PlainSerializer(hexadecimal, return_type=str), _schema(32, EXAMPLE_ID))
IdOfAgreement = Annotated[AgreementId, *_AS_ID]
IdOfProgramme = Annotated[ProgrammeId, *_AS_ID]
IdOfDeal = Annotated[DealId, *_AS_ID]
"""32 bytes: an id of its kind."""
Head = Annotated[
    bytes,
    BeforeValidator(
        lambda value: _parse(value, 24, "head_invalid", "a head is 0x and 48 hexadecimal digits")
    ),
    PlainSerializer(hexadecimal, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^0x[0-9a-f]{48}$", "examples": ["0x" + "a7" * 24]}),
]
"""24 bytes: a journal's head."""
Hex = Annotated[
    bytes,
    PlainSerializer(hexadecimal, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^0x([0-9a-f]{2})*$", "examples": ["0x9ca0ac38"]}),
]
"""Any number of bytes."""
