"""Logs in bytes, those that are alike by columns: nearly all that is done to them is done to many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ledger.indexer.raw_logs import RawLog
from ledger.packed import PackedBytes, PackedNumbers

_HASH = 32
_ADDRESS = 20
_MOST_TOPICS = 4


@dataclass(frozen=True, slots=True)
class Logs:
    """Logs of one contract that begin with the same topic, with as many topics and bytes of data each.

    ``places`` says which they are among all logs of their blocks, in the chain's order, which is theirs too.
    """

    contract: bytes
    topics: Sequence[PackedBytes]
    data: PackedBytes
    places: NDArray[np.intp]
    block_numbers: PackedNumbers
    block_hashes: PackedBytes
    transaction_hashes: PackedBytes
    transaction_indexes: PackedNumbers
    log_indexes: PackedNumbers

    def __len__(self) -> int:
        return len(self.data)

    def raw(self, place: int) -> tuple[list[bytes], bytes]:
        """Topics and data of one of them."""
        return [topic[place] for topic in self.topics], self.data[place]

    def first(self, count: int) -> Self:
        """So many of them."""
        some = np.arange(count)
        return type(self)(
            self.contract,
            [topic.picked(some) for topic in self.topics],
            self.data.picked(some),
            self.places[some],
            self.block_numbers.picked(some),
            self.block_hashes.picked(some),
            self.transaction_hashes.picked(some),
            self.transaction_indexes.picked(some),
            self.log_indexes.picked(some),
        )


def logs_of(raw: Sequence[RawLog]) -> list[Logs]:
    """A node's logs, in whatever order. Raises ValueError or OverflowError for what is not a log."""
    numbers = _numbers([log.block_number for log in raw])
    log_indexes = _numbers([log.log_index for log in raw])
    order = np.lexsort((log_indexes, numbers))
    raw = [raw[place] for place in order.tolist()]
    numbers, log_indexes = numbers[order], log_indexes[order]
    transaction_indexes = _numbers([log.transaction_index for log in raw])
    found = []
    for places in _alike(raw):
        some = [raw[place] for place in places]
        there = np.array(places)
        found.append(
            Logs(
                PackedBytes.from_hex([some[0].address], _ADDRESS)[0],
                _topics([log.topics for log in some]),
                PackedBytes.from_hex([log.data for log in some], len(some[0].data) // 2 - 1),
                there,
                PackedNumbers.of(numbers[there]),
                PackedBytes.from_hex([log.block_hash for log in some], _HASH),
                PackedBytes.from_hex([log.transaction_hash for log in some], _HASH),
                PackedNumbers.of(transaction_indexes[there]),
                PackedNumbers.of(log_indexes[there]),
            )
        )
    return found


def _alike(raw: Iterable[RawLog]) -> Iterable[Sequence[int]]:
    """Where the logs stand that have address, first topic and lengths in common.

    A node may write digits as it likes: groups by how they are written could be as many as there are logs.
    """
    places: Mapping[tuple[str, str, int, int], list[int]] = defaultdict(list)
    for place, log in enumerate(raw):
        topics = log.topics
        first = topics[0].lower() if topics else ""
        places[log.address.lower(), first, len(topics), len(log.data)].append(place)
    if any(count > _MOST_TOPICS for _, _, count, _ in places):
        raise ValueError("a log has at most four topics")
    return places.values()


def _topics(some: Sequence[tuple[str, ...]]) -> list[PackedBytes]:
    """A column for each place."""
    each = PackedBytes.from_hex([*chain.from_iterable(some)], _HASH)
    places = each.matrix.reshape(len(some), -1, _HASH)
    return [PackedBytes(places[:, place]) for place in range(len(some[0]))]


def _numbers(values: Sequence[str]) -> NDArray[np.int64]:
    """What the tables hold of block numbers and places. Nearly all stand there many times: read once."""
    known = {value: int(value, 16) for value in {*values}}
    found = np.fromiter(map(known.__getitem__, values), np.int64, len(values))
    if (found < 0).any():
        raise ValueError("a number below zero")
    return found
