"""Versions of the tables: empty, older, current or newer; upgrade, downgrade, and ``chain`` made anew.

There are three kinds. What exists nowhere else (the schema ``app``) and what was read from the chain (entries
and blocks, in ``chain``) each have a history of migrations: rows are brought along. All other tables of
``chain`` follow from the entries: they have one version, and are made anew (`ledger.store.projections`).
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select
from sqlalchemy.schema import CreateSchema, DropSchema

from ledger import checkout
from ledger.errors import LedgerError
from ledger.store import locks, projections
from ledger.store.tables import APP, CHAIN

if TYPE_CHECKING:  # its import takes long, and only tables that are to change need it
    from alembic.config import Config

MIGRATIONS = (
    checkout.ROOT / "migrations" if checkout.is_one() else Path(__file__).with_name("migrations")
)  # setup.py puts them there
VERSION_TABLE = "schema_version"
ENTRIES_VERSION_TABLE = "entries_version"


@dataclass(frozen=True)
class History:
    """Migrations of some tables: the folder with their files, and where a database keeps its version."""

    folder: str
    schema: str
    version_table: str

    @cached_property
    def known(self) -> frozenset[str]:
        """All versions: the file of a migration begins with its own."""
        files = (MIGRATIONS / self.folder).glob("*_*.py")
        return frozenset(path.name.partition("_")[0] for path in files)

    @property
    def newest(self) -> str:
        """The version that this code works with."""
        return max(self.known)

    def revision(self, connection: Connection) -> str | None:
        """The tables' version; ``None`` in a database that has none of them."""
        if not inspect(connection).has_table(self.version_table, schema=self.schema):
            return None
        found: str | None = connection.scalar(select(_version_table(self)))
        return found

    def upgrade(self, connection: Connection, target: str = "head") -> None:
        """Brings the tables to a version, in the caller's transaction; he holds `locks.MIGRATION`."""
        from alembic import command

        command.upgrade(alembic_config(connection, self), target)

    def refuse_newer(self, connection: Connection) -> None:
        """Raises `LedgerError` when this program does not know the tables' version."""
        found = self.revision(connection)
        if found is not None and found not in self.known:
            raise LedgerError(
                f"The database is of a newer version (revision {found}) than this program.",
                "Update the program, or point PLEDGER_DATABASE_URL at another database.",
            )


ALL_OF_APP = History("versions", APP, VERSION_TABLE)
ENTRIES = History("entries", CHAIN, ENTRIES_VERSION_TABLE)
HISTORIES = (ALL_OF_APP, ENTRIES)


@cache
def _version_table(history: History) -> Table:
    """Alembic's own, which has one line or none."""
    return Table(history.version_table, MetaData(), Column("version_num", String), schema=history.schema)


def alembic_config(connection: Connection | None = None, history: History = ALL_OF_APP) -> "Config":
    """Alembic's configuration, wherever the command runs; the connection is what the migrations run on."""
    from alembic.config import Config

    config = Config()
    for name, path in (("script_location", MIGRATIONS), ("version_locations", MIGRATIONS / history.folder)):
        config.set_main_option(name, str(path).replace("%", "%%"))  # it fills in values there
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, history=history)
    return config


def revision(connection: Connection) -> str | None:
    """The version of what exists nowhere else; ``None`` in a database that has none of these tables."""
    return ALL_OF_APP.revision(connection)


def newest_revision() -> str:
    """The version of it that this code works with."""
    return ALL_OF_APP.newest


def is_known(revision: str) -> bool:
    """Whether this program knows tables of that version."""
    return revision in ALL_OF_APP.known


def prepare(engine: Engine) -> None:
    """Makes the tables in an empty database, and accepts only tables of this version in another.

    Tables that follow from entries may be of another version: whoever reads them sees to that, and the next
    indexing makes them anew.
    """
    with engine.begin() as connection:
        if _is_current(connection):
            return
        locks.lock_in_transaction(connection, locks.MIGRATION)
        if revision(connection) is None:
            _upgrade(connection, "head")
            return
        for history in HISTORIES:
            history.refuse_newer(connection)
        if not _is_current(connection):
            raise LedgerError(
                f"The database is of an older version (revision {revision(connection)}).",
                "Run: pledger db upgrade",
            )


def upgrade(engine: Engine, target: str = "head") -> tuple[str | None, str | None]:
    """Brings what exists nowhere else to this version, and entries to the newest, in one transaction; returns
    the revision before and after.
    """
    with engine.begin() as connection:
        locks.lock_in_transaction(connection, locks.MIGRATION)
        before = revision(connection)
        for history in HISTORIES:
            history.refuse_newer(connection)
        _upgrade(connection, target)
        return before, revision(connection)


def downgrade(engine: Engine, target: str) -> None:
    """Takes what exists nowhere else back to an older version, in one transaction; ``base`` removes all
    tables.
    """
    from alembic import command

    with engine.begin() as connection:
        locks.lock_in_transaction(connection, locks.MIGRATION)
        for history in HISTORIES:
            history.refuse_newer(connection)
        if target == "base":
            connection.execute(DropSchema(CHAIN, cascade=True, if_exists=True))
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
        make_chain(connection)


def make_chain(connection: Connection) -> None:
    """Makes the schema ``chain`` anew, empty, in the caller's transaction."""
    connection.execute(DropSchema(CHAIN, cascade=True, if_exists=True))
    connection.execute(CreateSchema(CHAIN))
    ENTRIES.upgrade(connection)
    projections.make(connection)


def _is_current(connection: Connection) -> bool:
    return all(history.revision(connection) == history.newest for history in HISTORIES)


def _upgrade(connection: Connection, target: str) -> None:
    ALL_OF_APP.upgrade(connection, target)
    if ENTRIES.revision(connection) is None:
        make_chain(connection)
    else:
        ENTRIES.upgrade(connection)
