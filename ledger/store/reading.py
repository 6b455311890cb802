"""Reading a deployment's rows as of one block: everything up to it, nothing after it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from sqlalchemy import ColumnElement, Subquery, and_, case, desc, exists, inspect, select
from sqlalchemy.orm import Session

from ledger.errors import LedgerError
from ledger.store.asked import ask, ask_together
from ledger.store.database import Database
from ledger.store.numbering import newest_seq
from ledger.store.standing import GATE, STANDING, chosen
from ledger.store.standing import AsOf as AsOf
from ledger.store.standing import DeploymentAmbiguous as DeploymentAmbiguous
from ledger.store.standing import DeploymentUnknown as DeploymentUnknown
from ledger.store.tables import Block, Checkpoint, Deployment
from ledger.store.tables.base import Changing, Closing, Lasting, OfContract
from ledger.terms.contracts import MANAGER
from ledger.terms.contracts import ContractName as ContractName

_STOOD = "standing"
"""Of a snapshot's session: how far each deployment is mirrored, asked as it was opened."""


class BlockUnknown(LedgerError):
    """The mirror does not know the block's time; ``nearest`` is the newest block before it that it knows."""

    def __init__(self, what: str, nearest: int | None) -> None:
        hint = "It knows blocks that carry entries, and those that are not final yet."
        if nearest is not None:
            hint += f" The nearest before it is {nearest}."
        super().__init__(what, hint)
        self.nearest = nearest


@dataclass(frozen=True)
class Reading:
    """A session that reads one deployment as of one block.

    ``contracts`` are addresses by name, ``file`` the deployment file that they come from; ``newest`` says
    whether the block is the checkpoint, so that sums kept by the mirror hold for it.
    """

    session: Session
    chain_id: int
    ledger: bytes
    contracts: Mapping[ContractName, bytes]
    file: Mapping[str, Any]
    as_of: AsOf
    newest: bool
    all_verified: bool | None = None
    """Whether the times of all blocks up to this one are verified, if that was asked together with it."""

    @cached_property
    def manager(self) -> bytes:
        """Address of the access manager, which says who may do what."""
        return bytes.fromhex(self.file["contracts"][MANAGER][2:])

    @cached_property
    def addresses(self) -> Mapping[str, bytes]:
        """The deployment's contracts by name, the access manager among them."""
        return {MANAGER: self.manager} | dict(self.contracts.items())

    @cached_property
    def mirrored(self) -> int:
        """Number of the newest block that this database has."""
        if self.newest:
            return self.as_of.number
        checkpoint = self.session.get(Checkpoint, (self.chain_id, self.ledger))
        return self.as_of.number if checkpoint is None else checkpoint.block_number

    @cached_property
    def seqs(self) -> Mapping[ContractName, int]:
        """Number of each contract's newest entry up to the block, 0 when it has none."""
        return {
            name: newest_seq(self.session, self.chain_id, address, self.as_of.number)
            for name, address in self.contracts.items()
        }

    @cached_property
    def times_verified(self) -> bool:
        """Whether the times of this block and of every block before it that the mirror keeps are verified:
        of all, that is, that anything read as of it rests on.
        """
        if self.all_verified is not None:
            return self.all_verified
        unverified = exists().where(
            Block.chain_id == self.chain_id,
            Block.deployment == self.ledger,
            Block.number <= self.as_of.number,
            ~Block.verified,
        )
        return self.as_of.verified and not self.session.scalar(select(unverified))

    def of(self, table: type[Lasting], contract: ContractName) -> ColumnElement[bool]:
        """Rows of a table that this contract's journal made, also later than the block: for what other rows,
        seen, name.
        """
        if not issubclass(table, Lasting):
            raise TypeError(f"the rows of {table.__name__} change: ask `now` or `then` for them")
        return self._made(table, contract)

    def seen(self, table: type[Lasting], contract: ContractName) -> ColumnElement[bool]:
        """Rows of a table with a ``seq`` that this contract's journal made up to the block."""
        rows = self.of(table, contract)
        return rows if self.newest else and_(rows, _seq(table) <= self.seqs[contract])

    def seen_rows(self, table: type[Lasting], contract: ContractName) -> Subquery:
        """Those rows, to be put beside what ``then`` gives."""
        return select(*inspect(table).columns).where(self.seen(table, contract)).subquery()

    def now(self, table: type[OfContract], contract: ContractName) -> ColumnElement[bool]:
        """Rows of any table, as the newest block left them. Raises ``TypeError`` as of another block."""
        if not self.newest:
            raise TypeError(f"{table.__name__} says what is now, not what was at block {self.as_of.number}")
        return self._made(table, contract)

    def begun(self, table: type[Changing], contract: ContractName) -> ColumnElement[bool]:
        """Rows of things that had begun by the block, as they are now: for those of their columns that
        nothing changes, or that are asked for together with the row that says since when they hold.
        """
        rows = self._made(table, contract)
        return rows if self.newest else and_(rows, _seq(table) <= self.seqs[contract])

    def then(self, table: type[Closing], contract: ContractName) -> Subquery:
        """The rows that there were at the block, each as it was: what a later entry closed is still open."""
        columns, rows = inspect(table).columns, self._made(table, contract)
        if self.newest:
            return select(*columns).where(rows).subquery()
        last = self.seqs[contract]
        closed = columns[table.CLOSED_BY] <= last
        shown = [
            case((closed, column), else_=table.OPEN[column.name]).label(column.name)
            if column.name in table.OPEN
            else column
            for column in columns
        ]
        return select(*shown).where(rows, table.seq <= last).subquery()

    def _made(self, table: type[OfContract], contract: ContractName) -> ColumnElement[bool]:
        return and_(table.chain_id == self.chain_id, table.contract == self.contracts[contract])


def _seq(table: Any) -> ColumnElement[int]:
    return cast(ColumnElement[int], table.seq)


@contextmanager
def snapshot(database: Database) -> Iterator[Session]:
    """A session that sees the database as it stands now, whatever the indexer does meanwhile; read only.

    ``pledger rebuild`` puts new tables in place while nobody holds this lock. It is taken before the snapshot
    is: so whoever sees the old tables, also on a replica, keeps them until he is done, and whoever sees the
    new ones sees their rows.
    """
    with database.session() as session:
        connection = session.connection(
            execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        _, session.info[_STOOD] = ask_together(connection, [GATE, STANDING])
        yield session


def deployments(session: Session) -> list[Deployment]:
    """Every deployment that the database mirrors, by chain and address."""
    return list(session.scalars(select(Deployment).order_by(Deployment.chain_id, Deployment.ledger)))


def read(
    session: Session,
    *,
    chain_id: int | None = None,
    ledger: bytes | None = None,
    block: int | AsOf | None = None,
) -> Reading:
    """Reads a deployment, the only one unless named, as of a block, its checkpoint unless given.

    A block that carries no entry and is final is not kept by the mirror: who knows it gives it whole.

    The session is a ``snapshot``, or the indexer may move on between two questions.
    Raises ``DeploymentUnknown``, ``DeploymentAmbiguous``, ``BlockUnknown``.
    """
    known = session.info.get(_STOOD)
    if known is None:
        known = ask(session.connection(), STANDING)
    found = chosen(known, chain_id, ledger)
    newest = found.as_of
    as_of = newest
    number = block.number if isinstance(block, AsOf) else block
    if number is not None and number != newest.number:
        _require_mirrored(newest.number, number)
        as_of = block if isinstance(block, AsOf) else _block(session, found.chain_id, found.ledger, number)
    return Reading(
        session,
        found.chain_id,
        found.ledger,
        found.contracts,
        found.file,
        as_of,
        as_of is newest,
        found.all_verified if as_of is newest else None,
    )


def _require_mirrored(newest: int, number: int) -> None:
    if number > newest:
        raise BlockUnknown(f"Block {number} is not mirrored yet; the newest is {newest}.", newest)


def _block(session: Session, chain_id: int, ledger: bytes, number: int) -> AsOf:
    nearest = session.scalar(
        select(Block)
        .where(Block.chain_id == chain_id, Block.deployment == ledger, Block.number <= number)
        .order_by(desc(Block.number))
        .limit(1)
    )
    if nearest is None or nearest.number != number:
        raise BlockUnknown(
            f"The mirror does not hold the time of block {number}.", nearest.number if nearest else None
        )
    return AsOf(nearest.number, nearest.hash, nearest.timestamp, nearest.verified)
