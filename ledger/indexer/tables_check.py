"""The projections beside those that the stored entries make: whether every table holds what it must.

Nothing is left behind: the second set is built in a transaction of its own that is taken back.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Table, select, union_all
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateSchema

from ledger.errors import LedgerError
from ledger.indexer.effects import effects_of
from ledger.indexer.entries import Entries, stored_entries
from ledger.indexer.projections.changes import table_of
from ledger.indexer.rebuild import PAGE
from ledger.indexer.rows import write_effects
from ledger.indexer.scope import Scope
from ledger.store import tables
from ledger.store.database import Database
from ledger.store.digest import digest_of
from ledger.store.projections import OF_ENTRIES
from ledger.store.tables import CHAIN, Base

_ENTRY = table_of(tables.Entry)


@dataclass(frozen=True)
class TablesCheck:
    """``digest`` is that of the schema ``chain``; ``unlike`` the first row that differs, in words."""

    tables: int
    digest: str
    unlike: str | None


def _nobody(_done: int) -> None:
    """Nobody listens."""


def check_tables(database: Database, scope: Scope, told: Callable[[int], None] = _nobody) -> TablesCheck:
    """Makes a deployment's projections from its stored entries, and compares them with its tables, as of now.
    ``told`` hears how many entries are done.

    Indexers and readers go on meanwhile. Raises LedgerError when the database does not let it.
    """
    beside = f"chain_audit_{os.getpid()}"
    engine = database.engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            digest = digest_of(connection)
            connection.execute(CreateSchema(beside))
            _build(connection, scope, beside, told)
            unlike = next(
                filter(None, (_unlike(connection, scope, each, beside) for each in OF_ENTRIES)), None
            )
            transaction.rollback()
    except DBAPIError as error:
        reason = database.reason(error)
        raise LedgerError(
            f"The tables cannot be made anew for comparison: {reason}",
            "Ask the database that the indexer writes to, or leave them out with --no-tables.",
        ) from error
    return TablesCheck(len(OF_ENTRIES), digest, unlike)


def _build(connection: Connection, scope: Scope, beside: str, told: Callable[[int], None]) -> None:
    connection.execution_options(schema_translate_map={CHAIN: beside})
    Base.metadata.create_all(connection, OF_ENTRIES, checkfirst=False)
    done = 0
    for page in _pages(connection, scope):
        write_effects(connection, scope, effects_of(page))
        done += sum(map(len, page))
        told(done)
    connection.execution_options(schema_translate_map={})


def _pages(connection: Connection, scope: Scope) -> Iterator[list[Entries]]:
    """The entries in the chain's order, of the tables as they are."""
    rows = connection.execute(
        select(_ENTRY)
        .where(_ENTRY.c.chain_id == scope.chain_id, _ENTRY.c.contract.in_(scope.contracts))
        .order_by(_ENTRY.c.block_number, _ENTRY.c.log_index),
        execution_options={"schema_translate_map": {}, "yield_per": PAGE},
    )
    for page in rows.partitions():
        yield stored_entries(scope.chain_id, scope.kinds, page)


def _unlike(connection: Connection, scope: Scope, table: Table, beside: str) -> str | None:
    """The first row that one of the two has and the other has not, by the primary key."""
    other = table.to_metadata(type(Base.metadata)(), schema=beside)
    here, anew = (
        select(each).where(each.c.chain_id == scope.chain_id, each.c.contract.in_(scope.contracts))
        for each in (table, other)
    )
    differing = union_all(
        here.except_all(anew).subquery().select(), anew.except_all(here).subquery().select()
    )
    rows = differing.subquery()
    key = [rows.c[column.name] for column in table.primary_key.columns]
    found = connection.execute(select(*key).order_by(*key).limit(1)).first()
    if found is None:
        return None
    shown = ", ".join(
        f"{name} {'0x' + value.hex() if isinstance(value, bytes) else value}"
        for name, value in zip(table.primary_key.columns.keys(), found, strict=True)
        if name != "chain_id"
    )
    return f"table {table.name}, {shown}: it is not what the stored entries make"
