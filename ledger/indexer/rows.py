"""A batch as rows: what its folds start from, its entries and what follows from them, its blocks."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, exists, select
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.sql.expression import any_, literal

from ledger.indexer.entries import Entry, entry_row
from ledger.indexer.fetch import Batch
from ledger.indexer.projections import FOLDS, project
from ledger.indexer.projections.changes import Changes, Fold, Row, table_of
from ledger.indexer.scope import Scope
from ledger.store import bulk, partitions, tables

CurrentRows = Mapping[Fold, Mapping[Hashable, Row]]


def current_rows(connection: Connection, scope: Scope, entries: Sequence[Entry]) -> CurrentRows:
    """For every thing that the entries are about, the row it has now, if any."""
    return {fold: _current(connection, scope, fold, entries) for fold in FOLDS}


def _current(
    connection: Connection, scope: Scope, fold: Fold, entries: Sequence[Entry]
) -> Mapping[Hashable, Row]:
    values = sorted({entry.args[fold.subject[0]] for entry in entries if entry.event in fold.events})
    if not values:
        return {}
    columns = fold.table.c
    query = select(fold.table).where(
        columns.chain_id == scope.chain_id,
        columns.contract == any_(literal(scope.contracts, ARRAY(BYTEA))),
        columns[fold.subject[0]] == any_(literal(values, ARRAY(BYTEA))),
    )
    if fold.open is not None:
        query = query.where(columns[fold.open].is_(None))
    rows = (dict(row._mapping) for row in connection.execute(query))
    return {(row["contract"], *(row[column] for column in fold.subject)): row for row in rows}


def write_entries(connection: Connection, entries: Sequence[Entry], current: CurrentRows) -> None:
    """Writes the entries and what follows from them."""
    if entries:
        partitions.make_room(connection, entries[0].chain_id, {entry.log.block_number for entry in entries})
        bulk.append(connection, table_of(tables.Entry), (entry_row(entry) for entry in entries))
        write_projections(connection, entries, current)


def write_projections(connection: Connection, entries: Sequence[Entry], current: CurrentRows) -> None:
    """Writes what follows from entries, and not the entries themselves."""
    changes = Changes(current)
    project(entries, changes)
    for table, rows in changes.appended.items():
        bulk.append(connection, table, rows)
    for table, sums in changes.sums.items():
        bulk.add_up(connection, table, sum_rows(table, sums))
    for table, replaced in changes.replaced.items():
        bulk.replace(connection, table, list(replaced.values()))


def sum_rows(
    table: Table, sums: Mapping[tuple[Any, ...], Sequence[int]], sign: int = 1
) -> list[dict[str, Any]]:
    """Sums by key as rows of their table: its primary key, then its sums, which ``sign`` may turn."""
    columns = sorted(table.columns, key=lambda column: not column.primary_key)
    names = [column.name for column in columns]
    return [
        dict(zip(names, (*key, *(sign * amount for amount in amounts)), strict=True))
        for key, amounts in sums.items()
    ]


def write_blocks(
    connection: Connection, scope: Scope, batch: Batch, entries: Sequence[Entry], final: int, pruned_to: int
) -> None:
    """Keeps the batch's blocks that carry entries or are not final, and its last.

    Of the blocks after ``pruned_to`` that have become final since they were kept, those without entries go.
    """
    block = table_of(tables.Block)
    carriers = {entry.log.block_number for entry in entries}
    kept = (
        header
        for number, header in sorted(batch.headers.items())
        if number in carriers or number > final or number == batch.last.number
    )
    bulk.append(
        connection,
        block,
        (
            (scope.chain_id, scope.ledger, header.number, header.hash, header.parent_hash, header.timestamp)
            for header in kept
        ),
    )
    entry = table_of(tables.Entry)
    carries = exists().where(
        entry.c.chain_id == scope.chain_id,
        entry.c.block_number == block.c.number,
        entry.c.block_number > pruned_to,  # said again for the entries, whose partitions are chosen by it
        entry.c.contract == any_(literal(scope.contracts, ARRAY(BYTEA))),
    )
    connection.execute(
        delete(block).where(
            block.c.chain_id == scope.chain_id,
            block.c.deployment == scope.ledger,
            block.c.number > pruned_to,
            block.c.number <= min(final, batch.last.number - 1),
            ~carries,
        )
    )
