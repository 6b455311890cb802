"""Rows as PostgreSQL's binary COPY takes them: half the bytes of its text, and nothing for it to parse.

A table's encoders are made once, from its columns' types. PostgreSQL's documentation of COPY describes the
file; the fields are what each type's ``recv`` function reads.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from struct import Struct
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, LargeBinary, SmallInteger, Table, Text
from sqlalchemy.types import TypeEngine

from ledger.store.tables.base import Whole

CHUNK = 1 << 16
"""Bytes handed to the driver at a time, about."""
_BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_OIDS = {LargeBinary: 17, Whole: 1700}
"""PostgreSQL's numbers of the types of which there are arrays."""

_length = Struct(">i").pack
_eight = Struct(">iq").pack
_two = Struct(">ih").pack
_numeric = Struct(">hhHH").pack
_array = Struct(">iiIii").pack

Encoder = Callable[[Any], bytes]


def binary(table: Table, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The rows in pieces, each with a value for every column in the table's order."""
    encoders = _encoders(table)
    begin = len(encoders).to_bytes(2)
    parts, size = [_BEGIN], 0
    for row in rows:
        line = begin + b"".join([encode(value) for encode, value in zip(encoders, row, strict=True)])
        parts.append(line)
        size += len(line)
        if size > CHUNK:
            yield b"".join(parts)
            parts, size = [], 0
    yield b"".join([*parts, _END])


@cache
def _encoders(table: Table) -> tuple[Encoder, ...]:
    return tuple(
        _nullable(_encoder(column.type)) if column.nullable else _encoder(column.type)
        for column in table.columns
    )


def _encoder(kind: TypeEngine[Any]) -> Encoder:
    if isinstance(kind, ARRAY):
        oid = next(oid for item, oid in _OIDS.items() if isinstance(kind.item_type, item))
        return _array_of(_encoder(kind.item_type), oid)
    return next(encoder for each, encoder in _ENCODERS.items() if isinstance(kind, each))


def _nullable(encode: Encoder) -> Encoder:
    return lambda value: _NULL if value is None else encode(value)


def _eight_bytes(value: int) -> bytes:
    return _eight(8, value)


def _two_bytes(value: int) -> bytes:
    return _two(2, value)


def _flag(value: bool) -> bytes:
    return b"\0\0\0\1\1" if value else b"\0\0\0\1\0"


def _bytes(value: bytes) -> bytes:
    return _length(len(value)) + value


def _text(value: str) -> bytes:
    return _bytes(value.encode())


def _whole(value: int) -> bytes:
    """A number of any size: its digits to the base 10,000, the greatest first."""
    digits = []
    rest = abs(value)
    while rest:
        rest, digit = divmod(rest, 10_000)
        digits.append(digit.to_bytes(2))
    sign = 0x4000 if value < 0 else 0
    count = len(digits)
    return _length(8 + 2 * count) + _numeric(count, max(0, count - 1), sign, 0) + b"".join(reversed(digits))


def _array_of(encode: Encoder, oid: int) -> Encoder:
    def array(values: Sequence[Any]) -> bytes:
        if not values:
            return _bytes(_array(0, 0, oid, 0, 0)[:12])
        items = b"".join(map(encode, values))
        return _length(20 + len(items)) + _array(1, 0, oid, len(values), 1) + items

    return array


_ENCODERS: dict[type[TypeEngine[Any]], Encoder] = {
    SmallInteger: _two_bytes,  # before BigInteger: either is an Integer to SQLAlchemy, neither is the other
    BigInteger: _eight_bytes,
    Boolean: _flag,
    LargeBinary: _bytes,
    Text: _text,
    Whole: _whole,
}
