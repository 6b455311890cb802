"""What most entries do to the tables, as a declaration: a row whose columns are the event's arguments, and
amounts that are added to sums.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import neg
from typing import Any

from ledger.indexer.entries import Entries
from ledger.indexer.projections.changes import Changes, each_or_none, table_of
from ledger.store.tables import Base

Effect = Callable[[Entries, Changes], None]
"""What entries of one event do."""
Source = Callable[[Entries], Any]
"""Where a column comes from: a value for each entry, or the one value of all rows."""
_KEY = ("chain_id", "contract", "seq")


def argument(name: str) -> Source:
    """An argument that is called otherwise than the column."""
    return lambda entries: entries.args[name]


def unless_zero(name: str) -> Source:
    """An argument by which the contracts say with zeros that there is none."""
    return lambda entries: each_or_none(entries.args[name])


def text(name: str) -> Source:
    """An argument that somebody wrote, as PostgreSQL holds it."""
    return lambda entries: [*map(as_text, entries.args[name])]


def always(value: Any) -> Source:
    """The same in all rows."""
    return lambda _: value


def minus(name: str) -> Source:
    """An amount that is taken off."""
    return lambda entries: map(neg, entries.args[name])


def rows(table: type[Base], at: str | None = None, **sources: Source) -> Effect:
    """A row for each entry: ``at`` is the column with its time; a column without a source of its own is the
    argument of that name.
    """
    taken = {column.name for column in table_of(table).columns} - {*_KEY, at}
    if sources.keys() - taken:
        raise TypeError(f"{table.__name__} has no columns {sorted(sources.keys() - taken)}")
    whole = {name: sources[name] if name in sources else argument(name) for name in sorted(taken)}
    if at is not None:
        whole[at] = lambda entries: entries.timestamps

    def append(entries: Entries, changes: Changes) -> None:
        changes.append(table, entries, **{name: source(entries) for name, source in whole.items()})

    return append


def sums(table: type[Base], key: Sequence[str], **amounts: str | Source) -> Effect:
    """Amounts, by column, that are added to the row of sums which these arguments name."""
    sources = {
        column: argument(amount) if isinstance(amount, str) else amount for column, amount in amounts.items()
    }

    def add(entries: Entries, changes: Changes) -> None:
        of_key = [entries.args[name] for name in key]
        added: dict[str, Iterable[int]] = {name: source(entries) for name, source in sources.items()}
        changes.add(table, entries, of_key, **added)

    return add


def as_text(value: str) -> str:
    """Text that PostgreSQL holds: a NUL, which it does not, reads U+FFFD. The entry keeps the bytes."""
    return value.replace("\0", "\ufffd")
