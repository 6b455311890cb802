"""What an indexer tells whoever watches it. Nothing depends on anybody watching."""

from ledger.errors import LedgerError
from ledger.indexer.entries import Point


class Watcher:
    """Hears everything and says nothing; commands override what they want to show."""

    def waiting_for_writer(self) -> None:
        """Another indexer writes this deployment; this one takes over when it ends."""

    def rebuilding(self, version: str | None) -> None:
        """The tables are of this other version: they are made anew from the stored entries."""

    def rebuilt(self, entries: int, seconds: float) -> None:
        """They are, from so many entries, in so much time."""

    def started(self, checkpoint: Point | None, newest: Point) -> None:
        """Blocks after the checkpoint, up to the node's newest, are to be read."""

    def applied(self, block: Point, newest: Point, entries: int) -> None:
        """A batch that ends with the block is in, with so many entries."""

    def taken_back(self, block: Point | None, entries: int, why: str) -> None:
        """So many entries after the block were taken back; they are read anew from the node."""

    def making_indexes(self) -> None:
        """All is read; indexes that a first reading did without are made."""

    def caught_up(self, block: Point, entries: int) -> None:
        """Up to the block, so many entries are in, and every journal ends where the contract's does."""

    def troubled(self, error: LedgerError, seconds: float) -> None:
        """The node or the database failed; it is asked again in so many seconds."""

    def turned(self, error: LedgerError, place: str) -> None:
        """The node failed; the one at the place is asked in its stead."""

    def heard(self, trouble: LedgerError | None) -> None:
        """Why the node's WebSocket is not heard, None while it is; said again and again."""
