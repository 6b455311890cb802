"""A step as rows: its entries and what follows from them, its blocks."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.sql.expression import any_, literal

from ledger.indexer.effects import Effects, table_named
from ledger.indexer.entries import Entry
from ledger.indexer.projections import FOLDS, fold
from ledger.indexer.projections.changes import Changes, Fold, Row, table_of
from ledger.indexer.scope import Scope
from ledger.indexer.steps import Step
from ledger.store import bulk, partitions, tables


def write_entries(connection: Connection, scope: Scope, step: Step) -> None:
    """Writes the entries and what follows from them."""
    if step.entries:
        partitions.make_room(connection, scope.chain_id, step.carriers)
        bulk.append_copied(connection, table_of(tables.Entry), step.copied)
        write_effects(connection, scope, step.effects)


def write_effects(connection: Connection, scope: Scope, effects: Effects) -> None:
    """Writes what follows from entries, and not the entries themselves."""
    for name, pieces in effects.copied.items():
        bulk.append_copied(connection, table_named(name), pieces)
    for name, sums in effects.sums.items():
        bulk.add_up(connection, table_named(name), sum_rows(table_named(name), sums))
    changes = Changes({each: _current(connection, scope, each, effects.folded) for each in FOLDS})
    fold(effects.folded, changes)
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


def write_blocks(connection: Connection, scope: Scope, step: Step, final: int) -> None:
    """Keeps the step's blocks that carry something or are not final, and its last.

    Of the blocks before it that have become final since they were kept, those that carry nothing go.
    """
    block = table_of(tables.Block)
    own = scope.chain_id, scope.ledger
    carriers = step.carriers | {row["block_number"] for row in step.powers}
    kept = (
        (*own, number, each.hash, each.parent_hash, each.timestamp, number in carriers, each.verified)
        for number, each in sorted(step.headers.items())
        if number in carriers or number > final or number == step.last.number
    )
    bulk.append(connection, block, kept)
    connection.execute(
        delete(block).where(
            block.c.chain_id == scope.chain_id,
            block.c.deployment == scope.ledger,
            block.c.number <= min(final, step.last.number - 1),
            ~block.c.carries,
        )
    )


def _current(
    connection: Connection, scope: Scope, fold: Fold, entries: Sequence[Entry]
) -> Mapping[Hashable, Row]:
    """For every thing of the fold that the entries are about, the row it has now, if any."""
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
