"""Exactly once: what is taken back and read anew, in any batches, leaves what one straight read does."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from histories import SCOPE, History
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ledger.indexer.entries import Point
from ledger.indexer.mirror import Mirror, MirrorChanged
from ledger.indexer.projections import FOLDS
from ledger.indexer.projections.table import EFFECTS
from ledger.indexer.steps import checked
from ledger.indexer.writer import EntriesImpossible, writing
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.projections import VERSION
from ledger.store.tables import CHAIN, Base

EVENTS = set(EFFECTS) | {event for fold in FOLDS for event in fold.events}


@contextmanager
def empty_mirror(database: Database) -> Iterator[Mirror]:
    with database.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.schema == CHAIN and table is not VERSION:
                connection.execute(table.delete())  # of few rows, faster than TRUNCATE's new files
    with opened_mirror(database) as mirror:
        yield mirror


@contextmanager
def opened_mirror(database: Database) -> Iterator[Mirror]:
    with writing(database, SCOPE.chain_id, SCOPE.ledger, wait=False, waiting=lambda: None) as connection:
        yield Mirror(connection, SCOPE)


def apply(mirror: Mirror, history: History, last: int, final: int = 0) -> None:
    first = mirror.checkpoint.number + 1 if mirror.checkpoint else 1
    batch = history.batch(first, last)
    mirror.apply(checked(SCOPE, batch, mirror.journals), final)


def straight(database: Database, history: History) -> str:
    """The digest of a mirror that reads the history as it is now, in one batch."""
    with empty_mirror(database) as mirror:
        apply(mirror, history, len(history.blocks))
    return digest(database)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(dice=st.randoms(use_true_random=False), turns=st.integers(1, 5))
def test_any_history_with_any_reorganisations_gives_the_tables_of_a_straight_read(
    database: Database, other_database: Database, dice: random.Random, turns: int
) -> None:
    history = History(dice)
    with empty_mirror(database) as mirror:
        for _ in range(turns):
            history.grow(dice.randint(1, 25))
            while mirror.checkpoint is None or mirror.checkpoint.number < len(history.blocks):
                done = mirror.checkpoint.number if mirror.checkpoint else 0
                last = min(len(history.blocks), done + dice.randint(1, 10))
                apply(mirror, history, last, final=dice.randint(0, last))
            depth = dice.randint(0, len(history.blocks))
            if depth:
                history.cut(depth)
                ancestor: Point | None = history.blocks[-1].header if history.blocks else None
                mirror.take_back(ancestor)
        history.grow(1)
        apply(mirror, history, len(history.blocks))
    assert digest(database) == straight(other_database, history)


def test_every_event_can_be_taken_back_and_read_anew(database: Database, other_database: Database) -> None:
    history = History(random.Random(3))
    history.grow(400)
    with empty_mirror(database) as mirror:
        apply(mirror, history, 400)
        assert events(database) == EVENTS, "not every event happened; take another seed"
        half = digest(database)
        assert half == straight(other_database, history)
        history.grow(100)
        apply(mirror, history, 500)
        whole = digest(database)
        assert whole == straight(other_database, history)
        mirror.take_back(history.blocks[399].header)
        assert digest(database) == half
        mirror.take_back(None)
        assert events(database) == set()
        apply(mirror, history, 500)
        assert digest(database) == whole


def events(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return set(connection.scalars(text("SELECT event FROM chain.entry")))


def test_what_somebody_else_wrote_is_not_built_upon(database: Database) -> None:
    history = History(random.Random(2))
    history.grow(30)
    with empty_mirror(database) as mirror:
        apply(mirror, history, 20)
        with database.engine.begin() as connection:
            connection.execute(text("DELETE FROM chain.entry WHERE seq > 3"))
        before = digest(database)
        with pytest.raises(MirrorChanged):
            apply(mirror, history, 30)
        with pytest.raises(MirrorChanged):
            mirror.take_back(history.blocks[4].header)
        assert digest(database) == before
    with empty_mirror(database) as mirror:
        apply(mirror, history, 20)
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE chain.checkpoint SET block_hash = parent_hash FROM chain.block"))
        with pytest.raises(MirrorChanged):
            apply(mirror, history, 30)


def test_a_journal_that_is_chained_well_and_cannot_be_true_is_named(database: Database) -> None:
    """As a node may invent it: an account registered twice, more money than there are numbers for."""
    partner = {"account": b"\x01" * 20, "name": "A", "uri": ""}
    claim = {
        "agreement": b"\x02" * 32,
        "account": b"\x01" * 20,
        "token": b"\x03" * 20,
        "period": 0,
        "recipient": b"\x01" * 20,
        "amount": 2**256 - 1,
    }
    for kind, event, args, times in (
        ("PartnerRegistry", "PartnerRegistered", partner, 2),
        ("RevenueLedger", "Claimed", claim, 9),
    ):
        history = History(random.Random(5))
        history.grow(20)
        for _ in range(times):
            history.emit(history.blocks[-1].header, kind, event, **args)
        with empty_mirror(database) as mirror:
            apply(mirror, history, 15)
            before = digest(database)
        with pytest.raises(EntriesImpossible, match="cannot all be"), opened_mirror(database) as mirror:
            apply(mirror, history, 20)
        assert digest(database) == before


def test_final_blocks_without_entries_are_forgotten_and_those_with_entries_kept(database: Database) -> None:
    history = History(random.Random(2))
    history.grow(60)
    for last in (10, 35, 60):  # each time by another indexer, which finds what the one before kept
        with opened_mirror(database) as mirror:
            assert (mirror.checkpoint is None) == (last == 10)
            apply(mirror, history, last, final=last - 5)
    with database.engine.connect() as connection:
        kept = set(connection.scalars(text("SELECT number FROM chain.block")))
    carriers = {block.header.number for block in history.blocks if block.logs}
    assert kept == carriers | set(range(56, 61))
