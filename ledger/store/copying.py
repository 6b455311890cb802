"""Rows as PostgreSQL's binary COPY takes them: half the bytes of its text, and nothing for it to parse.

They are made column by column: what a column's rows have in common, as nearly all have lengths and many a
value, is worked out once. PostgreSQL's documentation of COPY describes the file; the fields are what each
type's ``recv`` function reads.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import repeat
from struct import Struct
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, LargeBinary, SmallInteger, Table, Text
from sqlalchemy.types import TypeEngine

from ledger.store.tables.base import Whole

PIECE = 1_000
"""Rows handed to the driver at a time: after each piece, this thread waits for its turn."""
_BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_OIDS = {LargeBinary: 17, Whole: 1700}
"""PostgreSQL's numbers of the types of which there are arrays."""

_length = Struct(">i").pack
_fields = Struct(">h").pack
_eight = Struct(">iq").pack
_two = Struct(">ih").pack
_array = Struct(">iiIii").pack

Column = Sequence[Any]
"""A column's values, one for each row."""
Columns = Sequence[Column]
"""Rows by columns: one for each of a table's, in the table's order, each as long as the others."""
_Part = bytes | Iterable[bytes]
"""A part of every row: the same in all of them, or one for each."""
_Encoder = Callable[[Any], bytes]
_Encoders = Callable[[Column], list[_Part]]


def binary(table: Table, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The rows in pieces, each with a value for every column in the table's order."""
    columns = list(zip(*rows, strict=True))
    return binary_columns(table, [columns] if columns else [])


def binary_columns(table: Table, some: Iterable[Columns]) -> Iterator[bytes]:
    """Rows that are given by columns, some after others, in pieces."""
    begin = _BEGIN
    for columns in some:
        lines = list(_lines(table, columns))
        for start in range(0, len(lines), PIECE):
            yield begin + b"".join(lines[start : start + PIECE])
            begin = b""
    yield begin + _END


def _lines(table: Table, columns: Columns) -> Iterator[bytes]:
    """Each row as COPY takes it."""
    count = len(columns[0])
    parts: list[Iterable[bytes]] = []
    same = _fields(len(table.columns))
    for encoders, column in zip(_encoders(table), columns, strict=True):
        for part in encoders(column):
            if isinstance(part, bytes):
                same += part
            else:
                parts += [repeat(same, count), part]
                same = b""
    return map(b"".join, zip(*parts, repeat(same, count), strict=True))


@cache
def _encoders(table: Table) -> list[_Encoders]:
    return [_column(column.type, nullable=bool(column.nullable)) for column in table.columns]


def _column(kind: TypeEngine[Any], *, nullable: bool) -> _Encoders:
    encode = _nullable(_encoder(kind)) if nullable else _encoder(kind)

    def parts(values: Column) -> list[_Part]:
        if values.count(values[0]) == len(values):
            return [encode(values[0])]
        if nullable:
            return [map(encode, values)]
        if type(kind) is BigInteger:
            return [map(_eight, repeat(8), values)]  # as `_eight_bytes`, a call less for each
        if isinstance(kind, LargeBinary) and _are_even(values):
            return [_length(len(values[0])), values]
        if isinstance(kind, ARRAY) and isinstance(kind.item_type, LargeBinary):
            return _even_arrays(values) or [map(encode, values)]
        return [map(encode, values)]

    return parts


def _even_arrays(values: Column) -> list[_Part] | None:
    """Arrays of as many bytes each, as topics are: column by column; None where they are not so even."""
    if not values[0] or not _are_even(values):
        return None
    items = list(zip(*values, strict=True))
    if not all(map(_are_even, items)):
        return None
    lengths = [len(column[0]) for column in items]
    whole = _length(20 + sum(lengths) + 4 * len(lengths))
    parts: list[_Part] = [whole, _array(1, 0, _OIDS[LargeBinary], len(items), 1)]
    for length, column in zip(lengths, items, strict=True):
        parts += [_length(length), column]
    return parts


def _are_even(values: Column) -> bool:
    """Whether they are all of one length."""
    return len({*map(len, values)}) == 1


def _encoder(kind: TypeEngine[Any]) -> _Encoder:
    if isinstance(kind, ARRAY):
        oid = next(oid for item, oid in _OIDS.items() if isinstance(kind.item_type, item))
        return _array_of(_encoder(kind.item_type), oid)
    return next(encoder for each, encoder in _ENCODERS.items() if isinstance(kind, each))


def _nullable(encode: _Encoder) -> _Encoder:
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
    """A number of up to 80 digits: in digits to the base 10,000, the greatest first."""
    digits = []
    rest = abs(value)
    while rest:
        digits.append(rest % 10_000)
        rest //= 10_000
    sign = 0x4000 if value < 0 else 0
    count = len(digits)
    digits.reverse()
    return _wholes[count](8 + 2 * count, count, max(0, count - 1), sign, 0, *digits)


_wholes = [Struct(f">ihhHH{digits}H").pack for digits in range(21)]


def _array_of(encode: _Encoder, oid: int) -> _Encoder:
    def array(values: Sequence[Any]) -> bytes:
        if not values:
            return _bytes(_array(0, 0, oid, 0, 0)[:12])
        items = b"".join(map(encode, values))
        return _length(20 + len(items)) + _array(1, 0, oid, len(values), 1) + items

    return array


_ENCODERS: dict[type[TypeEngine[Any]], _Encoder] = {
    SmallInteger: _two_bytes,  # before BigInteger: either is an Integer to SQLAlchemy, neither is the other
    BigInteger: _eight_bytes,
    Boolean: _flag,
    LargeBinary: _bytes,
    Text: _text,
    Whole: _whole,
}
