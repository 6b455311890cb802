"""What an indexer notes of its work in ``app``: incidents, and how far and how fast it goes."""

import time
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, select, text, update
from sqlalchemy.dialects.postgresql import insert

from ledger.indexer.entries import EntryRejected, Point
from ledger.indexer.scope import Scope
from ledger.store.tables import Incident, IndexerState

NOTE_SECONDS = 1.0
"""While it reads on, the indexer says so at most so often."""


class Kind(StrEnum):
    """What an incident is."""

    ENTRY = "entry"
    """A node's logs did not continue a journal; they were read again."""
    REORGANISATION = "reorganisation"
    """Entries were taken back, because the chain took back their blocks."""
    FAILOVER = "failover"
    """A node failed, and another one was asked in its place."""
    HEADER = "header"
    """A node gave a block that is not what its hash stands for; it was asked for again."""
    UNVERIFIED = "unverified"
    """Blocks have fields that this program does not know: their times are the node's word alone."""
    STOP = "stop"
    """The mirror could not be made whole, and the indexer stopped there."""


@dataclass
class Work:
    """Totals of the state's row, as far as this indexer has not noted them yet; and its last reading."""

    entries: int = 0
    blocks: int = 0
    taken_back: int = 0
    reading_entries: int = 0
    reading_blocks: int = 0
    began: float = 0.0


class Logbook:
    """One deployment's incidents and its indexer's state, written through the writer's connection.

    Each note is a transaction of its own, made while no batch is being written.
    """

    def __init__(self, connection: Connection, scope: Scope) -> None:
        self._connection = connection
        self._scope = scope
        self._started_at = _now()
        self._noted = 0.0
        self._work = Work()
        with connection.begin():
            first = connection.scalar(select(Incident.number).where(*self._open()).limit(1))
        self._troubled = first is not None

    def incident(
        self,
        kind: Kind,
        node: str,
        what: str,
        *,
        block: int | None = None,
        entry: EntryRejected | None = None,
        once: bool = False,
    ) -> None:
        """Notes what happened. What is noted already and still unresolved is not noted again; ``once``: nor
        is what was resolved.
        """
        contract, seq = (entry.contract, entry.seq) if entry else (None, None)
        block = entry.block if entry else block
        place = (Incident.contract == contract, Incident.seq == seq)
        same = (Incident.kind == kind, Incident.node == node, Incident.what == what, *place)
        with self._connection.begin():
            noted = self._own() if once else self._open()
            known = self._connection.scalar(select(Incident.number).where(*noted, *same).limit(1))
            if not known:
                self._connection.execute(
                    insert(Incident).values(
                        chain_id=self._scope.chain_id,
                        deployment=self._scope.ledger,
                        kind=kind,
                        at=_now(),
                        block=block,
                        contract=contract,
                        seq=seq,
                        node=node,
                        what=what,
                    )
                )
        self._troubled = True

    def resolved(self) -> None:
        """Notes that the mirror is whole: every journal ends where its contract's does."""
        if self._troubled:
            with self._connection.begin():
                self._connection.execute(update(Incident).where(*self._open()).values(resolved_at=_now()))
            self._troubled = False

    def began(self) -> None:
        """A reading begins."""
        self._work.began = time.monotonic()
        self._work.reading_entries = self._work.reading_blocks = 0

    def read(self, entries: int, blocks: int) -> None:
        """So many entries and blocks have been written."""
        work = self._work
        work.entries += entries
        work.blocks += blocks
        work.reading_entries += entries
        work.reading_blocks += blocks

    def took_back(self, entries: int) -> None:
        """So many entries have been taken back."""
        self._work.taken_back += entries

    def note(self, node: str, head: Point, *, now: bool = True) -> None:
        """Writes down how the indexer is doing; unless ``now``, only if the last note is a second old."""
        if not now and time.monotonic() - self._noted < NOTE_SECONDS:
            return
        self._noted = time.monotonic()
        work, table = self._work, IndexerState
        values = {
            "started_at": self._started_at,
            "seen_at": _now(),
            "node": node,
            "head_block": head.number,
            "head_timestamp": head.timestamp,
        }
        if work.reading_entries:
            values |= {
                "last_entries": work.reading_entries,
                "last_blocks": work.reading_blocks,
                "last_milliseconds": max(1, round(1000 * (time.monotonic() - work.began))),
            }
        totals = {
            "entries_read": work.entries,
            "entries_taken_back": work.taken_back,
            "blocks_read": work.blocks,
        }
        first = {"last_entries": 0, "last_blocks": 0, "last_milliseconds": 0} | values | totals
        added = {name: getattr(table, name) + amount for name, amount in totals.items()}
        with self._connection.begin():
            # A note that a crash takes with it is not missed: nobody waits for the disk.
            self._connection.execute(text("SET LOCAL synchronous_commit = off"))
            self._connection.execute(
                insert(table)
                .values(chain_id=self._scope.chain_id, deployment=self._scope.ledger, **first)
                .on_conflict_do_update(index_elements=["chain_id", "deployment"], set_=values | added)
            )
        work.entries = work.blocks = work.taken_back = 0

    def _open(self) -> tuple[ColumnElement[bool], ...]:
        return *self._own(), Incident.resolved_at.is_(None)

    def _own(self) -> tuple[ColumnElement[bool], ...]:
        return Incident.chain_id == self._scope.chain_id, Incident.deployment == self._scope.ledger


def _now() -> int:
    return int(time.time())
