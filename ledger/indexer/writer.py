"""The right to write a deployment's rows: one connection has it, and loses it with its life."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InternalError, OperationalError

from ledger.errors import LedgerError
from ledger.store import failures, locks
from ledger.store.database import Database


class WriterBusy(LedgerError):
    """Another indexer writes this deployment into this database."""


class EntriesImpossible(LedgerError):
    """Entries follow one another, and yet the tables have no place for one. Nothing is half written."""


class DatabaseFailed(LedgerError):
    """The database went away or refused to write, for want of space for instance. Nothing is half written."""


@contextmanager
def writing(
    database: Database, chain_id: int, ledger: bytes, *, wait: bool, waiting: Callable[[], None]
) -> Iterator[Connection]:
    """The connection that may write this deployment's rows.

    When another one may, calls ``waiting`` and waits for its end, or raises `WriterBusy` without ``wait``.
    Raises `DatabaseFailed` or `EntriesImpossible` in place of the database's own error, whatever is done
    meanwhile.
    """
    connection = None
    try:
        connection = database.engine.connect()
        # The locks are the connection's: it is closed in the end, not returned to the pool with them.
        connection.detach()
        locks.lock_shared(connection, locks.CHAIN_SCHEMA)
        _take(connection, locks.writer_key(chain_id, ledger), wait, waiting)
        connection.commit()
        yield connection
    except (OperationalError, InternalError) as error:
        if _interrupted(error):
            raise KeyboardInterrupt from error
        raise _failed(database, error, connection) from error
    except (DataError, IntegrityError) as error:
        # What contracts emit fits, and says nothing twice: whoever invents a journal may chain it well.
        reason = failures.reason(error)
        raise EntriesImpossible(
            f"The entries that the node gave cannot all be the contracts': {reason}",
            "Nothing of the last batch is written. Drop the tables with `pledger db drop-chain`, and index "
            "again from another node.",
        ) from error
    finally:
        if connection is not None:
            with suppress(DBAPIError):  # there is nothing to roll back on a connection that is gone
                connection.close()


@contextmanager
def failing(database: Database) -> Iterator[None]:
    """For what is asked before anything is written: `DatabaseFailed` is raised in place of its error."""
    try:
        yield
    except (OperationalError, InternalError) as error:
        raise _failed(database, error, None) from error


def _interrupted(error: BaseException | None) -> bool:
    """Whether it was told to end in the middle of a statement: then the connection cannot even roll back, and
    says so in place of what happened.
    """
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _failed(database: Database, error: DBAPIError, connection: Connection | None) -> DatabaseFailed:
    reason = database.reason(error)
    if connection is None or locks.is_lost(connection):
        what = f"The database connection was lost: {reason}."
        return DatabaseFailed(what, "Nothing is half written: start the indexer again.")
    return DatabaseFailed(
        f"The database refused to write: {reason}.", "Nothing is half written: mend it and start again."
    )


def _take(connection: Connection, key: int, wait: bool, waiting: Callable[[], None]) -> None:
    told = False
    while not locks.try_lock(connection, key):
        connection.commit()
        if not wait:
            raise WriterBusy(
                "Another indexer is writing this deployment into this database.",
                "Let it be, stop it first, or give --wait to take over when it ends.",
            )
        if not told:
            waiting()
            told = True
