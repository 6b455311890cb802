"""A journal entry on its way into SQL: a node's log, decoded, and checked against the entry before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.chain.events import EventUnreadable, decode
from ledger.chain.journal import Journal, JournalBroken
from ledger.errors import LedgerError


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


EntryRow = tuple[Any, ...]
"""An entry whole, as a row of the table ``entry``: its columns in their order."""


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
    logs: Iterable[Log],
    headers: Mapping[int, Header],
) -> tuple[list[Entry], list[EntryRow]]:
    """Decodes logs, which are in the chain's order, and moves the journals along them.

    ``kinds`` names each contract by its address, ``headers`` has each log's block. Raises `EntryRejected` at
    the first log that does not follow.
    """
    entries, rows = [], []
    for log in logs:
        contract, topics, data, number = log.contract, log.topics, log.data, log.block_number
        journal = journals[contract]
        try:
            event = decode(kinds[contract], topics, data)
            entry_hash = journal.take(topics, data, event.position, event.seq, event.head)
        except JournalBroken as error:
            raise EntryRejected(kinds[contract], journal, error.seq, number, error.why) from error
        except EventUnreadable as error:
            raise EntryRejected(kinds[contract], journal, journal.seq + 1, number, error.what) from error
        timestamp = headers[number].timestamp
        entries.append(Entry(chain_id, contract, event.seq, number, timestamp, event.name, event.args))
        rows.append(
            (
                chain_id,
                contract,
                event.seq,
                event.head,
                entry_hash,
                number,
                log.block_hash,
                timestamp,
                log.transaction_hash,
                log.transaction_index,
                log.log_index,
                topics,
                data,
                event.name,
            )
        )
    return entries, rows


def stored_entry(kind: str, row: Any) -> Entry:
    """The entry that a row of the table ``entry`` holds; ``kind`` is the name of its contract."""
    args = decode(kind, row.topics, row.data).args
    return Entry(row.chain_id, row.contract, row.seq, row.block_number, row.block_timestamp, row.event, args)
