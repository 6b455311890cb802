"""What a batch of entries changes in the tables, gathered in memory and written set by set.

An entry can change tables in three ways, and each can be taken back exactly:

- it *appends* rows, which carry its number: taken back by deleting what has a later number;
- it *adds* to sums: taken back by subtracting the same;
- it moves a thing from one row to the next (*fold*): taken back by folding the thing's remaining entries
  anew.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import numpy as np
from sqlalchemy import Table

from ledger.indexer.entries import Entries, Entry
from ledger.packed import Packed, PackedBytes, PackedNumbers
from ledger.store.copying import Columns
from ledger.store.tables import Base

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Fold:
    """A thing whose rows follow from its own entries alone, one after the other.

    ``subject`` are the columns that name the thing, called as the arguments of its ``events``, in the order
    in which those are indexed. ``step`` takes the thing's current row (``None`` before the first) and the
    next entry, and returns the rows to write, the current one last. ``open`` is the column that is NULL in
    the current row, where a thing leaves rows behind.
    """

    table: Table
    subject: tuple[str, ...]
    events: frozenset[str]
    step: Callable[[Row | None, Entry], Sequence[Row]]
    open: str | None = None

    def subject_of(self, entry: Entry) -> tuple[Any, ...]:
        """Which thing the entry is about: the contract, and the values of the subject's columns."""
        return (entry.contract, *(entry.args[column] for column in self.subject))


class Changes:
    """The changes of a batch. ``current`` are the folds' current rows before it, by subject."""

    def __init__(self, current: Mapping[Fold, Mapping[Hashable, Row]] | None = None) -> None:
        self.appended: dict[Table, list[Columns]] = defaultdict(list)
        self.sums: dict[Table, dict[tuple[Any, ...], list[int]]] = {}
        self.replaced: dict[Table, dict[tuple[Any, ...], Row]] = defaultdict(dict)
        self._current: dict[Fold, dict[Hashable, Row | None]] = defaultdict(dict)
        for fold, rows in (current or {}).items():
            self._current[fold].update(rows)

    def append(self, table: type[Base], entries: Entries, **values: Any) -> None:
        """A row for each entry, of a table keyed by entry or created once: by column, its values in a list or
        tuple, or the one value of all rows.
        """
        self._append(table, entries, len(entries), {"seq": entries.seqs} | values)

    def append_rows(self, table: type[Base], entries: Entries, rows: Sequence[Row]) -> None:
        """Rows that each say the number of one of the entries, as their column ``seq``."""
        if rows:
            self._append(table, entries, len(rows), {name: [row[name] for row in rows] for name in rows[0]})

    def _append(self, table: type[Base], entries: Entries, count: int, values: dict[str, Any]) -> None:
        whole = {"chain_id": entries.chain_id, "contract": entries.contract} | values
        into = table_of(table)
        columns = [whole[column.name] for column in into.columns]
        self.appended[into].append(
            [each if isinstance(each, list | tuple | Packed) else [each] * count for each in columns]
        )

    def add(
        self, table: type[Base], entries: Entries, key: Sequence[Sequence[Any]], **amounts: Iterable[int]
    ) -> None:
        """Adds each entry's amounts, by column, to a row of sums: ``key`` are the columns of its primary key
        after chain and contract.
        """
        places = _sum_places(table)
        sums = self.sums.setdefault(table_of(table), defaultdict(lambda: [0] * len(places)))
        known: dict[tuple[Any, ...], int] = {}
        groups = [known.setdefault(each, len(known)) for each in zip(*key, strict=True)]
        rows = [sums[entries.chain_id, entries.contract, *each] for each in known]
        for name, column in amounts.items():
            place = places[name]
            if isinstance(column, PackedNumbers):
                for row, amount in zip(rows, column.summed(np.array(groups), len(rows)), strict=True):
                    row[place] += amount
            else:
                for group, amount in zip(groups, column, strict=True):
                    rows[group][place] += amount

    def fold(self, fold: Fold, entry: Entry) -> None:
        """Moves the entry's thing on by one step."""
        subject = fold.subject_of(entry)
        current = self._current[fold].get(subject)
        rows = fold.step(current, entry)
        keys = [column.name for column in fold.table.primary_key.columns]
        for row in rows:
            self.replaced[fold.table][tuple(row[key] for key in keys)] = row
        newest = rows[-1]
        still_current = fold.open is None or newest[fold.open] is None
        self._current[fold][subject] = newest if still_current else None


@cache
def _sum_places(table: type[Base]) -> Mapping[str, int]:
    """Which sum stands where after the primary key."""
    names = [column.name for column in table_of(table).columns if not column.primary_key]
    return {name: place for place, name in enumerate(names)}


def base_row(entry: Entry) -> dict[str, Any]:
    """The columns that every row of a fold begins with."""
    return {"chain_id": entry.chain_id, "contract": entry.contract, "seq": entry.seq}


def table_of(model: type[Base]) -> Table:
    """The table behind a model, as statements in bulk want it."""
    return cast(Table, model.__table__)


def or_none(value: bytes) -> bytes | None:
    """The contracts say with zeros that there is none."""
    return value if any(value) else None


def each_or_none(values: Sequence[bytes]) -> Sequence[bytes | None]:
    """The same of a column, whose values are of one length."""
    values = PackedBytes.of(values)
    said = np.asarray(values.matrix.any(axis=1))
    if said.all():
        return values
    if not said.any():
        return [None] * len(values)
    return [value if is_said else None for value, is_said in zip(values, said.tolist(), strict=True)]
