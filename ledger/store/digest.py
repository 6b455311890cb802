"""One number for all that the mirror holds: two databases that hold the same have the same number.

SHA-256 over, for each table of the schema ``chain`` in the order of their names, a line ``name(column,...)``
and the rows in the order of their primary key, as PostgreSQL's ``COPY ... TO STDOUT`` writes them (text
format, bytes in hex). ``checkpoint`` and ``block`` are left out: they say how far a mirror has looked, which
differs between two that hold the same entries. Every entry carries number, hash and time of its block.
``power_change`` is of no journal, and so in no digest: the audit compares it with the access manager itself.
Nor is what is kept of other tables (`projections.KEPT`): it may not have been made yet.
"""

import hashlib
from collections.abc import Collection, Iterable
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Table, text

from ledger.store import projections
from ledger.store.database import Database
from ledger.store.tables import (
    CHAIN,
    Base,
    Block,
    Checkpoint,
    PowerChange,
    ProjectionsVersion,
)

BESIDE = (
    Block.__table__,
    Checkpoint.__table__,
    PowerChange.__table__,
    ProjectionsVersion.__table__,
    *projections.KEPT,
)
"""Tables that no entry of a journal made."""


def digest(database: Database) -> str:
    """The digest as 64 hex digits, of one moment, however long it takes and whoever writes meanwhile.

    Raises `TablesOfAnotherVersion`.
    """
    engine = database.engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True, postgresql_deferrable=False
    )
    with engine.begin() as connection:
        projections.require(projections.found(connection))
        return digest_of(connection)


def digest_of(connection: Connection, only: tuple[int, Collection[bytes]] | None = None) -> str:
    """The digest as the connection's transaction sees the tables; ``only`` of the rows that these contracts
    of a chain made, so that two databases of which one mirrors more can be compared.
    """
    connection.execute(text("SET LOCAL bytea_output = 'hex'"))
    total = hashlib.sha256()
    for table in digested():
        _add(total, connection, table, only)
    return total.hexdigest()


def digested() -> list[Table]:
    """The tables that the digest covers, in its order."""
    tables = sorted(Base.metadata.tables.values(), key=lambda each: each.name)
    return [table for table in tables if table.schema == CHAIN and table not in BESIDE]


def _add(
    total: "hashlib._Hash", connection: Connection, table: Table, only: tuple[int, Collection[bytes]] | None
) -> None:
    names = [column.name for column in table.columns]
    total.update(f"{table.name}({','.join(names)})\n".encode())
    driver = cast(psycopg.Connection[Any], connection.connection.dbapi_connection)
    which: sql.Composable = sql.SQL("TRUE")
    if only is not None:
        chain_id, contracts = only
        which = sql.SQL("chain_id = {} AND contract IN ({})").format(
            sql.Literal(chain_id), sql.SQL(", ").join(sql.Literal(contract) for contract in contracts)
        )
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE {} ORDER BY {}) TO STDOUT").format(
        _list(names), sql.Identifier(CHAIN, table.name), which, _list(table.primary_key.columns.keys())
    )
    with driver.cursor() as cursor, cursor.copy(query) as copy:
        for part in copy:
            total.update(part)


def _list(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)
