"""Tables that follow from the stored entries: their version, and how they are made, empty.

They are never migrated. A database whose tables are of another version than this program's is read by
programs of that version alone, until an indexer of this one has made them anew from the entries
(`ledger.indexer.rebuild`), beside the old ones, and put them in their place.
"""

import hashlib
from functools import cache
from typing import cast

from sqlalchemy import Connection, Table, insert, inspect, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from ledger.errors import LedgerError
from ledger.store.tables import (
    CHAIN,
    Base,
    Block,
    Checkpoint,
    Contested,
    Entry,
    Evidence,
    EvidenceKept,
    PowerChange,
    ProjectionsVersion,
    Score,
    Tally,
    Trust,
)

MEANING = 1
"""To be raised with every change of what rows say that does not show in the tables' columns and indexes."""
STORED = tuple(cast(Table, each.__table__) for each in (Entry, Block, Checkpoint, PowerChange))
"""Tables of the schema ``chain`` that are read from the chain: they have a history, see `schema.ENTRIES`."""
VERSION = cast(Table, ProjectionsVersion.__table__)
KEPT = [cast(Table, each.__table__) for each in (Evidence, EvidenceKept, Score, Trust, Contested, Tally)]
"""What is made of the other tables when a follower has caught up, and used only as of exactly that block."""
OF_ENTRIES = [
    table
    for table in Base.metadata.sorted_tables
    if table.schema == CHAIN and table not in (*STORED, *KEPT, VERSION)
]
"""What each entry makes."""
PROJECTIONS = [*OF_ENTRIES, *KEPT]


class TablesOfAnotherVersion(LedgerError):
    """The tables that follow from entries are those of another version of this program."""


@cache
def version() -> str:
    """This program's: what rows mean, and a hash of all tables and indexes."""
    made = hashlib.sha256()
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    for table in PROJECTIONS:
        made.update(str(CreateTable(table).compile(dialect=dialect)).encode())
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            made.update(str(CreateIndex(index).compile(dialect=dialect)).encode())
    return f"{MEANING}-{made.hexdigest()[:16]}"


def found(connection: Connection) -> str | None:
    """The version of the tables in a database; None where there are none."""
    if not inspect(connection).has_table(VERSION.name, schema=CHAIN):
        return None
    said: str | None = connection.scalar(select(VERSION.c.version))
    return said


def make(connection: Connection) -> None:
    """Makes them, empty, and notes their version, in the caller's transaction."""
    Base.metadata.create_all(connection, [*PROJECTIONS, VERSION], checkfirst=False)
    connection.execute(insert(VERSION).values(version=version()))


def require(said: str | None) -> None:
    """Raises `TablesOfAnotherVersion` unless that is this program's version."""
    if said == version():
        return
    refuse_newer(said)
    raise TablesOfAnotherVersion(
        f"Expected tables of version {version()}, got {said or 'none'}.",
        "`pledger index` makes them anew from the stored entries; until then programs of the older version "
        "read them.",
    )


def refuse_newer(said: str | None) -> None:
    """Raises `TablesOfAnotherVersion` when rows mean what this program does not know yet."""
    meaning = (said or "").partition("-")[0]
    if meaning.isdecimal() and int(meaning) > MEANING:
        raise TablesOfAnotherVersion(
            f"The database's tables are of a newer version ({said}) than this program ({version()}).",
            "Update the program.",
        )
