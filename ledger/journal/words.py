"""Arguments that are one 32-byte word each, as nearly all are: read at once, by a plan made from their types.

eth_abi would do, but slower; this is on the way of every entry.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from struct import Struct
from typing import Any, NamedTuple

import numpy as np

from ledger.packed import PackedBytes, PackedNumbers

WORD = 32
_NATIVE = {1: "B", 2: "H", 4: "I", 8: "Q"}
"""Unsigned numbers that `struct` reads by itself, by their size in bytes."""


def is_word(kind: str) -> bool:
    """Whether a value of this ABI type is one word, and one that `Words` reads."""
    return kind == "address" or (kind.startswith(("uint", "bytes")) and kind[-1].isdigit())


class _Value(NamedTuple):
    """Where in its word a value stands, and what it is."""

    bytes: slice
    is_number: bool


class Words:
    """Arguments of these ABI types, of which the first ``indexed`` are topics and the others are the data."""

    def __init__(self, kinds: Sequence[str], indexed: int) -> None:
        layout = ">"
        paddings, values, wide = [], [], []
        masks = np.zeros((len(kinds), WORD), np.uint8)
        self._columns = []
        part = 0
        for place, kind in enumerate(kinds):
            value, size, in_front = _layout(kind)
            padding = f"{WORD - size}s" if size < WORD else ""
            layout += padding + value if in_front else value + padding
            if padding:
                paddings.append((part if in_front else part + 1, bytes(WORD - size)))
            values.append(part + 1 if padding and in_front else part)
            if kind.startswith("uint") and size not in _NATIVE:
                wide.append(place)
            part += 2 if padding else 1
            stands = slice(WORD - size, WORD) if in_front else slice(0, size)
            masks[place] = 0xFF
            masks[place, stands] = 0
            self._columns.append(_Value(stands, kind.startswith("uint")))
        self._struct = Struct(layout)
        self._lengths = [WORD] * indexed
        self._paddings, self._zeros = _picked([part for part, _ in paddings]), tuple(z for _, z in paddings)
        self._values, self._wide = _picked(values), tuple(wide)
        self._masks = [*masks[:indexed].view(np.uint64), masks[indexed:].reshape(-1).view(np.uint64)]

    def read(self, topics: Sequence[bytes], data: bytes) -> list[Any]:
        """Addresses and bytes as bytes, numbers as int.

        Raises ValueError when there are more or fewer words, or one is too wide for its type.
        """
        raw = b"".join((*topics, data))
        if len(raw) != self._struct.size or [*map(len, topics)] != self._lengths:
            raise ValueError(
                f"{len(topics)} topics and {len(data)} bytes, not {len(self._lengths)} topics and "
                f"{self._struct.size - WORD * len(self._lengths)} bytes"
            )
        parts = self._struct.unpack(raw)
        if self._paddings(parts) != self._zeros:
            raise ValueError("a word too wide for its type")
        values = [*self._values(parts)]
        for place in self._wide:
            values[place] = int.from_bytes(values[place])
        return values

    def columns(self, topics: Sequence[PackedBytes], data: PackedBytes) -> list[PackedBytes | PackedNumbers]:
        """The same of many logs at once: for each argument its values, in the logs' order.

        ``topics`` has a column for each place. Raises ValueError where `read` would for any of them.
        """
        words = WORD * (len(self._columns) - len(self._lengths))
        if [topic.width for topic in topics] != self._lengths or data.width != words:
            raise ValueError("topics or data of another length")
        for part, mask in zip((*topics, data), self._masks, strict=True):
            if (np.ascontiguousarray(part.matrix).view(np.uint64) & mask).any():
                raise ValueError("a word too wide for its type")
        each = [topic.matrix for topic in topics]
        each += [data.matrix[:, at : at + WORD] for at in range(0, words, WORD)]
        return [
            (PackedNumbers if value.is_number else PackedBytes)(word[:, value.bytes])
            for value, word in zip(self._columns, each, strict=True)
        ]


def _picked(places: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Gives those of its argument that stand at these places."""
    if len(places) < 2:  # of one place, itemgetter would give no tuple, and of none it does not exist
        return lambda parts: tuple([parts[place] for place in places])
    return itemgetter(*places)


def _layout(kind: str) -> tuple[str, int, bool]:
    """`struct`'s format of a value, its size in bytes, and whether the padding stands in front of it."""
    if kind.startswith("bytes"):
        size = int(kind.removeprefix("bytes"))
        return f"{size}s", size, False
    size = 20 if kind == "address" else int(kind.removeprefix("uint")) // 8
    number = kind != "address" and size in _NATIVE
    return _NATIVE[size] if number else f"{size}s", size, True
