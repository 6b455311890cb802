"""The mirror's rows as the audit takes them."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Subquery, desc, func, select

from ledger.accounting.books import books
from ledger.accounting.powers import power_changes
from ledger.rules.book import Book
from ledger.store.reading import Reading
from ledger.store.tables import Entry
from ledger.store.tables.powers import ARGUMENTS
from ledger.terms.contracts import ContractName

_CHUNK = 2_000
_PLACE: Sequence[Any] = (
    Entry.contract,
    Entry.seq,
    Entry.block_number,
    Entry.block_hash,
    Entry.block_timestamp,
    Entry.transaction_hash,
    Entry.transaction_index,
    Entry.log_index,
    Entry.topics,
    Entry.data,
)


class _Change:
    """A row of the table ``power_change``, and its arguments by name."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)

    @property
    def arguments(self) -> dict[str, Any]:
        """Those that its event has not are None."""
        return {name: getattr(self._row, name) for name in ARGUMENTS}


class MirroredRows:
    """Entries and books of a reading; entries are streamed, never all in memory."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def entries(self, contract: str, after: int) -> Iterator[Any]:
        """A contract's entries with numbers above ``after``, in their order."""
        question = self._of(contract).where(Entry.seq > after).order_by(Entry.seq)
        return iter(self._reading.session.execute(question, execution_options={"yield_per": _CHUNK}))

    def entry(self, contract: str, seq: int) -> Any:
        """One entry; None when the mirror does not have it."""
        return self._reading.session.execute(self._of(contract).where(Entry.seq == seq)).one_or_none()

    def newest(self, contract: str) -> int:
        """Number of the contract's newest entry, 0 when it has none."""
        return self._reading.seqs[cast(ContractName, contract)]

    def carriers(self, newest: int | None = None) -> int:
        """How many blocks carry entries; at most ``newest``."""
        return self._reading.session.scalar(select(func.count()).select_from(self._carrying(newest))) or 0

    def blocks(self, newest: int | None = None) -> Iterator[Sequence[Any]]:
        """The entries of each block that carries some, in the chain's order; of the ``newest`` or all."""
        carrying = self._carrying(newest)
        first = self._reading.session.scalar(select(func.min(carrying.c.block_number)))
        if first is None:
            return
        rows = self._reading.session.execute(
            select(*_PLACE)
            .where(*self._all(), Entry.block_number >= first)
            .order_by(Entry.block_number, Entry.log_index),
            execution_options={"yield_per": _CHUNK},
        )
        for _, some in groupby(rows, key=attrgetter("block_number")):
            yield list(some)

    def _all(self) -> Sequence[ColumnElement[bool]]:
        reading = self._reading
        return (
            Entry.chain_id == reading.chain_id,
            Entry.contract.in_(reading.contracts.values()),
            Entry.block_number <= reading.as_of.number,
        )

    def _carrying(self, newest: int | None) -> Subquery:
        """Numbers of the blocks that carry entries, the newest first."""
        numbers = select(Entry.block_number).where(*self._all()).group_by(Entry.block_number)
        return numbers.order_by(desc(Entry.block_number)).limit(newest).subquery()

    def powers(self) -> Iterator[Any]:
        """The changes of who may do what, in the chain's order."""
        return map(_Change, power_changes(self._reading))

    def books(self) -> Sequence[Book]:
        """The books as the mirror adds them up."""
        return books(self._reading)

    def _of(self, contract: str) -> Select[Any]:
        columns: Sequence[Any] = (
            Entry.seq,
            Entry.head,
            Entry.block_timestamp,
            Entry.entry_hash,
            Entry.topics,
            Entry.data,
        )
        return select(*columns).where(self._reading.seen(Entry, cast(ContractName, contract)))
