"""What the audit is given of the mirror, and trusts in nothing."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from ledger.rules.book import Book


class MirroredEntry(Protocol):
    """An entry of a journal as the mirror holds it."""

    @property
    def seq(self) -> int: ...
    @property
    def head(self) -> bytes: ...
    @property
    def block_timestamp(self) -> int: ...
    @property
    def entry_hash(self) -> bytes: ...
    @property
    def topics(self) -> Sequence[bytes]: ...
    @property
    def data(self) -> bytes: ...


class Mirrored(Protocol):
    """The mirror of one deployment as of one block."""

    def entries(self, contract: str, after: int) -> Iterable[MirroredEntry]:
        """A contract's entries with numbers above ``after``, in their order."""

    def entry(self, contract: str, seq: int) -> MirroredEntry | None:
        """One entry."""

    def newest(self, contract: str) -> int:
        """Number of the contract's newest entry, 0 when it has none."""

    def books(self) -> Sequence[Book]:
        """The books as the mirror adds them up, by agreement and token."""
