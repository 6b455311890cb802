"""How a mirror is doing: how far it is behind the chain, how fast it is read into, and what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, desc, func, select

from ledger.indexer.logbook import Kind
from ledger.store import locks
from ledger.store.reading import AsOf, Reading
from ledger.store.tables import Block, Incident, IndexerState

STALE_SECONDS = 60
"""How old, by block time, the newest mirrored block may be while the chain has newer ones."""
NEWEST = 5
"""How many incidents are named."""


class Head(Protocol):
    """The chain's newest block, and its time in seconds since 1970."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def timestamp(self) -> int:
        """Its time."""


@dataclass(frozen=True)
class Lag:
    """How far the mirror is behind the chain: in blocks, and in seconds by the blocks' own times."""

    blocks: int
    seconds: int

    @property
    def is_stale(self) -> bool:
        """Whether the mirror is too far behind to be read. A chain that rests makes no mirror stale."""
        return self.blocks > 0 and self.seconds > STALE_SECONDS


@dataclass(frozen=True)
class Unverified:
    """How many of the blocks that the mirror keeps have a time that is a node's word alone, and the first of
    them; None where there is none. See `ledger.indexer.headers`.
    """

    blocks: int
    first: int | None


@dataclass(frozen=True)
class Status:
    """A deployment's mirror at one moment.

    ``entries``: number of the newest entry by contract. ``head``, ``lag``: None while nobody knows the
    chain's newest block. ``is_indexing``: whether an indexer holds the right to write. ``state``: what it
    last said. ``incidents``: how many there were, by kind. ``stop``: the one at which the indexer stopped,
    if it did. ``unverified``: blocks with times that are a node's word alone.
    """

    chain_id: int
    ledger: bytes
    as_of: AsOf
    entries: Mapping[str, int]
    head: Head | None
    is_indexing: bool
    state: IndexerState | None
    incidents: Mapping[str, int]
    unresolved: int
    newest: Sequence[Incident]
    stop: Incident | None
    unverified: Unverified

    @property
    def lag(self) -> Lag | None:
        """How far the mirror is behind."""
        return None if self.head is None else lag_of(self.as_of, self.head)

    @property
    def is_ready(self) -> bool:
        """Whether the mirror is known to be close to the chain, and whole."""
        return self.lag is not None and not self.lag.is_stale and self.stop is None

    @property
    def entries_per_second(self) -> float | None:
        """In the last reading that brought any; None when there was none."""
        state = self.state
        return 1000 * state.last_entries / state.last_milliseconds if state and state.last_entries else None

    @property
    def blocks_per_second(self) -> float | None:
        """In the same reading."""
        state = self.state
        return 1000 * state.last_blocks / state.last_milliseconds if state and state.last_entries else None


def status_of(reading: Reading, head: Head | None) -> Status:
    """The status of the deployment that is read; ``head`` is the chain's newest block, if a node says."""
    session = reading.session
    own = _own(reading)
    counts = session.execute(
        select(Incident.kind, func.count().label("number")).where(*own).group_by(Incident.kind)
    )
    unresolved = select(func.count()).select_from(Incident).where(*own, Incident.resolved_at.is_(None))
    return Status(
        reading.chain_id,
        reading.ledger,
        reading.as_of,
        {str(name): seq for name, seq in reading.seqs.items()},
        head,
        locks.is_held(session.connection(), locks.writer_key(reading.chain_id, reading.ledger)),
        session.get(IndexerState, (reading.chain_id, reading.ledger)),
        dict.fromkeys(map(str, Kind), 0) | {row.kind: row.number for row in counts},
        session.scalar(unresolved) or 0,
        session.scalars(select(Incident).where(*own).order_by(desc(Incident.number)).limit(NEWEST)).all(),
        stop_of(reading),
        unverified_of(reading),
    )


def stop_of(reading: Reading) -> Incident | None:
    """The incident at which the deployment's indexer stopped, if it has not got beyond it."""
    return reading.session.scalar(
        select(Incident)
        .where(*_own(reading), Incident.kind == Kind.STOP, Incident.resolved_at.is_(None))
        .order_by(desc(Incident.number))
        .limit(1)
    )


def unverified_of(reading: Reading) -> Unverified:
    """Blocks up to the one that is read whose hash was not seen to stand for their time."""
    row = reading.session.execute(
        select(func.count(), func.min(Block.number)).where(
            Block.chain_id == reading.chain_id,
            Block.deployment == reading.ledger,
            Block.number <= reading.as_of.number,
            ~Block.verified,
        )
    ).one()
    return Unverified(*row)


def lag_of(as_of: AsOf, head: Head) -> Lag:
    """How far a block is behind the chain's newest."""
    return Lag(max(0, head.number - as_of.number), max(0, head.timestamp - as_of.timestamp))


def _own(reading: Reading) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Incident.chain_id == reading.chain_id, Incident.deployment == reading.ledger
