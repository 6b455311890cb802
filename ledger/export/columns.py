"""SQL's types as Parquet's. uint256 is text: Parquet's decimals end at 76 digits, most readers' at 38.

============== =================== =============================================
SQL            Parquet             holds
============== =================== =============================================
BIGINT         int64               numbers, seconds since 1970
SMALLINT       int16               levels, states
NUMERIC(n, 0)  string              an amount, or a nonce, in decimal digits
BYTEA          binary              addresses (20), heads (24), hashes and ids (32)
TEXT, BOOLEAN  string, bool
T[]            list of T
============== =================== =============================================
"""

from typing import Any

import pyarrow as pa
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.types import TypeEngine

from ledger.store.tables.base import Whole


def schema_of(table: Table) -> pa.Schema:
    """The table's columns, in its order, with the comments that say what they hold."""
    return pa.schema(
        [
            pa.field(
                column.name,
                _parquet(column.type),
                nullable=bool(column.nullable),
                metadata={"comment": column.comment or ""},
            )
            for column in table.columns
        ],
        metadata={"comment": table.comment or ""},
    )


def selected(column: Column[Any]) -> ColumnElement[Any]:
    """The column as it is selected, so that its values are what `schema_of` says."""
    if isinstance(column.type, Whole):
        return sql_cast(column, Text)
    if isinstance(column.type, ARRAY) and isinstance(column.type.item_type, Whole):
        return sql_cast(column, ARRAY(Text))
    return column


def _parquet(sql: TypeEngine[Any]) -> pa.DataType:
    if isinstance(sql, ARRAY):
        return pa.list_(_parquet(sql.item_type))
    if isinstance(sql, Whole | Text):
        return pa.string()
    if isinstance(sql, LargeBinary):
        return pa.binary()
    if isinstance(sql, Boolean):
        return pa.bool_()
    if isinstance(sql, SmallInteger):
        return pa.int16()
    if isinstance(sql, BigInteger):
        return pa.int64()
    raise TypeError(f"no Parquet type for {sql!r}")
