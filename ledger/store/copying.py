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

CHUNK = 1 << 20
"""Bytes handed to the driver at a time, about: after each piece, this thread waits for its turn."""
PACKERS = 4_096
"""Packers kept for a table at most: their sizes are what a stranger's names and comments make them."""
_BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_OIDS = {LargeBinary: 17, Whole: 1700}
"""PostgreSQL's numbers of the types of which there are arrays."""

_length = Struct(">i").pack
_PLAIN = {BigInteger: "q", SmallInteger: "h", LargeBinary: "s"}
"""Types that `Struct` packs by itself."""
_eight = Struct(">iq").pack
_two = Struct(">ih").pack
_numeric = Struct(">hhHH").pack
_array = Struct(">iiIii").pack

Encoder = Callable[[Any], bytes]


def binary(table: Table, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The rows in pieces, each with a value for every column in the table's order."""
    line_of = _lines(table).line
    parts, size = [_BEGIN], 0
    for row in rows:
        line = line_of(row)
        parts.append(line)
        size += len(line)
        if size > CHUNK:
            yield b"".join(parts)
            parts, size = [], 0
    yield b"".join([*parts, _END])


class _Lines:
    """Makes lines of a table's rows: most have values of the same sizes, which one `Struct` packs at once."""

    def __init__(self, table: Table) -> None:
        self._formats: list[str | None] = []
        self._encoded: list[tuple[int, Encoder]] = []
        for place, column in enumerate(table.columns):
            plain = None if column.nullable else _PLAIN.get(type(column.type))
            self._formats.append(plain)
            if plain is None:
                encode = _encoder(column.type)
                self._encoded.append((place, _nullable(encode) if column.nullable else encode))
        self._sized = [place for place, plain in enumerate(self._formats) if plain in (None, "s")]
        self._packers: dict[tuple[int, ...], tuple[Callable[..., bytes], list[Any]]] = {}

    def line(self, row: Sequence[Any]) -> bytes:
        """A row as COPY takes it."""
        values = list(row)
        for place, encode in self._encoded:
            values[place] = encode(values[place])
        sizes = tuple([len(values[place]) for place in self._sized])
        pack, arguments = self._packers.get(sizes) or self._packer(sizes)
        arguments = arguments.copy()
        arguments[2::2] = values
        return pack(*arguments)

    def _packer(self, sizes: tuple[int, ...]) -> tuple[Callable[..., bytes], list[Any]]:
        """What packs rows with values of these sizes, and its arguments: each value after its length."""
        if len(self._packers) >= PACKERS:
            self._packers.clear()
        layout = ">h"
        arguments: list[Any] = [len(self._formats)]
        size = dict(zip(self._sized, sizes, strict=True))
        for place, plain in enumerate(self._formats):
            if plain is None:  # its encoder wrote the length already
                layout += f"0s{size[place]}s"
                arguments += [b"", None]
            elif plain == "s":
                layout += f"i{size[place]}s"
                arguments += [size[place], None]
            else:
                layout += f"i{plain}"
                arguments += [Struct(">" + plain).size, None]
        packer = self._packers[sizes] = (Struct(layout).pack, arguments)
        return packer


_lines = cache(_Lines)


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
        items = _even(values) or b"".join(map(encode, values))
        return _length(20 + len(items)) + _array(1, 0, oid, len(values), 1) + items

    return array


def _even(values: Sequence[Any]) -> bytes | None:
    """The items of an array of bytes that are all of one length, as topics are."""
    first = values[0]
    if not isinstance(first, bytes) or {len(value) for value in values} != {len(first)}:
        return None
    length = _length(len(first))
    return length + length.join(values)


_ENCODERS: dict[type[TypeEngine[Any]], Encoder] = {
    SmallInteger: _two_bytes,  # before BigInteger: either is an Integer to SQLAlchemy, neither is the other
    BigInteger: _eight_bytes,
    Boolean: _flag,
    LargeBinary: _bytes,
    Text: _text,
    Whole: _whole,
}
