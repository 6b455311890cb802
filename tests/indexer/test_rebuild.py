"""Replayability without a node: the projections come back from the entries alone, while readers read on."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from histories import SCOPE, History
from indexers import index
from ledger_world import World
from partnership import Partnership
from sqlalchemy import Connection, func, inspect, select, text

from ledger.errors import LedgerError
from ledger.indexer import rebuild as rebuilding
from ledger.indexer.mirror import Mirror
from ledger.indexer.rebuild import BESIDE, rebuild
from ledger.indexer.run import indexing
from ledger.indexer.steps import checked
from ledger.indexer.writer import writing
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.projections import PROJECTIONS
from ledger.store.reading import snapshot
from ledger.store.tables import CHAIN, Base, Book, Deployment, Payment

Straight = Callable[[World], str]


@pytest.fixture
def mirrored(database: Database) -> str:
    """A mirror of a random history with every event, read in a few batches; its digest."""
    history = History(random.Random(5))
    history.grow(300)
    file = {
        "chain_id": SCOPE.chain_id,
        "block": 1,
        "block_hash": "0x" + bytes(32).hex(),
        "contracts": {kind: "0x" + contract.hex() for contract, kind in SCOPE.kinds.items()}
        | {"AccessManager": "0x" + "99" * 20},
    }
    with database.session() as session:
        session.add(Deployment(chain_id=SCOPE.chain_id, ledger=SCOPE.ledger, json=file, start_block=1))
        session.commit()
    with writing(database, SCOPE.chain_id, SCOPE.ledger, wait=False, waiting=lambda: None) as connection:
        mirror = Mirror(connection, SCOPE)
        for last in (100, 250, 300):
            batch = history.batch(mirror.checkpoint.number + 1 if mirror.checkpoint else 1, last)
            mirror.apply(checked(SCOPE, batch, mirror.journals), 0)
    return digest(database)


def test_the_projections_come_back_from_the_entries_alone(
    database: Database, mirrored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "PAGE", 37)
    names = [f"{CHAIN}.{table.name}" for table in PROJECTIONS]
    with database.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(names)}"))
    assert digest(database) != mirrored
    heard: list[tuple[int, int]] = []
    done = rebuild(database, lambda *progress: heard.append(progress))
    assert digest(database) == mirrored
    assert heard[-1] == (done.entries, done.entries)
    assert len(heard) > 5
    assert inspect(database.engine).get_schema_names().count(BESIDE) == 0


def test_it_mends_what_somebody_altered_and_keeps_the_tables_as_they_were_made(
    database: Database, other_database: Database, mirrored: str
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE chain.partner SET name = 'Somebody else'"))
        connection.execute(text("DELETE FROM chain.payment WHERE seq % 3 = 0"))
        connection.execute(text("CREATE SCHEMA chain_rebuilt CREATE TABLE left_by_a_kill (number int)"))
    rebuild(database)
    assert digest(database) == mirrored
    assert tables_of(database) == tables_of(other_database)


def tables_of(database: Database) -> object:
    """Everything about the mirror's tables that their makers can see, constraints and comments included.

    But the order of columns: a migration adds them at the end.
    """
    seen = inspect(database.engine)
    return {
        table.name: (
            {
                column["name"]: column | {"type": str(column["type"])}
                for column in seen.get_columns(table.name, CHAIN)
            },
            seen.get_pk_constraint(table.name, CHAIN),
            sorted(seen.get_indexes(table.name, CHAIN), key=str),
            seen.get_unique_constraints(table.name, CHAIN),
            seen.get_table_comment(table.name, CHAIN),
        )
        for table in Base.metadata.sorted_tables
        if table.schema == CHAIN
    }


def test_readers_never_see_half_of_it(database: Database, mirrored: str) -> None:
    """Readers who sum up payments and books, again and again, while the tables are exchanged three times."""
    stop = threading.Event()
    expected = sums(database)
    seen: list[object] = []
    failures: list[BaseException] = []

    def read_on() -> None:
        try:
            while not stop.is_set():
                seen.append(sums(database))
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read_on) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(3):
        rebuild(database)
    stop.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert len(seen) > 3
    assert all(each == expected for each in seen)


def sums(database: Database) -> object:
    with snapshot(database) as session:
        session.scalars(select(Deployment)).all()
        paid = sum(payment.amount for payment in session.scalars(select(Payment)))
        received = sum(book.received for book in session.scalars(select(Book)))
        assert paid == received > 0
        return paid


def test_a_reader_from_before_keeps_what_he_sees_and_the_rebuild_waits(
    database: Database, mirrored: str
) -> None:
    with reading(database) as read_payments:
        thread = threading.Thread(target=rebuild, args=(database,))
        thread.start()
        thread.join(1.5)
        assert thread.is_alive(), "it waits for the reader"
        assert read_payments() > 0
    thread.join(120)
    assert not thread.is_alive()
    assert digest(database) == mirrored


@contextmanager
def reading(database: Database) -> Iterator[Callable[[], int]]:
    """A snapshot that has looked at no table of the mirror yet."""
    with snapshot(database) as session:
        session.scalars(select(Deployment)).all()
        yield lambda: len(session.scalars(select(Payment)).all())


def test_an_endless_reader_stops_the_rebuild_and_nothing_changes(
    database: Database, mirrored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "PATIENCE", 0.3)
    with reading(database), pytest.raises(LedgerError, match="have been reading for more than"):
        rebuild(database)
    assert digest(database) == mirrored
    assert BESIDE not in inspect(database.engine).get_schema_names()


def test_it_refuses_while_an_indexer_writes(partnership: Partnership, database: Database) -> None:
    world = partnership.world
    with indexing(database, world.node, world.deployment) as indexer:
        indexer.catch_up()
        with pytest.raises(LedgerError, match="An indexer is writing"):
            rebuild(database)
    rebuild(database)


def test_the_indexer_goes_on_from_a_rebuilt_mirror(
    partnership: Partnership, database: Database, straight: Straight
) -> None:
    world = partnership.world
    partnership.work(1)
    index(database, world.node, world.deployment)
    before = digest(database)
    rebuild(database)
    assert digest(database) == before
    partnership.work(1)
    index(database, world.node, world.deployment)
    assert digest(database) == straight(world)


def test_an_entry_that_makes_no_sense_leaves_everything_as_it_was(database: Database, mirrored: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE chain.entry SET topics[1] = '\\x00' WHERE seq = 9"))
    altered = digest(database)
    with pytest.raises(LedgerError):
        rebuild(database)
    assert digest(database) == altered
    assert BESIDE not in inspect(database.engine).get_schema_names()


def test_a_reader_of_a_snapshot_holds_the_old_tables_whatever_it_read_first(
    database: Database, mirrored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a replica nobody waits for readers: what keeps them from empty tables is this lock alone."""
    swapping = threading.Event()
    swap = rebuilding._swap

    def announced(connection: Connection) -> None:
        swapping.set()
        swap(connection)

    monkeypatch.setattr(rebuilding, "_wait_for_readers", lambda connection: None)
    monkeypatch.setattr(rebuilding, "_swap", announced)
    entries = select(func.count()).select_from(Payment)
    with database.session() as session:
        wanted = session.scalar(entries)
    assert wanted
    thread = threading.Thread(target=rebuild, args=(database,))
    with snapshot(database) as session:
        session.scalars(select(Deployment)).all()  # what it sees is settled here
        thread.start()
        assert swapping.wait(60)
        thread.join(0.5)
        assert session.scalar(entries) == wanted
    thread.join()
    assert digest(database) == mirrored
