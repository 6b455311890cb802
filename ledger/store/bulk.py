"""Writing many rows at once: appended by COPY, summed up or replaced by one upsert each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import ARRAY, Column, Connection, Table, bindparam, func, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import DBAPIError

from ledger.store.copying import binary


def append(connection: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Adds rows, each with a value for every column in the table's order. Raises as `append_copied`."""
    append_copied(connection, table, binary(table, rows))


def append_copied(connection: Connection, table: Table, pieces: Iterable[bytes]) -> None:
    """Adds the rows that `ledger.store.copying.binary` has made such pieces of.

    Raises SQLAlchemy's errors, as every other statement does, when the database fails or refuses a row.
    """
    driver = cast(psycopg.Connection[Any], connection.connection.dbapi_connection)
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    into = sql.Identifier(schema_of(connection, table), table.name)
    try:
        with (
            driver.cursor() as cursor,
            cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(into, columns)) as copy,
        ):
            for piece in pieces:
                copy.write(piece)
    except psycopg.Error as error:
        raise DBAPIError.instance(
            f"COPY {table.name}", {}, error, psycopg.Error, dialect=connection.dialect
        ) from error


def schema_of(connection: Connection, table: Table) -> str:
    """Where this connection finds the table: another schema than its own while tables are built beside."""
    schemas = connection.get_execution_options().get("schema_translate_map", {})
    return str(schemas.get(table.schema, table.schema))


def replace(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds rows, or overwrites those of the same primary key."""
    if not rows:
        return
    statement = _insert_arrays(table, list(table.columns))
    changed = {column.name: statement.excluded[column.name] for column in _values(table)}
    _run(connection, statement.on_conflict_do_update(constraint=table.primary_key, set_=changed), table, rows)


def add_up(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds each row's values to those of the row with the same primary key, or to nothing.

    A table summed up this way consists of its key and its sums.
    """
    if not rows:
        return
    statement = _insert_arrays(table, list(table.columns))
    sums = {column.name: column + statement.excluded[column.name] for column in _values(table)}
    _run(connection, statement.on_conflict_do_update(constraint=table.primary_key, set_=sums), table, rows)


def _values(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if not column.primary_key]


def _insert_arrays(table: Table, columns: Sequence[Column[Any]]) -> Insert:
    """One statement for any number of rows: an array for each column, of which none is an array itself."""
    arrays = [bindparam(column.name, type_=ARRAY(column.type)) for column in columns]
    rows = func.unnest(*arrays).table_valued(*(column.name for column in columns)).render_derived()
    return insert(table).from_select([column.name for column in columns], select(rows))


def _run(connection: Connection, statement: Insert, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    arrays = {column.name: [row[column.name] for row in rows] for column in table.columns}
    connection.execute(statement, arrays)
