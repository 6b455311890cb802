"""What COPY brings into the database is what comes out again, whatever the value."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ARRAY, BigInteger, Boolean, Column, LargeBinary, MetaData, SmallInteger, Table, Text

from ledger.store import bulk
from ledger.store.database import Database
from ledger.store.tables.base import Whole

COPIED = Table(
    "copied",
    MetaData(),
    Column("number", BigInteger, nullable=False),
    Column("small", SmallInteger, nullable=False),
    Column("flag", Boolean, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
    Column("amount", Whole(), nullable=False),
    Column("topics", ARRAY(LargeBinary), nullable=False),
    Column("weights", ARRAY(Whole(20)), nullable=False),
    Column("no_number", BigInteger),
    Column("no_bytes", LargeBinary),
    Column("no_amount", Whole()),
    schema="pg_temp",
)
SIGNED = {bits: st.integers(-(1 << bits - 1), (1 << bits - 1) - 1) for bits in (16, 64)}
AMOUNTS = st.integers(-(2**256) + 1, 2**256 - 1) | st.integers(0, 77).map(lambda power: 10**power)
BYTES = st.binary(max_size=100)
ROWS = st.tuples(
    SIGNED[64],
    SIGNED[16],
    st.booleans(),
    BYTES,
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    AMOUNTS,
    st.lists(BYTES, max_size=4) | st.lists(st.binary(min_size=32, max_size=32), max_size=4),
    st.lists(st.integers(0, 10**18), max_size=3),
    st.none() | SIGNED[64],
    st.none() | BYTES,
    st.none() | AMOUNTS,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, max_size=8))
def test_every_value_is_copied_as_it_is(database: Database, rows: list[tuple[Any, ...]]) -> None:
    with database.engine.connect() as connection:
        COPIED.create(connection)
        bulk.append(connection, COPIED, rows)
        read = [tuple(row) for row in connection.execute(COPIED.select())]
        connection.rollback()
    assert read == [tuple(row) for row in rows]


def test_rows_of_many_megabytes_arrive_in_their_order(database: Database) -> None:
    rows = [(number, 1, True, bytes(3_000), "", number, [], [], None, None, None) for number in range(2_000)]
    with database.engine.connect() as connection:
        COPIED.create(connection)
        bulk.append(connection, COPIED, rows)
        read = connection.scalars(COPIED.select().with_only_columns(COPIED.c.number)).all()
        connection.rollback()
    assert read == list(range(2_000))
