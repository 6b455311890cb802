"""Which day each row is of: the day, in UTC, of the block whose entry made it."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, select

from ledger.store.tables import Entry
from ledger.terms.units import DAY

Journal = tuple[int, bytes]
"""A contract's journal: chain id and address."""


@dataclass(frozen=True)
class Days:
    """Days of a journal that have entries, in their order, and the number of the last entry of each.

    ``first_seq`` is the first day's first entry.
    """

    days: Sequence[date]
    last: Sequence[int]
    first_seq: int = 1

    @property
    def last_seq(self) -> int:
        """The last day's last entry; before ``first_seq`` when there is no day."""
        return self.last[-1] if self.last else self.first_seq - 1

    def of(self, seq: int) -> date:
        """The day of an entry; later blocks are never earlier in time."""
        return self.days[bisect_left(self.last, seq)]

    def between(self, first: date, last: date) -> "Days":
        """Those from the first to the last, both included."""
        begin, end = bisect_left(self.days, first), bisect_right(self.days, last)
        first_seq = self.last[begin - 1] + 1 if begin else self.first_seq
        return Days(self.days[begin:end], self.last[begin:end], first_seq)


def days_of_journals(connection: Connection) -> Mapping[Journal, Days]:
    """The days of every journal that has entries, in the order of chain id and address."""
    day = func.div(Entry.block_timestamp, DAY).label("day")
    rows = connection.execute(
        select(Entry.chain_id, Entry.contract, day, func.max(Entry.seq))
        .group_by(Entry.chain_id, Entry.contract, day)
        .order_by(Entry.chain_id, Entry.contract, day)
    )
    found: dict[Journal, tuple[list[date], list[int]]] = {}
    for chain_id, contract, number, last in rows:
        days, lasts = found.setdefault((chain_id, contract), ([], []))
        days.append(datetime.fromtimestamp(int(number) * DAY, UTC).date())
        lasts.append(last)
    return {journal: Days(*lists) for journal, lists in found.items()}
