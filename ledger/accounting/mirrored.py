"""The mirror's rows as the audit takes them."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Select, select

from ledger.accounting.books import books
from ledger.rules.book import Book
from ledger.store.reading import ContractName, Reading
from ledger.store.tables import Entry

_CHUNK = 2_000


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
