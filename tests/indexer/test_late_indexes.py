"""A first reading does without the indexes that are made faster after it; in the end, all are there."""

import pytest
from indexers import Notes, index
from ledger_world import World
from partnership import Partnership
from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.indexer import late_indexes, pipeline
from ledger.indexer.entries import Point
from ledger.indexer.run import indexing
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
    assert not {"entry", "deal", "dispute", "book", "agreement"} & {
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
        patched.setattr(pipeline, "FAR", 0)
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
