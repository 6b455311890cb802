"""A journal entry on its way into SQL: a node's log, decoded, and checked against the entry before it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.errors import LedgerError
from ledger.indexer.logs import Logs
from ledger.journal.events import Events, EventUnreadable, decode, decode_alike
from ledger.journal.heads import Journal, JournalBroken, entry_hashes
from ledger.packed import PackedBytes, PackedNumbers, PackedTuples
from ledger.store.copying import Columns


@dataclass(frozen=True, slots=True)
class Point:
    """A block as a place to stand: ``timestamp`` in seconds since 1970."""

    number: int
    hash: bytes
    timestamp: int


@dataclass(frozen=True, slots=True)
class Header(Point):
    """A block and the one it follows. ``unknown``: fields for which its hash could not be made; none where
    its fields make it, so that its time is the block's: see `ledger.indexer.headers`.
    """

    parent_hash: bytes
    unknown: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether its hash stands for its time."""
        return not self.unknown


@dataclass(slots=True)
class Entry:
    """What an entry says, of one that follows the one before it.

    ``event`` is its name, ``args`` are its arguments but seq and head, ``timestamp`` is its block's.
    """

    chain_id: int
    contract: bytes
    seq: int
    block_number: int
    timestamp: int
    event: str
    args: Mapping[str, Any]


@dataclass(slots=True)
class Entries:
    """Entries of one event of one contract, in their order: by columns, which is faster than one by one.

    ``args`` has, for each argument, its values; all columns are as long as one another.
    """

    chain_id: int
    contract: bytes
    event: str
    seqs: PackedNumbers
    block_numbers: PackedNumbers
    timestamps: PackedNumbers
    args: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.seqs)

    def each(self) -> Iterator[Entry]:
        """One by one."""
        names = list(self.args)
        places = zip(self.seqs, self.block_numbers, self.timestamps, strict=True)
        for (seq, number, timestamp), values in zip(
            places, zip(*self.args.values(), strict=True), strict=True
        ):
            args = dict(zip(names, values, strict=True))
            yield Entry(self.chain_id, self.contract, seq, number, timestamp, self.event, args)


def in_order(some: Iterable[Entries]) -> list[Entry]:
    """Each entry, by contracts and in the order of their journals."""
    return sorted(
        (entry for entries in some for entry in entries.each()), key=lambda entry: (entry.contract, entry.seq)
    )


class EntryRejected(LedgerError):
    """The node's logs do not continue a contract's journal: one is missing, repeated, altered or unreadable.

    ``contract`` is its address, ``seq`` the number of the first entry that is not as it must be; ``block`` is
    where that was noticed.
    """

    def __init__(self, kind: str, journal: Journal, seq: int, block: int, why: str) -> None:
        super().__init__(
            f"The journal of {kind} {journal.contract} breaks at entry {seq}, block {block}: {why}.",
            "The node left out or altered logs, or the contracts are of another version than this program. "
            "Nothing of it was stored; try another node.",
        )
        self.contract = bytes.fromhex(journal.contract[2:])
        self.seq = seq
        self.block = block


Journals = dict[bytes, Journal]
"""Where each contract's journal stands, by the contract's address."""


def copy(journals: Journals) -> Journals:
    """Journals that can move on without moving these."""
    return {
        address: Journal(journal.contract, journal.seq, journal.head) for address, journal in journals.items()
    }


def follow(
    chain_id: int,
    kinds: Mapping[bytes, str],
    journals: Journals,
    logs: Sequence[Logs],
    headers: Mapping[int, Header],
) -> tuple[list[Entries], list[Columns]]:
    """Decodes logs and moves the journals along them.

    ``kinds`` names each contract by its address, ``headers`` has each log's block. Returns what the entries
    say, and the entries whole, as rows of the table ``entry``. Raises `EntryRejected` at the first log, in
    the chain's order, that does not follow.
    """
    found: list[Entries] = []
    rows: list[Columns] = []
    links: dict[bytes, list[_Links]] = defaultdict(list)
    unreadable: dict[bytes, dict[int, str]] = defaultdict(dict)
    for alike in logs:
        kind = kinds[alike.contract]
        some, events = _readable(kind, alike)
        if len(some) < len(alike):
            unreadable[alike.contract][int(alike.places[len(some)])] = _fault(kind, alike, len(some))
        if events is None:
            continue
        blocks, which = some.block_numbers.different()
        timestamps = PackedNumbers.of([headers[number].timestamp for number in blocks]).picked(which)
        entries = Entries(
            chain_id, some.contract, events.name, events.seqs, some.block_numbers, timestamps, events.args
        )
        hashes = entry_hashes(some.contract, some.topics, some.data, events.position)
        found.append(entries)
        rows.append(_columns(entries, some, events.heads, hashes))
        links[some.contract].append(_Links(some.places, hashes, events.seqs, events.heads))
    breaks = [
        (*broken, contract)
        for contract in links.keys() | unreadable.keys()
        if (broken := _move(journals[contract], links[contract], unreadable[contract]))
    ]
    if breaks:
        place, seq, why, contract = min(breaks)
        raise EntryRejected(kinds[contract], journals[contract], seq, _block_of(logs, place), why)
    return found, rows


class _Links(NamedTuple):
    """What a journal takes of its entries, which stand at these places of the chain."""

    places: NDArray[np.intp]
    hashes: PackedBytes
    seqs: PackedNumbers
    heads: PackedBytes


def _move(
    journal: Journal, links: Sequence[_Links], unreadable: Mapping[int, str]
) -> tuple[int, int, str] | None:
    """Moves a journal along its entries, to the first that does not follow or, by its place, is unreadable:
    place, number of the entry and what is wrong, if there is one.
    """
    end = min(unreadable, default=None)
    if links:
        places = np.concatenate([some.places for some in links])
        order = np.argsort(places)
        if end is not None:
            order = order[places[order] < end]
        before = journal.seq
        try:
            journal.take_all(
                PackedBytes.joined([some.hashes for some in links]).picked(order),
                PackedNumbers.joined([some.seqs for some in links]).picked(order),
                PackedBytes.joined([some.heads for some in links]).picked(order),
            )
        except JournalBroken as error:
            return int(places[order[journal.seq - before]]), error.seq, error.why
    return None if end is None else (end, journal.seq + 1, unreadable[end])


def stored_entries(chain_id: int, kinds: Mapping[bytes, str], rows: Sequence[Any]) -> list[Entries]:
    """What rows of the table ``entry`` say; ``kinds`` names each contract by its address.

    Raises `EventUnreadable` where somebody altered them into what no contract emits.
    """
    alike = defaultdict(list)
    for row in rows:
        alike[row.contract, tuple(row.topics[:1]), *map(len, row.topics), len(row.data)].append(row)
    found = []
    for (contract, *_), some in alike.items():
        topics = [PackedBytes.of(topic) for topic in zip(*(row.topics for row in some), strict=True)]
        events = decode_alike(kinds[contract], topics, PackedBytes.of([row.data for row in some]))
        try:
            seqs, numbers, timestamps = (
                PackedNumbers.of([getattr(row, name) for row in some])
                for name in ("seq", "block_number", "block_timestamp")
            )
        except OverflowError as error:
            raise EventUnreadable(f"A stored {events.name} has a number or time below zero.") from error
        found.append(Entries(chain_id, contract, events.name, seqs, numbers, timestamps, events.args))
    return found


def _readable(kind: str, logs: Logs) -> tuple[Logs, Events | None]:
    """The logs up to the first that cannot be decoded; None where there are none."""
    try:
        return logs, decode_alike(kind, logs.topics, logs.data)
    except EventUnreadable:
        for count in range(len(logs)):
            try:
                decode(kind, *logs.raw(count))
            except EventUnreadable:
                some = logs.first(count)
                return some, decode_alike(kind, some.topics, some.data) if count else None
        raise


def _fault(kind: str, logs: Logs, place: int) -> str:
    """Why one of them cannot be decoded."""
    try:
        decode(kind, *logs.raw(place))
    except EventUnreadable as error:
        return error.what
    raise AssertionError("it can be decoded")


def _block_of(logs: Sequence[Logs], place: int) -> int:
    """Number of the block that carries the log at a place of the chain."""
    return next(
        some.block_numbers[at] for some in logs for at in np.flatnonzero(some.places == place).tolist()
    )


def _columns(entries: Entries, logs: Logs, heads: PackedBytes, hashes: PackedBytes) -> Columns:
    """The entries whole, as rows of the table ``entry``."""
    count = len(entries)
    return (
        [entries.chain_id] * count,
        [entries.contract] * count,
        entries.seqs,
        heads,
        hashes,
        entries.block_numbers,
        logs.block_hashes,
        entries.timestamps,
        logs.transaction_hashes,
        logs.transaction_indexes,
        logs.log_indexes,
        PackedTuples(logs.topics, count),
        logs.data,
        [entries.event] * count,
    )
