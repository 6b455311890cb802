"""What the audit is given of the mirror, and trusts in nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

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


class PlacedLog(Protocol):
    """A log, and where on the chain the mirror has it."""

    @property
    def block_number(self) -> int: ...
    @property
    def block_hash(self) -> bytes: ...
    @property
    def block_timestamp(self) -> int: ...
    @property
    def transaction_hash(self) -> bytes: ...
    @property
    def transaction_index(self) -> int: ...
    @property
    def log_index(self) -> int: ...
    @property
    def topics(self) -> Sequence[bytes]: ...
    @property
    def data(self) -> bytes: ...


class Placed(PlacedLog, Protocol):
    """An entry of a journal. ``contract`` is its address."""

    @property
    def contract(self) -> bytes: ...
    @property
    def seq(self) -> int: ...


class MirroredChange(PlacedLog, Protocol):
    """An event of the access manager as the mirror holds it; ``arguments`` are its columns of them."""

    @property
    def event(self) -> str: ...
    @property
    def arguments(self) -> Mapping[str, Any]: ...


class Mirrored(Protocol):
    """The mirror of one deployment as of one block."""

    def entries(self, contract: str, after: int) -> Iterable[MirroredEntry]:
        """A contract's entries with numbers above ``after``, in their order."""

    def entry(self, contract: str, seq: int) -> MirroredEntry | None:
        """One entry."""

    def newest(self, contract: str) -> int:
        """Number of the contract's newest entry, 0 when it has none."""

    def carriers(self, newest: int | None = None) -> int:
        """How many blocks carry entries; at most ``newest``."""

    def blocks(self, newest: int | None = None) -> Iterator[Sequence[Placed]]:
        """The entries of each block that carries some, in the chain's order; of the ``newest`` or all."""

    def powers(self) -> Iterable[MirroredChange]:
        """The changes of who may do what, in the chain's order."""

    def books(self) -> Sequence[Book]:
        """The books as the mirror adds them up, by agreement and token."""
