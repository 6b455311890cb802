"""A copy of the schema ``app`` in a file, and its way back into a database.

``chain`` is left out: it comes back from the chain. The file is an archive of pg_dump (custom format), taken
from one snapshot; pg_restore can read it without this program.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import DropSchema

from ledger.errors import LedgerError
from ledger.store import locks, programs, schema
from ledger.store.archive import Archive
from ledger.store.database import Database, libpq_url
from ledger.store.tables import APP, CHAIN

PATIENCE = "10s"
"""How long a restore waits for whoever reads the tables that it replaces."""


@dataclass(frozen=True)
class Saved:
    """A backup that was made: the tables' version, how many rows of which table, the file's bytes."""

    revision: str
    rows: dict[str, int]
    size: int


@dataclass(frozen=True)
class Restored:
    """A backup that was restored: its version, this program's, and how many rows of which table came."""

    revision: str
    now: str
    rows: dict[str, int]


def backup(database: Database, file: Path, *, replace: bool = False) -> Saved:
    """Writes ``app`` into a file, whole or not at all; whoever writes to the database goes on meanwhile.

    Raises `LedgerError` when there is nothing to back up, when the file is there already unless told to
    ``replace`` it, and when it cannot be written.
    """
    if file.exists() and not replace:
        raise LedgerError(f"{file} is there already.", "Name another file, or give --replace.")
    with database.engine.connect() as connection:
        revision = schema.revision(connection)
        if revision is None:
            raise LedgerError(
                "The database has none of this program's tables.", "Check PLEDGER_DATABASE_URL."
            )
        dump = programs.find("pg_dump", programs.server_version(connection))
    options = ["--format=custom", f"--schema={APP}", "--no-owner", "--no-privileges"]
    secret = {} if database.url.password is None else {"PGPASSWORD": str(database.url.password)}
    with _written(file) as partial:
        places = [f"--file={partial}", f"--dbname={libpq_url(database.url)}"]
        try:
            programs.run(dump, [*options, *places], {**os.environ, **secret})
        except programs.ProgramFailed as error:
            raise LedgerError(f"The backup failed: {error.what}.", "No file was written.") from error
        rows = Archive.open(partial).verify()
        return Saved(revision, rows, partial.stat().st_size)


def restore(database: Database, file: Path, *, replace: bool = False) -> Restored:
    """Puts a backup into a database, in one transaction; older tables are brought to this version.

    ``chain`` is empty afterwards. Raises `LedgerError`, and leaves everything as it was, when the file is
    broken or of a newer version, when the database holds something unless told to ``replace`` it, and while
    an indexer writes.
    """
    archive = Archive.open(file)
    archive.verify()
    if not schema.is_known(archive.revision):
        raise LedgerError(
            f"{file} is of a newer version (revision {archive.revision}) than this program.",
            "Update the program, then restore.",
        )
    try:
        with database.engine.begin() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
            _require_free(connection, replace=replace)
            for name in (CHAIN, APP):
                connection.execute(DropSchema(name, cascade=True, if_exists=True))
            schema.ALL_OF_APP.upgrade(connection, archive.revision)
            in_order = [table for table, _ in inspect(connection).get_sorted_table_and_fkc_names(APP)]
            rows = archive.load(connection, [table for table in in_order if table is not None])
            schema.ALL_OF_APP.upgrade(connection)
            schema.make_chain(connection)
            return Restored(archive.revision, schema.revision(connection) or "", rows)
    except OperationalError as error:
        if locks.was_too_slow(error):
            raise LedgerError(
                "Somebody reads the tables that the backup would replace, and does not end.",
                "Everything is as it was: stop the API and whoever else uses the database, then restore.",
            ) from error
        raise LedgerError(
            f"The database failed during the restore: {database.reason(error)}.", "Everything is as it was."
        ) from error


def _require_free(connection: Connection, *, replace: bool) -> None:
    locks.lock_in_transaction(connection, locks.MIGRATION)
    if not locks.try_lock_in_transaction(connection, locks.CHAIN_SCHEMA):
        raise LedgerError("An indexer is writing to this database.", "Stop it, then restore.")
    held = [
        table
        for table in inspect(connection).get_table_names(APP)
        if table != schema.VERSION_TABLE and _has_rows(connection, table)
    ]
    if held and not replace:
        raise LedgerError(
            f"The database is in use: there are rows in {', '.join(f'{APP}.{table}' for table in held)}.",
            "Restore into an empty one (PLEDGER_DATABASE_URL); with --replace, what this one holds is lost.",
        )


def _has_rows(connection: Connection, table: str) -> bool:
    name = connection.dialect.identifier_preparer.quote(table)
    return bool(connection.scalar(text(f"SELECT EXISTS (SELECT FROM {APP}.{name})")))  # noqa: S608 - quoted


@contextmanager
def _written(file: Path) -> Iterator[Path]:
    """A new file that nobody else may read: it holds drafts. It takes its place when it is whole."""
    partial = file.with_name(file.name + ".partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    except OSError as error:
        raise LedgerError(
            f"{partial} cannot be written: {error.strerror}.", "Name a file in a folder of yours."
        ) from error
    try:
        yield partial
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
