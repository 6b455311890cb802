"""Columns whose values are all of one length, side by side in one array: a step for all is a step in C.

Whoever asks for the values one by one gets them as Python has them, made once. What reads, hashes and copies
entries never asks: see `ledger.journal.words`, `ledger.journal.heads` and `ledger.store.copying`.
"""

from abc import ABC, abstractmethod
from binascii import unhexlify
from collections.abc import Iterator, Sequence
from typing import Any, Self, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", covariant=True)
_Matrix = NDArray[np.uint8]


class Packed(Sequence[T], ABC):
    """Some values, each a row of ``matrix``, whose shape is (values, bytes of each)."""

    __slots__ = ("_values", "matrix")

    def __init__(self, matrix: _Matrix) -> None:
        self.matrix = matrix
        self._values: list[T] | None = None

    @property
    def width(self) -> int:
        """Bytes of each value."""
        return int(self.matrix.shape[1])

    @property
    def values(self) -> list[T]:
        """One by one, as Python has them."""
        if self._values is None:
            self._values = self._unpacked()
        return self._values

    def picked(self, places: NDArray[np.intp]) -> Self:
        """Those at these places, in that order."""
        return type(self)(self.matrix[places])

    @classmethod
    def joined(cls, columns: Sequence[Self]) -> Self:
        """The values of one or more columns, whose widths are the same, one after another."""
        return cls(np.concatenate([column.matrix for column in columns]))

    @abstractmethod
    def _unpacked(self) -> list[T]:
        """The values, made anew."""

    def __len__(self) -> int:
        return len(self.matrix)

    def __iter__(self) -> Iterator[T]:
        return iter(self.values)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        return self.values[place]


class PackedBytes(Packed[bytes]):
    """Bytes of one length."""

    __slots__ = ()

    @classmethod
    def of(cls, values: Sequence[bytes]) -> Self:
        """Raises ValueError unless all are of one length."""
        if isinstance(values, cls):
            return values
        width = len(values[0]) if values else 0
        if {*map(len, values)} - {width}:
            raise ValueError("values of different lengths")
        return cls(_matrix(b"".join(values), len(values), width))

    @classmethod
    def from_hex(cls, values: Sequence[str], width: int) -> Self:
        """From hexadecimal as nodes write it, ``0x`` in front. Raises ValueError unless each is so long."""
        written = 2 + 2 * width
        if width < 0 or {*map(len, values)} - {written}:
            raise ValueError(f"not {width} bytes")
        # What is not ASCII is not a digit either; the error about it would contain all that was joined.
        digits = _matrix("".join(values).encode("ascii", "replace"), len(values), written)[:, 2:]
        return cls(_matrix(unhexlify(digits.tobytes()), len(values), width))

    def _unpacked(self) -> list[bytes]:
        return _rows(self.matrix)


class PackedNumbers(Packed[int]):
    """Whole numbers from 0 on, each in as many bytes, the greatest first."""

    __slots__ = ()

    @classmethod
    def of(cls, values: "Sequence[int] | NDArray[np.int64]") -> Self:
        """In eight bytes each. Raises OverflowError for one that is negative, or of 2^64 and more."""
        if isinstance(values, cls):
            return values
        return cls(_matrix(np.array(values, ">u8").tobytes(), len(values), 8))

    @property
    def limbs(self) -> NDArray[np.uint64]:
        """In as many parts of 32 bits as the greatest needs, the first ones first, the shape being (parts of
        each, values): what is left of one beside the next, or the sum of thousands of millions, fits into 64.
        """
        words = self.words
        parts = np.stack((words >> np.uint64(32), words & np.uint64(0xFFFFFFFF)), axis=2)
        limbs = parts.reshape(len(words), -1).T
        return np.ascontiguousarray(limbs[int(np.argmax(limbs.any(axis=1))) :])

    def where(self, condition: NDArray[np.bool]) -> Self:
        """Zero in place of those for which the condition does not hold."""
        return type(self)(np.where(condition[:, None], self.matrix, np.uint8(0)))

    def summed(self, groups: NDArray[np.intp], count: int) -> list[int]:
        """The exact sum of each of so many groups, ``groups`` being the one that each value belongs to."""
        sums = [0] * count
        for limb in self.limbs:
            total = np.zeros(count, np.uint64)
            np.add.at(total, groups, limb)
            sums = [(high << 32) + low for high, low in zip(sums, total.tolist(), strict=True)]
        return sums

    def different(self) -> tuple[list[int], NDArray[np.intp]]:
        """The numbers there are, each once, and for each value which of them it is. (Up to 2^64.)"""
        numbers, which = np.unique(self.words[:, -1], return_inverse=True)
        return numbers.tolist(), which

    @property
    def words(self) -> NDArray[np.uint64]:
        """As 64-bit words, the greatest first, the shape being (values, words of each)."""
        count, width = self.matrix.shape
        whole = -width % 8
        if whole:
            padded = np.zeros((count, width + whole), np.uint8)
            padded[:, whole:] = self.matrix
        else:
            padded = np.ascontiguousarray(self.matrix)
        return padded.view(">u8").astype(np.uint64)

    def _unpacked(self) -> list[int]:
        words = self.words
        if words.shape[1] and not words[:, :-1].any():
            numbers: list[int] = words[:, -1].tolist()
            return numbers
        return [*map(int.from_bytes, _rows(self.matrix))]


class PackedTuples(Sequence[tuple[bytes, ...]]):
    """Tuples of as many bytes each, as topics are: ``places`` has a column for each place in them."""

    __slots__ = ("_count", "places")

    def __init__(self, places: Sequence[PackedBytes], count: int) -> None:
        self.places = places
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[tuple[bytes, ...]]:
        return zip(*self.places, strict=True) if self.places else iter([()] * self._count)

    @overload
    def __getitem__(self, place: int) -> tuple[bytes, ...]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[tuple[bytes, ...]]: ...
    def __getitem__(self, place: int | slice) -> tuple[bytes, ...] | Sequence[tuple[bytes, ...]]:
        return [*self][place]


def side_by_side(count: int, parts: Sequence[bytes | Packed[Any]]) -> PackedBytes:
    """``count`` rows, of which each part is the same bytes in all, or one value for each."""
    template = b"".join(part if isinstance(part, bytes) else bytes(part.width) for part in parts)
    matrix = np.empty((count, len(template)), np.uint8)
    matrix[:] = np.frombuffer(template, np.uint8)
    at = 0
    for part in parts:
        if isinstance(part, bytes):
            at += len(part)
        elif part.width:
            # As one element a row: twice as fast as byte by byte.
            whole = f"V{part.width}"
            matrix[:, at : at + part.width].view(whole)[:] = part.matrix.view(whole)
            at += part.width
    return PackedBytes(matrix)


def _matrix(raw: bytes, count: int, width: int) -> _Matrix:
    return np.frombuffer(raw, np.uint8).reshape(count, width)


def _rows(matrix: _Matrix) -> list[bytes]:
    count, width = matrix.shape
    if not width:
        return [b""] * count
    rows: list[bytes] = np.ascontiguousarray(matrix).view(f"V{width}")[:, 0].tolist()
    return rows
