"""Entries read by columns are those read one by one, and the first that does not follow is the same."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from histories import SCOPE, History
from hypothesis import given, settings
from hypothesis import strategies as st
from single_logs import Log, by_columns, singly

from ledger.indexer.entries import Entry, EntryRejected, Journals, follow, in_order, stored_entries
from ledger.journal.events import EventUnreadable, decode
from ledger.journal.heads import Journal, JournalBroken
from ledger.store.tables import Entry as EntryTable


def history() -> History:
    grown = History(random.Random(11))
    grown.grow(120)
    return grown


BATCH = history().batch(1, 120)
LOGS = singly(BATCH.logs)
PLACES = st.integers(0, len(LOGS) - 1)
COLUMNS = list(EntryTable.__table__.columns.keys())

Rejected = tuple[bytes, int, int, str]


def journals() -> Journals:
    return {contract: Journal("0x" + contract.hex()) for contract in SCOPE.contracts}


def one_by_one(logs: Sequence[Log]) -> list[tuple[Entry, bytes]] | Rejected:
    """What each log says, and its entry's hash; or what is wrong with the first that does not follow."""
    known, found = journals(), []
    for log in logs:
        journal = known[log.contract]
        try:
            event = decode(SCOPE.kinds[log.contract], log.topics, log.data)
            entry_hash = journal.take(log.topics, log.data, event.position, event.seq, event.head)
        except JournalBroken as error:
            return log.contract, error.seq, log.block_number, error.why
        except EventUnreadable as error:
            return log.contract, journal.seq + 1, log.block_number, error.what
        time = BATCH.headers[log.block_number].timestamp
        entry = Entry(SCOPE.chain_id, log.contract, event.seq, log.block_number, time, event.name, event.args)
        found.append((entry, entry_hash))
    return found


def test_they_say_the_same() -> None:
    reference = one_by_one(LOGS)
    assert isinstance(reference, list)
    assert len({entry.event for entry, _ in reference}) > 30
    some, rows = follow(SCOPE.chain_id, SCOPE.kinds, journals(), BATCH.logs, BATCH.headers)
    by_journal = sorted(reference, key=lambda each: (each[0].contract, each[0].seq))
    assert in_order(some) == [entry for entry, _ in by_journal]
    lines = sorted(
        (dict(zip(COLUMNS, line, strict=True)) for columns in rows for line in zip(*columns, strict=True)),
        key=lambda line: (line["contract"], line["seq"]),
    )
    assert [line["entry_hash"] for line in lines] == [entry_hash for _, entry_hash in by_journal]
    stored = stored_entries(SCOPE.chain_id, SCOPE.kinds, [Row(line) for line in lines])
    assert in_order(stored) == in_order(some)


def test_stored_entries_that_were_altered_are_named() -> None:
    _, rows = follow(SCOPE.chain_id, SCOPE.kinds, journals(), BATCH.logs, BATCH.headers)
    lines = [dict(zip(COLUMNS, line, strict=True)) for line in zip(*rows[0], strict=True)]
    alterations: tuple[dict[str, Any], ...] = (
        {"topics": []},
        {"topics": lines[0]["topics"][:1]},
        {"topics": [*lines[0]["topics"], b""]},
        {"topics": [b"", *lines[0]["topics"][1:]]},
        {"data": b""},
        {"data": lines[0]["data"][:-1]},
        {"seq": -1},
        {"block_number": -1},
        {"block_timestamp": -(2**63)},
    )
    for altered in alterations:
        with pytest.raises(EventUnreadable):
            stored_entries(SCOPE.chain_id, SCOPE.kinds, [Row(line) for line in (*lines, lines[0] | altered)])


class Row:
    """A row as a query returns it."""

    def __init__(self, values: dict[str, Any]) -> None:
        vars(self).update(values)


def altered(data: st.DataObject, logs: list[Log]) -> None:
    """Does to the logs what a node may do to them."""
    place = data.draw(PLACES.filter(lambda place: place < len(logs)))
    log = logs[place]
    match data.draw(
        st.sampled_from(["byte", "topic", "first", "fewer", "cut", "odd", "drop", "repeat", "swap"])
    ):
        case "byte" if log.data:
            at = data.draw(st.integers(0, len(log.data) - 1))
            changed = log.data[:at] + bytes([log.data[at] ^ data.draw(st.integers(1, 255))])
            logs[place] = replace(log, data=changed + log.data[at + 1 :])
        case "topic" if log.topics:
            logs[place] = replace(log, topics=(*log.topics[:-1], b"\xff" * 32))
        case "first":
            other = logs[data.draw(PLACES.filter(lambda place: place < len(logs)))]
            logs[place] = replace(log, topics=(*other.topics[:1], *log.topics[1:]))
        case "fewer" if log.topics:
            logs[place] = replace(log, topics=log.topics[: data.draw(st.integers(0, len(log.topics) - 1))])
        case "cut":
            logs[place] = replace(log, data=log.data[: data.draw(st.integers(0, len(log.data)))])
        case "odd" if log.topics:
            logs[place] = replace(log, topics=(*log.topics[:-1], log.topics[-1][:31]), data=b"\0" + log.data)
        case "drop" if len(logs) > 1:
            del logs[place]
        case "repeat":
            logs.insert(place, log)
        case _:
            logs[place], logs[place - 1] = logs[place - 1], log


@settings(max_examples=300)
@given(st.data())
def test_completeness_the_first_that_does_not_follow_is_the_same(data: st.DataObject) -> None:
    logs = list(LOGS)
    for _ in range(data.draw(st.integers(1, 4))):
        altered(data, logs)
    reference = one_by_one(logs)
    found: list[Entry] | Rejected
    try:
        found = in_order(follow(SCOPE.chain_id, SCOPE.kinds, journals(), by_columns(logs), BATCH.headers)[0])
    except EntryRejected as error:
        found = error.contract, error.seq, error.block, error.what.split(": ", 1)[1].rstrip(".")
    if isinstance(reference, list):  # what was swapped was of two contracts
        assert found == in_order_of(reference)
    else:
        contract, seq, block, why = reference
        assert found == (contract, seq, block, why.rstrip("."))


def in_order_of(reference: list[tuple[Entry, bytes]]) -> list[Entry]:
    return sorted((entry for entry, _ in reference), key=lambda entry: (entry.contract, entry.seq))
