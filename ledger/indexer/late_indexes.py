"""Indexes that are made after a first reading: sorting all rows once costs far less than a place for each.

PostgreSQL's documentation advises it ("Populating a Database"). Whoever reads tables meanwhile waits longer
and finds the same. Which indexes are missing, the database itself knows: an indexer that was killed leaves
nothing to remember, the next one makes them where this one would have.
"""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Connection, Index, Table, exists, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import DropIndex

from ledger.indexer.projections import FOLDS
from ledger.indexer.projections.changes import table_of
from ledger.store import locks
from ledger.store.bulk import schema_of
from ledger.store.making_indexes import make_indexes
from ledger.store.tables import CHAIN, Base, Entry
from ledger.store.tables.journal import ABOUT_INDEXES

HOLD_UP = "200ms"
"""How long readers may be kept waiting at most by a table that waits for its turn."""


def _is_late(table: Table) -> bool:
    """Whether rows are only ever added, one or more for an entry; the writer looks none of them up."""
    keyed_by_entry = "seq" in table.primary_key.columns and table.name != "entry"
    return table.schema == CHAIN and keyed_by_entry and table not in [fold.table for fold in FOLDS]


TABLES: Sequence[Table] = [table for table in Base.metadata.sorted_tables if _is_late(table)]
OF_ROWS: Sequence[Index] = [
    index for table in TABLES for index in sorted(table.indexes, key=lambda index: str(index.name))
]
"""Of the tables that follow from entries."""
OF_ENTRIES: Sequence[Index] = sorted(
    (index for index in table_of(Entry).indexes if index.name in ABOUT_INDEXES),
    key=lambda index: str(index.name),
)
"""Those of the entries by which only readers find them."""
INDEXES: Sequence[Index] = [*OF_ROWS, *OF_ENTRIES]


def put_off(connection: Connection, indexes: Sequence[Index] = INDEXES) -> None:
    """Drops these indexes of every table that is empty and that nobody is busy with."""
    by_table: dict[Table, list[Index]] = {}
    for index in indexes:
        by_table.setdefault(cast(Table, index.table), []).append(index)
    for table, own in by_table.items():
        try:
            with connection.begin():
                is_empty = _is_empty(connection, table)
            if is_empty:
                with connection.begin():
                    _put_off(connection, table, own)
        except OperationalError as error:
            if not locks.was_too_slow(error):
                raise


def _put_off(connection: Connection, table: Table, indexes: Sequence[Index]) -> None:
    """Looks again when nobody else can write; a first look in this transaction would lead to deadlocks."""
    connection.execute(text(f"SET LOCAL lock_timeout = '{HOLD_UP}'"))
    name = f'"{schema_of(connection, table)}"."{table.name}"'
    connection.execute(text(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE"))
    if _is_empty(connection, table):
        for index in indexes:
            connection.execute(DropIndex(index, if_exists=True))


def _is_empty(connection: Connection, table: Table) -> bool:
    return not connection.scalar(select(exists().select_from(table)))


def missing(connection: Connection) -> list[Index]:
    """Those that are not there."""
    found = [func.to_regclass(f"{CHAIN}.{index.name}").is_not(None) for index in INDEXES]
    there = connection.execute(select(*found)).one()
    return [index for index, is_there in zip(INDEXES, there, strict=True) if not is_there]


def make(connection: Connection, indexes: Sequence[Index] = INDEXES) -> None:
    """Makes what is missing. Readers go on; whoever writes to such a table waits."""
    make_indexes(connection, indexes)
