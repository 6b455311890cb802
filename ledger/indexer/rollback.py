"""Taking entries back when their blocks are gone: afterwards every table is as if they had never been."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.sql.expression import any_, literal

from ledger.indexer.entries import Entries, in_order, stored_entries
from ledger.indexer.projections import FOLDS, project
from ledger.indexer.projections.changes import Changes, Fold, table_of
from ledger.indexer.rows import sum_rows
from ledger.indexer.scope import Scope
from ledger.store import bulk, tables
from ledger.store.tables.journal import TOPICS

_ENTRY = table_of(tables.Entry)
_NUMBERED = [
    table
    for table in tables.Base.metadata.sorted_tables
    if table.schema == tables.CHAIN and {"contract", "seq"} <= set(table.columns.keys())
]
"""Tables whose rows carry the number of the entry that made them, ``entry`` itself among them."""
_SUMS = [table_of(tables.Book), table_of(tables.Claimed)]
PAGE = 10_000
"""Entries, or things, held in memory at a time."""


def take_back(connection: Connection, scope: Scope, block: int) -> int:
    """Removes all entries after a block, and what followed from them; returns how many there were.

    Runs in the caller's transaction, which also moves the checkpoint. Holds a page of entries at a time.
    """
    removed = sum(_take_back(connection, scope, contract, block) for contract in scope.contracts)
    for table in _SUMS:
        # A row of sums is there because something was added to it: with all of that taken back, the row goes.
        empty = and_(*(column == 0 for column in table.columns if not column.primary_key))
        for contract in scope.contracts:
            connection.execute(delete(table).where(_of(table, scope, contract), empty))
    return removed


def _take_back(connection: Connection, scope: Scope, contract: bytes, block: int) -> int:
    removed = 0
    first: int | None = None
    touched: dict[Fold, set[Any]] = {fold: set() for fold in FOLDS}
    for page in _pages(connection, scope, contract, _ENTRY.c.block_number > block):
        removed += sum(map(len, page))
        first = first or min(entries.seqs[0] for entries in page)
        changes = Changes()
        project(page, changes)
        for table, sums in changes.sums.items():
            bulk.add_up(connection, table, sum_rows(table, sums, sign=-1))
        for fold in FOLDS:
            touched[fold].update(*(each.args[fold.subject[0]] for each in page if each.event in fold.events))
    if first is None:
        return 0
    for fold, things in touched.items():
        for some in _parts(sorted(things)):
            _fold_anew(connection, scope, fold, contract, some, first)
    for table in _NUMBERED:
        later = table.c.seq >= first if table is not _ENTRY else _ENTRY.c.block_number > block
        connection.execute(delete(table).where(_of(table, scope, contract), later))
    return removed


def _fold_anew(
    connection: Connection, scope: Scope, fold: Fold, contract: bytes, things: Sequence[bytes], first: int
) -> None:
    """Deletes all rows of these things, and folds their entries before number ``first`` again."""
    rows = _of(fold.table, scope, contract)
    connection.execute(
        delete(fold.table).where(rows, fold.table.c[fold.subject[0]] == any_(literal(things, ARRAY(BYTEA))))
    )
    words = [thing.rjust(32, b"\0") for thing in things]
    remaining = and_(
        _ENTRY.c.seq < first,
        _ENTRY.c.event.in_(fold.events),
        # The subject's first column is an indexed argument, of some events another one than of others.
        or_(*(_ENTRY.c.topics[place] == any_(literal(words, ARRAY(BYTEA))) for place in TOPICS)),
    )
    changes, wanted = Changes(), set(things)
    for page in _pages(connection, scope, contract, remaining):
        for entry in in_order(page):
            if entry.args[fold.subject[0]] in wanted:
                changes.fold(fold, entry)
    bulk.replace(connection, fold.table, list(changes.replaced[fold.table].values()))


def _pages(
    connection: Connection, scope: Scope, contract: bytes, which: ColumnElement[bool]
) -> Iterator[list[Entries]]:
    """Stored entries of a contract in their order, `PAGE` at a time."""
    after = 0
    while True:
        rows = connection.execute(
            select(_ENTRY)
            .where(_of(_ENTRY, scope, contract), which, _ENTRY.c.seq > after)
            .order_by(_ENTRY.c.seq)
            .limit(PAGE)
        ).all()
        if not rows:
            return
        yield stored_entries(scope.chain_id, scope.kinds, rows)
        after = rows[-1].seq


def _parts(things: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(things), PAGE):
        yield things[start : start + PAGE]


def _of(table: Table, scope: Scope, contract: bytes) -> ColumnElement[bool]:
    return and_(table.c.chain_id == scope.chain_id, table.c.contract == contract)
