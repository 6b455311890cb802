"""What entries do to the tables, made ready by whoever has the time; only folds wait for the tables' rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from ledger.indexer.entries import Entries, Entry, in_order
from ledger.indexer.projections import FOLDED, project
from ledger.indexer.projections.changes import Changes
from ledger.store.copying import binary_columns
from ledger.store.tables import Base


@dataclass(frozen=True)
class Effects:
    """By tables' names: rows to append, as COPY takes them, and amounts to add up, by key.

    ``folded`` are the entries that move things on.
    """

    copied: Mapping[str, Sequence[bytes]]
    sums: Mapping[str, Mapping[tuple[Any, ...], Sequence[int]]]
    folded: Sequence[Entry]


def effects_of(some: Sequence[Entries]) -> Effects:
    """What the entries do. Raises `LedgerError` for an event that nobody here knows."""
    changes = Changes()
    project(some, changes)
    return Effects(
        {table.key: list(binary_columns(table, rows)) for table, rows in changes.appended.items()},
        {table.key: dict(sums) for table, sums in changes.sums.items()},
        in_order(entries for entries in some if entries.event in FOLDED),
    )


def table_named(name: str) -> Table:
    """The table that an effect names."""
    return Base.metadata.tables[name]
