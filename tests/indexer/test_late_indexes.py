"""A first reading does without the indexes that are made faster after it; in the end, all are there."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Timer
from types import FrameType

import pytest
from indexers import Notes, index
from ledger_world import World
from partnership import Partnership
from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.indexer import late_indexes, reading_process
from ledger.indexer.entries import Point
from ledger.indexer.run import indexing
from ledger.store import partitions
from ledger.store.database import Database
from ledger.store.tables import CHAIN, Payment

ALL = {str(index.name) for index in late_indexes.INDEXES}


class Stopped(Exception):
    """The indexer ends here, as if it were killed."""


class Looking(Notes):
    """Notes which indexes are there as each batch is written; stops at the first when told so."""

    def __init__(self, database: Database, *, stop: bool = False) -> None:
        super().__init__()
        self._database = database
        self._stop = stop
        self.seen: list[set[str]] = []

    def applied(self, block: Point, newest: Point, entries: int) -> None:
        super().applied(block, newest, entries)
        self.seen.append(there(self._database))
        if self._stop:
            raise Stopped


def there(database: Database) -> set[str]:
    """Which of them the database has."""
    with database.engine.connect() as connection:
        query = text("SELECT indexname FROM pg_indexes WHERE schemaname = :schema")
        return ALL & set(connection.scalars(query, {"schema": CHAIN}))


def index_looking(database: Database, world: World, *, stop: bool = False) -> Looking:
    looking = Looking(database, stop=stop)
    with indexing(database, world.node, world.deployment, watcher=looking) as indexer:
        indexer.catch_up()
    return looking


def test_they_are_those_of_tables_that_only_grow() -> None:
    assert {"payment", "claim", "deal_decision"} <= {table.name for table in late_indexes.TABLES}
    assert not {"entry", "deal", "attestation", "book", "agreement"} & {
        table.name for table in late_indexes.TABLES
    }


def test_a_short_reading_keeps_them(partnership: Partnership, database: Database) -> None:
    partnership.work(1)
    assert index_looking(database, partnership.world).seen == [ALL]


@pytest.mark.usefixtures("all_apart")
def test_a_long_first_reading_makes_them_in_the_end(partnership: Partnership, database: Database) -> None:
    partnership.work(2)
    assert index_looking(database, partnership.world).seen == [set()]
    assert there(database) == ALL


@pytest.mark.usefixtures("all_apart")
def test_a_long_reading_into_rows_keeps_them(partnership: Partnership, database: Database) -> None:
    partnership.work(1)
    index(database, partnership.world.node, partnership.world.deployment)
    partnership.pay(1, 2)
    looking = index_looking(database, partnership.world)
    assert looking.seen == [ALL]


def test_a_killed_reading_leaves_them_to_the_next(
    partnership: Partnership, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the next one finds nothing more to read, once or while it follows."""
    world = partnership.world
    partnership.work(2)
    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(reading_process, "FAR", 0)
        index_looking(database, world, stop=True)
    assert there(database) == set()
    with indexing(database, world.node, world.deployment) as indexer:
        assert indexer._is_behind()
        indexer.catch_up()
        assert there(database) == ALL
        assert not indexer._is_behind()


@pytest.mark.usefixtures("all_apart")
def test_a_reader_who_does_not_end_holds_nobody_up(partnership: Partnership, database: Database) -> None:
    partnership.work(1)
    with Session(database.engine) as reader:
        assert reader.query(Payment).count() == 0  # and its transaction goes on
        seen = index_looking(database, partnership.world).seen
    assert seen == [{name for name in ALL if name.startswith("payment_")}]
    assert there(database) == ALL


def test_tables_with_rows_keep_them(partnership: Partnership, database: Database) -> None:
    """Of another deployment, say, whose readers want them."""
    partnership.work(1)
    index(database, partnership.world.node, partnership.world.deployment)
    with database.engine.connect() as connection:
        late_indexes.put_off(connection)
    kept = there(database)
    assert {name for name in ALL if name.startswith("payment_")} < kept < ALL


def test_two_indexers_at_once_are_in_nobodys_way(database: Database) -> None:
    """Of two deployments, in one database, both at their first reading; entries have a partition already."""
    with database.engine.begin() as connection:
        partitions.make_room(connection, 31337, [1])

    def both(_number: int) -> None:
        with database.engine.connect() as connection:
            late_indexes.put_off(connection)
            late_indexes.make(connection)

    for _ in range(3):
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(both, range(2)))
        assert there(database) == ALL


def test_beside_another_deployment_they_stay(partnership: Partnership, database: Database) -> None:
    world = partnership.world
    index(database, world.node, world.deployment)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE chain.checkpoint SET deployment = decode(repeat('ee', 20), 'hex')"))
    with indexing(database, world.node, world.deployment) as indexer:
        indexer.mirror.put_off_indexes()
        assert not indexer.mirror.lacks_indexes
    assert there(database) == ALL


def test_who_is_told_to_end_does_not_wait_for_them(database: Database) -> None:
    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupt)
    timer = Timer(0.5, os.kill, (os.getpid(), signal.SIGUSR1))
    try:
        with database.engine.connect() as connection, database.engine.connect() as writer:
            late_indexes.put_off(connection)
            writer.execute(text("LOCK TABLE chain.payment IN ROW EXCLUSIVE MODE"))  # as one who writes
            timer.start()
            began = time.monotonic()
            with pytest.raises(KeyboardInterrupt):
                late_indexes.make(connection)
            assert time.monotonic() - began < 10
            writer.rollback()
            late_indexes.make(connection)
    finally:
        timer.cancel()
        signal.signal(signal.SIGUSR1, before)
    assert there(database) == ALL
