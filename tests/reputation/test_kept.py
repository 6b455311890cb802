"""Evidence that is kept is what the other tables say: whatever came, was taken back, or time did."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from histories import SCOPE
from many_rows import keep_evidence, register
from sqlalchemy import text
from sqlalchemy.orm import Session
from trade import DAY, Trade

from ledger.indexer.mirror import Mirror
from ledger.indexer.steps import checked
from ledger.indexer.writer import writing
from ledger.read.asking import NEWEST
from ledger.read.figures import SCORES, VERIFIED, contested, tallies
from ledger.reputation import ranking, trust_of_day
from ledger.reputation.columns import KINDS
from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Kind
from ledger.reputation.kept_as_of import kept_as_of, touched_beside_kept
from ledger.reputation.kept_check import unlike_kept
from ledger.reputation.ranking import ranked, scores_of
from ledger.reputation.statements import Wanted, rows
from ledger.store.database import Database
from ledger.store.reading import Reading, read, snapshot

BLOCKS, STEP, ONE_BY_ONE = 480, 80, 24
MANY = 1_000
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


def evidence(
    reading: Reading, seconds: int, accounts: Collection[bytes] | None = None
) -> list[tuple[object, ...]]:
    then = replace(reading, as_of=replace(reading.as_of, timestamp=reading.as_of.timestamp + seconds))
    return sorted(tuple(each) for each in rows(then, Wanted.EVENTS, accounts, Configuration()))


def gather(reading: Reading) -> None:
    """Has the reading do without what is kept, and without what a process remembers."""
    ranking._kept.clear()
    trust_of_day._kept.clear()
    of = (reading.chain_id, reading.ledger, reading.as_of.number, reading.newest)
    reading.session.info["evidence kept", *of] = None


def counted(reading: Reading) -> list[tuple[Any, ...]]:
    """The figures that are kept, but for those of scores, and the customers of several partners."""
    kept = tallies(reading)
    others = [(name, token, kept[name, token]) for name, token in kept if name not in (SCORES, VERIFIED)]
    assert kept[SCORES, b""] == ranked(reading, 1, None).in_all
    assert kept[VERIFIED, b""] == len(trust_of_day.trust_of_day(reading, Configuration()).verified)
    return sorted(others) + contested(reading, MANY, NEWEST)


def counted_through(reading: Reading) -> list[tuple[Any, ...]]:
    """The same from the tables themselves."""
    customers = (
        "SELECT programme, epoch, tag, max(seq) AS newest FROM chain.deal WHERE tag IS NOT NULL "
        "GROUP BY 1, 2, 3 HAVING count(DISTINCT account) > 1 ORDER BY newest DESC"
    )
    things = {"partners": "chain.partner", "agreements": "chain.agreement", "deals": "chain.deal"}
    things["contested"] = f"({customers}) customers"
    found = {(name, b""): f"SELECT count(*) FROM {things[name]}" for name in things}
    connection = reading.session.connection()
    counts = [(*what, connection.scalar(text(question))) for what, question in found.items()]
    received = connection.execute(text("SELECT token, sum(received) FROM chain.book GROUP BY 1"))
    counts += [("received", token, int(units)) for token, units in received]
    return sorted(counts) + [tuple(row) for row in connection.execute(text(customers))]


def compared(database: Database, *, block: int | None = None) -> Counter[Kind]:
    """What is kept, with what is gathered of deals that something happened to since, after it is seen to be
    the same as what is gathered of all, at any time.
    """
    with snapshot(database) as session:
        reading = read(session, block=block)
        assert kept_as_of(reading) == (block is None)
        assert touched_beside_kept(reading) is not None
        kept = [evidence(reading, seconds) for seconds in SHIFTS]
        scores, figures = ranked(reading, MANY, None), counted(reading) if block is None else None
        few = [each.account for each in scores.scores[::3]]
        of_few = [[row for row in each if row[0] in few] for each in kept]
        assert of_few == [evidence(reading, seconds, few) for seconds in SHIFTS]
        assert scores_of(reading, few) == {each.account: each.score for each in scores.scores[::3]}
        assert unlike_kept(read(session)) is None
    with snapshot(database) as session:
        reading = read(session, block=block)
        gather(reading)
        assert kept == [evidence(reading, seconds) for seconds in SHIFTS]
        assert scores == ranked(reading, MANY, None)
        assert figures is None or figures == counted_through(reading)
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


def test_scores_are_kept_from_block_to_block(mirror: Mirror, database: Database) -> None:
    history = Trade(Random(3))
    history.grow(BLOCKS)
    apply(mirror, history, 1, BLOCKS - ONE_BY_ONE)
    keep_evidence(database)
    days = set()
    for block in range(BLOCKS - ONE_BY_ONE + 1, BLOCKS + 1):
        apply(mirror, history, block, block)
        keep_evidence(database)
        with snapshot(database) as session:
            reading = read(session)
            assert kept_as_of(reading)
            days.add(reading.as_of.timestamp // DAY)
            kept, figures = ranked(reading, MANY, None), counted(reading)
            assert figures == counted_through(reading)
            gather(reading)
            assert kept == ranked(reading, MANY, None), block
    assert 1 < len(days) < ONE_BY_ONE / 2, "several blocks a day"


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
