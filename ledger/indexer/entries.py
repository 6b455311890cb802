"""A journal entry on its way into SQL: a node's log, decoded, and checked against the entry before it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.chain.events import Events, EventUnreadable, decode, decode_alike
from ledger.chain.journal import Journal, JournalBroken, entry_hashes
from ledger.errors import LedgerError
from ledger.store.copying import Columns


@dataclass(frozen=True, slots=True)
class Point:
    """A block as a place to stand: ``timestamp`` in seconds since 1970."""

    number: int
    hash: bytes
    timestamp: int


@dataclass(frozen=True, slots=True)
class Header(Point):
    """A block and the one it follows."""

    parent_hash: bytes


@dataclass(slots=True)
class Log:
    """A log as the node gave it, in bytes. (Not frozen: that costs a microsecond a field.)"""

    contract: bytes
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int
    block_hash: bytes
    transaction_hash: bytes
    transaction_index: int
    log_index: int


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
    seqs: Sequence[int]
    block_numbers: Sequence[int]
    timestamps: Sequence[int]
    args: Mapping[str, Sequence[Any]]

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
    logs: Sequence[Log],
    headers: Mapping[int, Header],
) -> tuple[list[Entries], list[Columns]]:
    """Decodes logs, which are in the chain's order, and moves the journals along them.

    ``kinds`` names each contract by its address, ``headers`` has each log's block. Returns what the entries
    say, and the entries whole, as rows of the table ``entry``. Raises `EntryRejected` at the first log that
    does not follow.
    """
    found: list[Entries] = []
    rows: list[Columns] = []
    links: list[tuple[bytes, int, bytes] | None] = [None] * len(logs)
    for (contract, _), places in _alike(logs).items():
        some, events = _readable(kinds[contract], [logs[place] for place in places])
        if events is None:
            continue
        numbers = [log.block_number for log in some]
        timestamps = [headers[number].timestamp for number in numbers]
        entries = Entries(chain_id, contract, events.name, events.seqs, numbers, timestamps, events.args)
        topics, data = [log.topics for log in some], [log.data for log in some]
        hashes = entry_hashes(contract, topics, data, events.position)
        found.append(entries)
        rows.append(_columns(entries, some, events.heads, hashes))
        linked = zip(hashes, events.seqs, events.heads, strict=True)
        for place, each in zip(places, linked, strict=False):  # where not all can be read, places are more
            links[place] = each
    for log, link in zip(logs, links, strict=True):
        journal, kind, number = journals[log.contract], kinds[log.contract], log.block_number
        if link is None:
            raise EntryRejected(kind, journal, journal.seq + 1, number, _fault(kind, log))
        try:
            journal.take_hashed(*link)
        except JournalBroken as error:
            raise EntryRejected(kind, journal, error.seq, number, error.why) from error
    return found, rows


def stored_entries(chain_id: int, kinds: Mapping[bytes, str], rows: Sequence[Any]) -> list[Entries]:
    """What rows of the table ``entry`` say; ``kinds`` names each contract by its address."""
    found = []
    for (contract, _), places in _alike(rows).items():
        some = [rows[place] for place in places]
        events = decode_alike(kinds[contract], [row.topics for row in some], [row.data for row in some])
        found.append(
            Entries(
                chain_id,
                contract,
                events.name,
                [row.seq for row in some],
                [row.block_number for row in some],
                [row.block_timestamp for row in some],
                events.args,
            )
        )
    return found


def _alike(logs: Sequence[Any]) -> Mapping[tuple[bytes, bytes], list[int]]:
    """Where the logs of one event of one contract stand, by the contract and the first topic."""
    places = defaultdict(list)
    for place, log in enumerate(logs):
        places[log.contract, log.topics[0] if log.topics else b""].append(place)
    return places


def _readable(kind: str, logs: Sequence[Log]) -> tuple[Sequence[Log], Events | None]:
    """The logs, which are alike, up to the first that cannot be decoded; None where there are none."""
    try:
        return logs, decode_alike(kind, [log.topics for log in logs], [log.data for log in logs])
    except EventUnreadable:
        for count, log in enumerate(logs):
            try:
                decode(kind, log.topics, log.data)
            except EventUnreadable:
                return _readable(kind, logs[:count]) if count else ([], None)
        raise


def _fault(kind: str, log: Log) -> str:
    """Why a log cannot be decoded."""
    try:
        decode(kind, log.topics, log.data)
    except EventUnreadable as error:
        return error.what
    raise AssertionError("it can be decoded")


def _columns(
    entries: Entries, logs: Sequence[Log], heads: Sequence[bytes], hashes: Sequence[bytes]
) -> Columns:
    """The entries whole, as rows of the table ``entry``."""
    count = len(entries)
    return (
        [entries.chain_id] * count,
        [entries.contract] * count,
        entries.seqs,
        heads,
        hashes,
        entries.block_numbers,
        [log.block_hash for log in logs],
        entries.timestamps,
        [log.transaction_hash for log in logs],
        [log.transaction_index for log in logs],
        [log.log_index for log in logs],
        [log.topics for log in logs],
        [log.data for log in logs],
        [entries.event] * count,
    )
