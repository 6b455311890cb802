"""Versions of the tables: empty, older, current or newer; upgrade, downgrade, and ``chain`` made anew."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select
from sqlalchemy.schema import CreateSchema, DropSchema

from ledger import checkout
from ledger.errors import LedgerError
from ledger.store import locks
from ledger.store.tables import APP, CHAIN, Base

if TYPE_CHECKING:  # its import takes long, and only tables that are to change need it
    from alembic.config import Config

MIGRATIONS = (
    checkout.ROOT / "migrations" if checkout.is_one() else Path(__file__).with_name("migrations")
)  # setup.py puts them there
VERSION_TABLE = "schema_version"
_VERSION = Table(VERSION_TABLE, MetaData(), Column("version_num", String), schema=APP)
"""Alembic's own, which has one line or none."""


def alembic_config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration, wherever the command runs; the connection is what the migrations run on."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))  # it fills in values there
    config.attributes["connection"] = connection
    return config


def revision(connection: Connection) -> str | None:
    """The tables' version; ``None`` in a database that has none of them."""
    if not inspect(connection).has_table(VERSION_TABLE, schema=APP):
        return None
    found: str | None = connection.scalar(select(_VERSION))
    return found


def newest_revision() -> str:
    """The version that this code works with."""
    return max(_known())


def prepare(engine: Engine) -> None:
    """Makes the tables in an empty database, and accepts only tables of this version in another."""
    with engine.begin() as connection:
        found = revision(connection)
        if found == newest_revision():
            return
        locks.lock_in_transaction(connection, locks.MIGRATION)
        if revision(connection) is None:
            upgrade_on(connection, "head")
            return
        _refuse_newer(found)
        if revision(connection) != newest_revision():
            raise LedgerError(
                f"The database is of an older version (revision {found}).", "Run: pledger db upgrade"
            )


def upgrade(engine: Engine, target: str = "head") -> tuple[str | None, str | None]:
    """Brings the tables to this version, in one transaction; returns the revision before and after."""
    with engine.begin() as connection:
        locks.lock_in_transaction(connection, locks.MIGRATION)
        before = revision(connection)
        _refuse_newer(before)
        upgrade_on(connection, target)
        return before, revision(connection)


def upgrade_on(connection: Connection, target: str) -> None:
    """Brings the tables to a version, in the caller's transaction; he holds the lock `locks.MIGRATION`."""
    from alembic import command

    command.upgrade(alembic_config(connection), target)


def downgrade(engine: Engine, target: str) -> None:
    """Takes the tables back to an older version, in one transaction; ``base`` removes them all."""
    from alembic import command

    with engine.begin() as connection:
        locks.lock_in_transaction(connection, locks.MIGRATION)
        _refuse_newer(revision(connection))
        command.downgrade(alembic_config(connection), target)


def drop_chain(engine: Engine) -> None:
    """Empties the schema ``chain`` by making it anew; the next indexing rebuilds it. ``app`` is left alone.

    Raises `LedgerError` while an indexer writes to it.
    """
    with engine.begin() as connection:
        if not locks.try_lock_in_transaction(connection, locks.CHAIN_SCHEMA):
            raise LedgerError(
                "An indexer is writing to this database.", "Stop it before dropping its tables."
            )
        connection.execute(DropSchema(CHAIN, cascade=True, if_exists=True))
        connection.execute(CreateSchema(CHAIN))
        tables = [table for table in Base.metadata.sorted_tables if table.schema == CHAIN]
        Base.metadata.create_all(connection, tables, checkfirst=False)


def is_known(revision: str) -> bool:
    """Whether this program knows tables of that version."""
    return revision in _known()


@cache
def _known() -> frozenset[str]:
    """All versions: the file of a migration begins with its own."""
    return frozenset(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*_*.py"))


def _refuse_newer(found: str | None) -> None:
    if found is not None and not is_known(found):
        raise LedgerError(
            f"The database is of a newer version (revision {found}) than this program.",
            "Update the program, or point PLEDGER_DATABASE_URL at another database.",
        )
