"""Rows as PostgreSQL's binary COPY takes them: half the bytes of its text, and nothing for it to parse.

They are made column by column: what a column's rows have in common, as nearly all have lengths and many a
value, is worked out once. PostgreSQL's documentation of COPY describes the file; the fields are what each
type's ``recv`` function reads.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ARRAY, BigInteger, Boolean, LargeBinary, SmallInteger, Table, Text
from sqlalchemy.types import TypeEngine

from ledger.packed import Packed, PackedBytes, PackedNumbers, PackedTuples, side_by_side
from ledger.store.tables.base import Whole

PIECE = 1_000
"""Rows handed to the driver at a time: after each piece, this thread waits for its turn."""
_BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_OIDS = {LargeBinary: 17, Whole: 1700}
"""PostgreSQL's numbers of the types of which there are arrays."""

_SIZES: dict[type[TypeEngine[Any]], int] = {SmallInteger: 2, BigInteger: 8}
"""Bytes of its whole numbers."""

_length = Struct(">i").pack
_fields = Struct(">h").pack
_eight = Struct(">iq").pack
_two = Struct(">ih").pack
_array = Struct(">iiIii").pack

Column = Sequence[Any]
"""A column's values, one for each row."""
Columns = Sequence[Column]
"""Rows by columns: one for each of a table's, in the table's order, each as long as the others."""
_Part = bytes | Packed[Any] | Iterable[bytes]
"""A part of every row: the same in all of them, or one for each, packed where they are of one length."""
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
        for piece in _pieces(len(columns[0]), _parts(table, columns)):
            yield begin + piece
            begin = b""
    yield begin + _END


def _parts(table: Table, columns: Columns) -> Iterator[_Part]:
    """What the rows consist of, one after the other."""
    yield _fields(len(table.columns))
    for parts, column in zip(_encoders(table), columns, strict=True):
        yield from parts(column)


def _pieces(count: int, parts: Iterable[_Part]) -> Iterator[bytes]:
    """Rows of such parts, `PIECE` at a time."""
    whole = list(_merged(count, parts))
    if len(whole) == 1 and isinstance(whole[0], PackedBytes):
        for start in range(0, count, PIECE):
            yield whole[0].matrix[start : start + PIECE].tobytes()
        return
    lines = map(b"".join, zip(*whole, strict=True))
    while piece := b"".join(islice(lines, PIECE)):
        yield piece


def _merged(count: int, parts: Iterable[_Part]) -> Iterator[Iterable[bytes]]:
    """The same parts, of which those that stand beside each other and are even are one."""
    even: list[bytes | Packed[Any]] = []
    for part in parts:
        if isinstance(part, bytes | Packed):
            even.append(part)
            continue
        if even:
            yield side_by_side(count, even)
        yield part
        even = []
    if even:
        yield side_by_side(count, even)


@cache
def _encoders(table: Table) -> list[_Encoders]:
    return [_column(column.type, nullable=bool(column.nullable)) for column in table.columns]


def _column(kind: TypeEngine[Any], *, nullable: bool) -> _Encoders:
    encode = _nullable(_encoder(kind)) if nullable else _encoder(kind)

    def parts(values: Column) -> list[_Part]:
        if isinstance(values, PackedBytes):
            return _even_bytes(values)
        if isinstance(values, PackedTuples):
            return _even_arrays(values)
        if isinstance(values, PackedNumbers):
            return _digits(values) if isinstance(kind, Whole) else _even_numbers(values, _SIZES[type(kind)])
        if values.count(values[0]) == len(values):
            return [encode(values[0])]
        return [map(encode, values)]

    return parts


def _even_bytes(values: PackedBytes) -> list[_Part]:
    return [_length(values.width), values]


def _even_arrays(values: PackedTuples) -> list[_Part]:
    if not values.places:
        return [_array_of(_bytes, _OIDS[LargeBinary])([])]
    whole = 20 + sum(4 + column.width for column in values.places)
    parts: list[_Part] = [_length(whole), _array(1, 0, _OIDS[LargeBinary], len(values.places), 1)]
    for column in values.places:
        parts += _even_bytes(column)
    return parts


def _even_numbers(values: PackedNumbers, size: int) -> list[_Part]:
    """Raises OverflowError for a number that needs more bytes than PostgreSQL has for it, with its sign."""
    cut = max(0, values.width - size)
    rest = values.matrix[:, cut:]
    if values.matrix[:, :cut].any() or (rest.shape[1] == size and (rest[:, :1] & 0x80).any()):
        raise OverflowError(f"a number that is too large for {size} bytes")
    return [_length(size) + bytes(size - rest.shape[1]), PackedBytes(rest)]


def _digits(values: PackedNumbers) -> list[_Part]:
    """As many digits to the base 10,000 in each as the greatest has: PostgreSQL drops zeros in front.

    By long division, eight decimal digits at a time.
    """
    limbs = values.limbs
    digits: list[NDArray[np.uint64]] = []
    while (used := limbs.any(axis=1)).any():
        limbs = limbs[int(np.argmax(used)) :]
        rest = np.zeros(len(values), np.uint64)
        for limb in limbs:
            limb += rest << np.uint64(32)
            limb[:], rest = np.divmod(limb, np.uint64(10**8))
        digits += np.divmod(rest, np.uint64(10**4))[::-1]
    count = len(digits)
    begin = _wholes[0](8 + 2 * count, count, max(0, count - 1), 0, 0)
    if not digits:
        return [begin]
    return [begin, PackedBytes(np.stack(digits[::-1], axis=1).astype(">u2").view(np.uint8))]


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
