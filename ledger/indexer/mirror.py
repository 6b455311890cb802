"""The mirror of one deployment in SQL: where it stands, one step further, or some blocks back."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from sqlalchemy import ColumnElement, Connection, delete, desc, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from ledger.errors import LedgerError
from ledger.indexer import late_indexes, powers
from ledger.indexer.entries import Header, Journals, Point
from ledger.indexer.powers import PowerRow
from ledger.indexer.rollback import take_back
from ledger.indexer.rows import write_blocks, write_entries
from ledger.indexer.scope import Scope
from ledger.indexer.steps import Step
from ledger.indexer.tokens import TokenRow
from ledger.journal.heads import Journal
from ledger.rules.powers import Powers
from ledger.store import partitions
from ledger.store.tables import Block, Checkpoint, Token
from ledger.store.tables import Deployment as DeploymentRow
from ledger.store.tables import Entry as EntryRow
from ledger.terms.contracts import ContractName
from ledger.terms.deployment import Deployment

Keep = Callable[[Connection, int, Mapping[ContractName, bytes]], object]
"""Makes what is kept of the tables of a chain's contracts, in the connection's transaction."""
CHANNEL = "pledger_chain"
"""PostgreSQL tells its listeners on this channel of every commit, in JSON."""
SUMMARIZED = 10_000
"""Entries that the index of topics may know nothing of."""


class MirrorChanged(LedgerError):
    """The tables are not as this indexer left them."""

    def __init__(self) -> None:
        super().__init__(
            "Something else wrote to this deployment's tables.",
            "Run `pledger db drop-chain` and index again.",
        )


class Mirror:
    """One deployment's rows, written through the connection that holds the writer's lock.

    ``checkpoint`` is the last block whose entries are all in, ``None`` before the first; ``journals`` stand
    where the entries end. Both change only when a transaction has been committed. ``lacks_indexes`` where a
    first reading did without some that it has not made yet, ``has_unverified`` where a block's time is the
    node's word alone. ``powers_version`` is another whenever the changes of powers here are.
    """

    def __init__(self, connection: Connection, scope: Scope) -> None:
        self.scope = scope
        self._connection = connection
        self.powers_version = 0
        self._unsummarized = SUMMARIZED  # whoever wrote before may have left some
        with connection.begin():
            self.checkpoint = self._stored_checkpoint()
            self.journals = self._stored_journals()
            self.lacks_indexes = bool(late_indexes.missing(connection))
            self.has_unverified = self._stored_unverified()

    def register(self, deployment: Deployment) -> None:
        """Notes in ``app`` that this database mirrors the deployment."""
        values = {"json": deployment.to_json(), "start_block": deployment.block}
        statement = insert(DeploymentRow).values(
            chain_id=self.scope.chain_id, ledger=self.scope.ledger, **values
        )
        with self._connection.begin():
            self._connection.execute(
                statement.on_conflict_do_update(index_elements=["chain_id", "ledger"], set_=values)
            )

    def apply(self, step: Step, final: int) -> None:
        """Writes a step whole or not at all: entries, what follows from them, blocks, the checkpoint.

        Blocks up to ``final`` are kept only if they carry entries. Raises `MirrorChanged` when the tables are
        not where this mirror left them.
        """
        with self._connection.begin():
            self._require_unchanged()
            self._move_to(step.last)
            write_entries(self._connection, self.scope, step)
            powers.write(self._connection, step.powers)
            self._describe(step.tokens)
            write_blocks(self._connection, self.scope, step, final)
            self._notify(step.entries, step.last)
        self.powers_version += bool(step.powers)
        self._unsummarized += step.entries
        self.has_unverified |= not all(header.verified for header in step.headers.values())
        self.checkpoint, self.journals = step.last, step.journals

    def put_off_indexes(self) -> None:
        """Before a long reading, where it is the database's first: does without indexes that are made faster
        after it.

        Where another deployment is mirrored, its indexer may not know that they are to be made.
        """
        with self._connection.begin():
            is_first = not self._connection.scalar(select(exists().select_from(Checkpoint)))
        if is_first:
            late_indexes.put_off(self._connection)
            self.lacks_indexes = True

    def make_indexes(self) -> None:
        """Makes whatever indexes are missing. Killed meanwhile, the next indexer makes the others."""
        late_indexes.make(self._connection)
        self.lacks_indexes = False

    def keep(self, keep: Keep) -> None:
        """Has made, in a transaction of its own, what is kept of the tables as of the newest block."""
        names = {cast(ContractName, name): contract for contract, name in self.scope.kinds.items()}
        with self._connection.begin():
            keep(self._connection, self.scope.chain_id, names)

    def summarize(self) -> None:
        """Sees that the index of topics knows of all but the newest entries, whose pages it reads for that.

        Where nobody follows, PostgreSQL's own vacuum does, within a minute or two of a long reading.
        """
        if self._unsummarized >= SUMMARIZED:
            with self._connection.begin():
                partitions.summarize(self._connection)
            self._unsummarized = 0

    def take_back(self, block: Point | None) -> int:
        """Goes back to an earlier block, ``None`` to before the first; returns how many entries went.

        Raises `MirrorChanged` as `apply` does.
        """
        number = -1 if block is None else block.number
        with self._connection.begin():
            self._require_unchanged()
            removed = take_back(self._connection, self.scope, number)
            powers.take_back(self._connection, self.scope, number)
            self._connection.execute(delete(Block).where(*self._own(Block), Block.number > number))
            self._move_to(block)
            self._notify(-removed, block)
            journals = self._stored_journals()
            self.has_unverified = self._stored_unverified()
        self.powers_version += 1
        self.checkpoint, self.journals = block, journals
        return removed

    def blocks_below(self, number: int, limit: int) -> list[Point]:
        """The newest kept blocks before a number, newest first."""
        return self._blocks(limit, Block.number < number)

    def unverified_below(self, number: int, limit: int) -> list[Point]:
        """The newest blocks before a number whose times are unverified, newest first."""
        return self._blocks(limit, Block.number < number, ~Block.verified)

    def verify(self, numbers: Sequence[int]) -> None:
        """Notes that the hashes of these blocks stand for their times."""
        with self._connection.begin():
            self._connection.execute(
                update(Block).where(*self._own(Block), Block.number.in_(numbers)).values(verified=True)
            )
            self.has_unverified = self._stored_unverified()

    def has_powers(self) -> bool:
        """Whether changes of who may do what are here: any deployment has some, from its first block on."""
        with self._connection.begin():
            return powers.exist(self._connection, self.scope)

    def powers(self, more: Sequence[PowerRow] = ()) -> Powers:
        """Who may do what after the changes that are here, and ``more``. Raises `PowersRejected`."""
        with self._connection.begin():
            return powers.stored(self._connection, self.scope, more)

    def replace_powers(self, rows: Sequence[PowerRow], headers: Mapping[int, Header]) -> None:
        """Puts other changes in the place of all that are here, whole or not at all; ``headers`` has their
        blocks. Raises `MirrorChanged` as `apply` does.
        """
        with self._connection.begin():
            self._require_unchanged()
            powers.take_back(self._connection, self.scope, -1)
            powers.write(self._connection, rows)
            powers.keep_blocks(self._connection, self.scope, headers)
        self.powers_version += 1
        self.has_unverified |= not all(header.verified for header in headers.values())

    def block_of(self, contract: bytes, seq: int) -> int | None:
        """Number of the block that carries an entry, ``None`` when the entry is not here."""
        with self._connection.begin():
            return self._connection.scalar(
                select(EntryRow.block_number).where(
                    EntryRow.chain_id == self.scope.chain_id,
                    EntryRow.contract == contract,
                    EntryRow.seq == seq,
                )
            )

    def known_tokens(self, *, answered: bool | None = None) -> set[bytes]:
        """Addresses of this chain's tokens that have been met; only those that were heard, or were not."""
        chosen = [Token.chain_id == self.scope.chain_id]
        if answered is not None:
            chosen.append(Token.answered.is_(answered))
        with self._connection.begin():
            return set(self._connection.scalars(select(Token.address).where(*chosen)))

    def describe(self, tokens: Sequence[TokenRow]) -> None:
        """Notes what tokens say of themselves."""
        with self._connection.begin():
            self._describe(tokens)

    def _describe(self, tokens: Sequence[TokenRow]) -> None:
        """What was heard once stays: a token may say something else tomorrow."""
        if tokens:
            said = insert(Token)
            fresh = {name: said.excluded[name] for name in ("symbol", "decimals", "answered")}
            self._connection.execute(
                said.on_conflict_do_update(
                    index_elements=["chain_id", "address"], set_=fresh, where=Token.answered.is_(False)
                ),
                tokens,
            )

    def _own(self, table: type[Block] | type[Checkpoint]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return table.chain_id == self.scope.chain_id, table.deployment == self.scope.ledger

    def _blocks(self, limit: int, *which: ColumnElement[bool]) -> list[Point]:
        with self._connection.begin():
            rows = self._connection.execute(
                select(Block.number, Block.hash, Block.timestamp)
                .where(*self._own(Block), *which)
                .order_by(desc(Block.number))
                .limit(limit)
            )
            return [Point(*row) for row in rows]

    def _stored_unverified(self) -> bool:
        return bool(self._connection.scalar(select(exists().where(*self._own(Block), ~Block.verified))))

    def _stored_checkpoint(self) -> Point | None:
        row = self._connection.execute(
            select(Checkpoint.block_number, Checkpoint.block_hash, Checkpoint.timestamp)
            .where(*self._own(Checkpoint))
            .with_for_update()
        ).first()
        return None if row is None else Point(*row)

    def _stored_journals(self) -> Journals:
        journals = {}
        for contract in self.scope.contracts:
            row = self._connection.execute(
                select(EntryRow.seq, EntryRow.head)
                .where(EntryRow.chain_id == self.scope.chain_id, EntryRow.contract == contract)
                .order_by(desc(EntryRow.seq))
                .limit(1)
            ).first()
            address = "0x" + contract.hex()
            journals[contract] = Journal(address) if row is None else Journal(address, *row)
        return journals

    def _require_unchanged(self) -> None:
        stored = self._stored_checkpoint()
        if (stored and stored.hash) != (self.checkpoint and self.checkpoint.hash):
            raise MirrorChanged
        for contract, journal in self._stored_journals().items():
            known = self.journals[contract]
            if (journal.seq, journal.head) != (known.seq, known.head):
                raise MirrorChanged

    def _move_to(self, block: Point | None) -> None:
        """Moves the checkpoint, whose row `_require_unchanged` has locked, or makes the first one.

        Comes before anything is written: of two writers that nothing else keeps apart, the second waits
        here, or for the row's lock, until the first is done, and finds that it came too late.
        """
        if block is None:
            self._connection.execute(delete(Checkpoint).where(*self._own(Checkpoint)))
            return
        values = {"block_number": block.number, "block_hash": block.hash, "timestamp": block.timestamp}
        if self.checkpoint is None:
            made = insert(Checkpoint).values(
                chain_id=self.scope.chain_id, deployment=self.scope.ledger, **values
            )
            done = self._connection.execute(made.on_conflict_do_nothing().returning(Checkpoint.block_number))
        else:
            moved = update(Checkpoint).where(*self._own(Checkpoint)).values(values)
            done = self._connection.execute(moved.returning(Checkpoint.block_number))
        if done.first() is None:
            raise MirrorChanged

    def _notify(self, entries: int, block: Point | None) -> None:
        """Sent by PostgreSQL when the transaction is committed, and only then."""
        news = {
            "chain_id": self.scope.chain_id,
            "ledger": "0x" + self.scope.ledger.hex(),
            "block": None if block is None else block.number,
            "entries": entries,
        }
        self._connection.execute(select(func.pg_notify(CHANNEL, json.dumps(news))))
