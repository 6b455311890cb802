"""What COPY brings into the database is what comes out again, whatever the value."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ARRAY, BigInteger, Boolean, Column, LargeBinary, MetaData, SmallInteger, Table, Text

from ledger.packed import PackedBytes, PackedNumbers, PackedTuples
from ledger.store import bulk
from ledger.store.copying import binary_columns
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


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, max_size=8))
def test_every_value_is_copied_as_it_is(database: Database, rows: list[tuple[Any, ...]]) -> None:
    with database.engine.connect() as connection:
        COPIED.create(connection)
        bulk.append(connection, COPIED, rows)
        read = [tuple(row) for row in connection.execute(COPIED.select())]
        connection.rollback()
    assert read == [tuple(row) for row in rows]


def _packed(column: Column[Any], values: tuple[Any, ...]) -> Sequence[Any]:
    """The values as the indexer has them, where they are of one kind."""
    kind = column.type
    if isinstance(kind, BigInteger | SmallInteger):
        return PackedNumbers.of(values)
    if isinstance(kind, Whole):
        return PackedNumbers(PackedBytes.of([value.to_bytes(32) for value in values]).matrix)
    if isinstance(kind, LargeBinary):
        return PackedBytes.of(values)
    if column.name == "topics":
        return PackedTuples([PackedBytes.of(topic) for topic in zip(*values, strict=True)], len(values))
    return values


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.data(),
    widths=st.tuples(*[st.integers(0, 40)] * 2),
    topics=st.integers(0, 4),
    bits=st.integers(0, 256),
)
def test_packed_columns_are_copied_as_their_values(
    database: Database, data: st.DataObject, widths: tuple[int, int], topics: int, bits: int
) -> None:
    """All of them, or some beside others that are not: amounts up to so many bits."""
    first, second = (st.binary(min_size=width, max_size=width) for width in widths)
    amounts = st.integers(0, 2**bits - 1)
    row = st.tuples(
        st.integers(0, 2**63 - 1),
        st.integers(0, 2**15 - 1),
        st.booleans(),
        first,
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        amounts,
        st.lists(st.binary(min_size=32, max_size=32), min_size=topics, max_size=topics),
        st.lists(st.integers(0, 10**18), max_size=3),
        st.integers(0, 2**63 - 1),
        second,
        amounts,
    )
    rows = data.draw(st.lists(row, min_size=1, max_size=5))
    chosen = data.draw(st.sets(st.sampled_from([column.name for column in COPIED.columns])))
    columns = [
        _packed(column, values) if column.name in chosen else values
        for column, values in zip(COPIED.columns, zip(*rows, strict=True), strict=True)
    ]
    with database.engine.connect() as connection:
        COPIED.create(connection)
        bulk.append_copied(connection, COPIED, binary_columns(COPIED, [columns]))
        read = [tuple(row) for row in connection.execute(COPIED.select())]
        connection.rollback()
    assert read == rows


@pytest.mark.parametrize(("column", "value"), [("number", 2**63), ("small", 2**15), ("small", 2**63)])
def test_a_packed_number_too_large_for_its_column_is_refused(column: str, value: int) -> None:
    row = {"number": 1, "small": 1, column: value}
    names = [each.name for each in COPIED.columns]
    columns = [PackedNumbers.of([row[name]]) if name in row else [None] for name in names]
    with pytest.raises(OverflowError, match="too large"):
        list(binary_columns(COPIED, [columns]))


def test_rows_of_many_megabytes_arrive_in_their_order(database: Database) -> None:
    rows: list[tuple[Any, ...]] = [
        (number, 1, True, bytes(3_000), "", number, [], [], None, None, None) for number in range(2_000)
    ]
    with database.engine.connect() as connection:
        COPIED.create(connection)
        bulk.append(connection, COPIED, rows)
        read = connection.scalars(COPIED.select().with_only_columns(COPIED.c.number)).all()
        connection.rollback()
    assert read == list(range(2_000))
