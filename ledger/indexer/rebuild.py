"""The projections anew, from the stored entries alone: built beside the old ones, swapped in one transaction.

Readers go on meanwhile, and see either the old tables or the new ones, never a mixture and never an empty
table: see `_wait_for_readers`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, select, text, tuple_
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateSchema, DropSchema

from ledger.errors import LedgerError
from ledger.indexer import late_indexes
from ledger.indexer.effects import effects_of
from ledger.indexer.entries import Entries, stored_entries
from ledger.indexer.projections.changes import table_of
from ledger.indexer.rows import write_effects
from ledger.indexer.scope import Scope
from ledger.store import locks, projections, tables
from ledger.store.database import Database
from ledger.store.partitions import is_partition
from ledger.store.projections import PROJECTIONS
from ledger.store.schema import ENTRIES_VERSION_TABLE
from ledger.store.tables import CHAIN
from ledger.terms.deployment import Deployment

BESIDE = "chain_rebuilt"
"""Schema in which the new tables are built; what a killed rebuild left there is dropped by the next."""
PAGE = 10_000
"""Entries held in memory at a time."""
PATIENCE = 600.0
"""Seconds to wait for readers who began before the new tables were complete."""
HOLD_UP = "200ms"
"""How long readers may be kept waiting at most by a swap that does not get its turn."""
_ENTRY = table_of(tables.Entry)


@dataclass(frozen=True)
class Rebuilt:
    """How many entries were read, and how long it took, in seconds."""

    entries: int
    seconds: float


def _nobody(_done: int, _total: int) -> None:
    """Nobody listens."""


def rebuild(database: Database, told: Callable[[int, int], None] = _nobody) -> Rebuilt:
    """Makes the projections of all deployments in the database anew; ``told`` hears of entries done, and all.

    Raises `LedgerError`, and leaves everything as it was, while an indexer writes, when an entry makes no
    sense to this program, when the tables are of a newer version, or when a reader does not end.
    """
    with _alone(database, wait=False, waiting=lambda: None) as connection:
        return _rebuild(database, connection, told)


def rebuild_if_other(database: Database, *, wait: bool, waiting: Callable[[], None]) -> Rebuilt | None:
    """The same unless they are of this program's version already; then None.

    While an indexer writes, calls ``waiting`` and waits for its end, if it is to ``wait``.
    """
    with _alone(database, wait=wait, waiting=waiting) as connection:
        with connection.begin():
            is_ours = projections.found(connection) == projections.version()
        return None if is_ours else _rebuild(database, connection, _nobody)


def _rebuild(database: Database, connection: Connection, told: Callable[[int, int], None]) -> Rebuilt:
    began = time.monotonic()
    with connection.begin():
        projections.refuse_newer(projections.found(connection))
    _drop_beside(connection)
    try:
        entries = _build(database, connection, told)
        _wait_for_readers(connection)
        _swap(connection)
    finally:
        connection.rollback()
        _drop_beside(connection)
    return Rebuilt(entries, time.monotonic() - began)


@contextmanager
def _alone(database: Database, *, wait: bool, waiting: Callable[[], None]) -> Iterator[Connection]:
    """A connection with the right to change the schema ``chain``: no indexer writes meanwhile."""
    connection = database.engine.connect()
    try:
        connection.detach()  # the lock is the connection's: it is closed in the end, not pooled
        told = False
        while not locks.try_lock(connection, locks.CHAIN_SCHEMA):
            connection.commit()
            if not wait:
                raise LedgerError(
                    "An indexer is writing to this database.",
                    "Stop it for as long as the rebuild takes; the API reads on.",
                )
            if not told:
                waiting()
                told = True
        connection.commit()
        yield connection
    except OperationalError as error:
        reason = database.reason(error)
        raise LedgerError(
            f"The database failed during the rebuild: {reason}",
            "The tables are as they were: run it again.",
        ) from error
    finally:
        connection.close()


def _build(database: Database, connection: Connection, told: Callable[[int, int], None]) -> int:
    with connection.begin():
        scopes = [
            Scope.of(Deployment.from_json(file))
            for file in connection.scalars(select(tables.Deployment.json))
        ]
        total = connection.scalar(text(f"SELECT count(*) FROM {CHAIN}.entry")) or 0  # noqa: S608 - a constant
        connection.execute(CreateSchema(BESIDE))
    done = 0
    with database.engine.connect() as builder:
        builder = builder.execution_options(schema_translate_map={CHAIN: BESIDE})
        with builder.begin():
            projections.make(builder)
        late_indexes.put_off(builder, late_indexes.OF_ROWS)
        for scope in scopes:
            for page in _pages(connection, scope):
                with builder.begin():
                    write_effects(builder, scope, effects_of(page))
                done += sum(map(len, page))
                told(done, total)
        if done != total:
            raise LedgerError(
                f"{total - done} of {total} entries belong to no deployment that this database knows.",
                "Run `pledger index` for the deployment that they are of, then rebuild again.",
            )
        late_indexes.make(builder, late_indexes.OF_ROWS)
        with builder.begin():
            for table in PROJECTIONS:
                builder.execute(text(f'ANALYZE "{BESIDE}"."{table.name}"'))
    return done


def _pages(connection: Connection, scope: Scope) -> Iterator[list[Entries]]:
    """A deployment's entries in the chain's order, `PAGE` at a time."""
    columns = _ENTRY.c
    place = tuple_(columns.block_number, columns.log_index)
    after = (-1, -1)
    while True:
        with connection.begin():
            rows = connection.execute(
                select(_ENTRY)
                .where(
                    columns.chain_id == scope.chain_id,
                    columns.contract.in_(scope.contracts),
                    place > after,
                    columns.block_number >= after[0],  # leaves out the partitions that were read
                )
                .order_by(columns.block_number, columns.log_index)
                .limit(PAGE)
            ).all()
        if not rows:
            return
        yield stored_entries(scope.chain_id, scope.kinds, rows)
        after = (rows[-1].block_number, rows[-1].log_index)


def _wait_for_readers(connection: Connection) -> None:
    """Waits until every transaction has ended that began before the new tables were complete.

    Its snapshot would not contain their rows: after the swap, it would find them empty.
    """
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND xact_start < to_timestamp(:complete)"
    )
    with connection.begin():
        complete = connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
    deadline = time.monotonic() + PATIENCE
    while True:
        with connection.begin():
            readers = connection.scalar(query, {"complete": complete})
        if not readers:
            return
        if time.monotonic() > deadline:
            raise LedgerError(
                f"{readers} transactions have been reading for more than {PATIENCE:.0f} seconds.",
                "The tables are as they were: end those (see pg_stat_activity), and rebuild again.",
            )
        time.sleep(0.05)


def _swap(connection: Connection) -> None:
    """Puts the new tables in place of the old ones.

    Every reader reads `checkpoint` first: whoever is past this gate keeps the old tables until he is done.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with connection.begin():
                connection.execute(text(f"SET LOCAL lock_timeout = '{HOLD_UP}'"))
                old = ", ".join(f'"{CHAIN}"."{name}"' for name in _old_ones(connection))
                gate = f'"{CHAIN}"."{tables.Checkpoint.__tablename__}"'
                connection.execute(text(f"LOCK TABLE {gate}, {old} IN ACCESS EXCLUSIVE MODE"))
                connection.execute(text(f"DROP TABLE {old}"))
                for table in (*PROJECTIONS, projections.VERSION):
                    connection.execute(text(f'ALTER TABLE "{BESIDE}"."{table.name}" SET SCHEMA "{CHAIN}"'))
                return
        except OperationalError as error:
            if not locks.was_too_slow(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.2)  # readers who queued up behind the lock go first


def _old_ones(connection: Connection) -> list[str]:
    """The tables that follow from entries, as they are there: those of another version may be others."""
    stays = {*(table.name for table in projections.STORED), ENTRIES_VERSION_TABLE}
    there = inspect(connection).get_table_names(schema=CHAIN)
    return [name for name in there if name not in stays and not is_partition(name)]


def _drop_beside(connection: Connection) -> None:
    with connection.begin():
        connection.execute(DropSchema(BESIDE, cascade=True, if_exists=True))
