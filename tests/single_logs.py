"""Logs one by one, as tests make and alter them, and by columns, as the indexer has them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ledger.indexer.logs import Logs
from ledger.packed import PackedBytes, PackedNumbers


@dataclass(frozen=True)
class Log:
    contract: bytes
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    transaction_index: int
    log_index: int


def by_columns(logs: Sequence[Log]) -> list[Logs]:
    """Logs that stand in the chain's order."""
    alike = defaultdict(list)
    for place, log in enumerate(logs):
        alike[log.contract, log.topics[:1], *map(len, log.topics), len(log.data)].append((place, log))
    return [_columns(*zip(*some, strict=True)) for some in alike.values()]


def _columns(places: Sequence[int], logs: Sequence[Log]) -> Logs:
    return Logs(
        logs[0].contract,
        [PackedBytes.of(topic) for topic in zip(*(log.topics for log in logs), strict=True)],
        PackedBytes.of([log.data for log in logs]),
        np.array(places),
        PackedNumbers.of([log.block_number for log in logs]),
        PackedBytes.of([log.block_hash for log in logs]),
        PackedBytes.of([log.transaction_hash for log in logs]),
        PackedNumbers.of([log.transaction_index for log in logs]),
        PackedNumbers.of([log.log_index for log in logs]),
    )


def singly(some: Iterable[Logs]) -> list[Log]:
    """All of them, in the chain's order."""
    return [
        log for _, log in sorted((each for logs in some for each in _each(logs)), key=lambda each: each[0])
    ]


def _each(logs: Logs) -> Iterator[tuple[int, Log]]:
    columns = zip(
        logs.places.tolist(),
        zip(*logs.topics, strict=True),
        logs.data,
        logs.block_numbers,
        logs.block_hashes,
        logs.transaction_hashes,
        logs.transaction_indexes,
        logs.log_indexes,
        strict=True,
    )
    for place, *values in columns:
        yield place, Log(logs.contract, *values)
