"""Evidence that is kept is what the other tables say: whatever came, was taken back, or time did."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from histories import SCOPE
from many_rows import keep_evidence, register
from sqlalchemy import text
from sqlalchemy.orm import Session
from trade import DAY, Trade

from ledger.indexer.mirror import Mirror
from ledger.indexer.steps import checked
from ledger.indexer.writer import writing
from ledger.reputation.columns import KINDS
from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Kind
from ledger.reputation.kept_as_of import kept_as_of, touched_beside_kept
from ledger.reputation.kept_check import unlike_kept
from ledger.reputation.statements import Wanted, rows
from ledger.store.database import Database
from ledger.store.reading import Reading, read, snapshot

BLOCKS, STEP = 480, 80
SHIFTS = (0, 15 * DAY, -15 * DAY, 4 * DAY + 1, 2000 * DAY)
"""Seconds from the newest block to the time at which one asks."""

SEEN = {Kind.SETTLED_ON_TIME, Kind.DECISION_OVERDUE, Kind.CLAIM_CONFIRMED}
"""At least, of each history."""


@pytest.fixture
def mirror(database: Database) -> Iterator[Mirror]:
    register(database)
    with writing(database, SCOPE.chain_id, SCOPE.ledger, wait=False, waiting=lambda: None) as connection:
        yield Mirror(connection, SCOPE)


def apply(mirror: Mirror, history: Trade, first: int, last: int) -> None:
    mirror.apply(checked(SCOPE, history.batch(first, last), mirror.journals), 0)


def evidence(reading: Reading, seconds: int) -> list[tuple[object, ...]]:
    then = replace(reading, as_of=replace(reading.as_of, timestamp=reading.as_of.timestamp + seconds))
    return sorted(tuple(each) for each in rows(then, Wanted.EVENTS, None, Configuration()))


def gather(reading: Reading) -> None:
    """Has the reading do without what is kept."""
    of = (reading.chain_id, reading.ledger, reading.as_of.number, reading.newest)
    reading.session.info["evidence kept", *of] = None


def compared(database: Database, *, block: int | None = None) -> Counter[Kind]:
    """What is kept, with what is gathered of deals that something happened to since, after it is seen to be
    the same as what is gathered of all, at any time.
    """
    with snapshot(database) as session:
        reading = read(session, block=block)
        assert kept_as_of(reading) == (block is None)
        assert touched_beside_kept(reading) is not None
        kept = [evidence(reading, seconds) for seconds in SHIFTS]
        assert unlike_kept(read(session)) is None
    with snapshot(database) as session:
        reading = read(session, block=block)
        gather(reading)
        assert kept == [evidence(reading, seconds) for seconds in SHIFTS]
    return Counter(KINDS[row[2]] for each in kept for row in each)  # type: ignore[call-overload]


@pytest.mark.parametrize("seed", range(2))
def test_what_is_kept_is_what_is_gathered(mirror: Mirror, database: Database, seed: int) -> None:
    history = Trade(Random(seed))
    history.grow(BLOCKS)
    found: Counter[Kind] = Counter()
    for last in range(STEP, BLOCKS + 1, STEP):
        apply(mirror, history, last - STEP + 1, last)
        assert (keep_evidence(database) is None) == (last == STEP), "only the first time all is made"
        found += compared(database)
        compared(database, block=max(last - STEP, 1))
    assert keep_evidence(database) == 0
    mirror.take_back(history.blocks[BLOCKS - STEP - 1].header)
    assert keep_evidence(database) is None, "what it rested on was taken back"
    compared(database)
    apply(mirror, history, BLOCKS - STEP + 1, BLOCKS)
    keep_evidence(database)
    compared(database)
    assert found.keys() >= SEEN, found


def test_a_reading_gathers_what_is_not_kept_as_of_its_block(mirror: Mirror, database: Database) -> None:
    history = Trade(Random(0))
    history.grow(BLOCKS)
    apply(mirror, history, 1, BLOCKS - STEP)
    keep_evidence(database)
    apply(mirror, history, BLOCKS - STEP + 1, BLOCKS)
    with snapshot(database) as session:
        now, then = read(session), read(session, block=BLOCKS - STEP)
        assert not kept_as_of(now)
        beside = evidence(now, 0)
        assert beside != evidence(then, 0)
        gather(now)
        assert evidence(now, 0) == beside
    mirror.take_back(history.blocks[BLOCKS - 2 * STEP - 1].header)
    with snapshot(database) as session:
        assert touched_beside_kept(read(session)) is None, "what it rested on was taken back"


def test_kept_evidence_that_is_not_what_tables_make_is_told(mirror: Mirror, database: Database) -> None:
    history = Trade(Random(0))
    history.grow(BLOCKS)
    apply(mirror, history, 1, BLOCKS)
    keep_evidence(database)
    for damage in ("UPDATE chain.evidence SET rating = rating + 1", "DELETE FROM chain.evidence"):
        with database.engine.connect() as connection, connection.begin() as taken_back:
            connection.execute(text(f"{damage} WHERE number = (SELECT min(number) FROM chain.evidence)"))
            with Session(connection) as session:
                assert str(unlike_kept(read(session))).startswith("table evidence, account 0x")
            taken_back.rollback()
