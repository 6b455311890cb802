"""The indexer: reads on from the checkpoint, takes back what the chain took back, and checks itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from ledger.chain import deployment as deployments
from ledger.chain.deployment import Deployment
from ledger.chain.node import Node, NodeUnreachable, RpcRefused
from ledger.errors import LedgerError
from ledger.indexer import entries as journal
from ledger.indexer import heads, reorg, tokens
from ledger.indexer.entries import EntryRejected, Header, Point
from ledger.indexer.fetch import ChainMoved, Fetcher
from ledger.indexer.mirror import Mirror
from ledger.indexer.scope import Scope
from ledger.indexer.watcher import Watcher
from ledger.indexer.writer import writing
from ledger.store.database import Database

LARGEST_WINDOW = 1_024
"""Blocks kept at most to notice a reorganisation; a deeper one is found by the blocks that carry entries."""
MOST_MOVES = 20
"""Reorganisations in one catch-up after which something else must be wrong."""
_READ_AGAIN_FROM = ("verified block", "newest entry")
"""Where to read again from when an entry is in doubt: the last block at which all journals matched, or at
which this indexer began; if that does not help, from before the contract's newest entry.
"""
LONGEST_WAIT = 60.0
"""Seconds between two tries at most, when the node fails."""


class Indexer:
    """Mirrors one deployment; made by `indexing`, which holds the writer's lock meanwhile."""

    def __init__(
        self, connection: Connection, node: Node, deployment: Deployment, finality: str, watcher: Watcher
    ) -> None:
        self.node = node
        self.deployment = deployment
        self.scope = Scope.of(deployment)
        self.mirror = Mirror(connection, self.scope)
        self.mirror.register(deployment)
        self._connection = connection
        self._fetcher = Fetcher(node, self.scope, finality)
        self._watcher = watcher
        self._final = 0
        self._verified = self.mirror.checkpoint

    def catch_up(self) -> Point:
        """Reads up to the node's newest block, and compares every journal with its contract's.

        What the node got wrong is read again. Raises `EntryRejected` when it stays wrong, and what
        `ledger.chain.node` raises. What was applied until then stays.
        """
        doubts: list[tuple[bytes, int]] = []
        moves = 0
        while True:
            try:
                newest = self._read_to_newest()
                heads.compare(self.node, self.scope, self.mirror.journals, newest)
            except ChainMoved:
                moves += 1
                if moves == MOST_MOVES:
                    raise
            except EntryRejected as error:
                doubt = (error.contract, error.seq)
                if doubts.count(doubt) == len(_READ_AGAIN_FROM):
                    raise
                self._read_again(error, _READ_AGAIN_FROM[doubts.count(doubt)])
                doubts.append(doubt)
            else:
                self._verified = newest
                self._watcher.caught_up(newest, sum(each.seq for each in self.mirror.journals.values()))
                return newest

    def follow(self, stop: threading.Event, poll_seconds: float) -> None:
        """Catches up again and again until told to stop, asking for a new block every ``poll_seconds``.

        Goes on after the node failed, with longer and longer waits. Raises `EntryRejected` as `catch_up`
        does.
        """
        wait = poll_seconds
        while not stop.is_set():
            try:
                if self._is_behind():
                    self.catch_up()
                wait = poll_seconds
            except (NodeUnreachable, RpcRefused, ChainMoved) as error:
                wait = min(2 * wait, LONGEST_WAIT)
                self._watcher.troubled(error, wait)
            stop.wait(wait)

    def _is_behind(self) -> bool:
        checkpoint = self.mirror.checkpoint
        newest = self._fetcher.newest()
        if checkpoint is None or newest.number > checkpoint.number:
            return True
        return not reorg.stands(self._fetcher, self.mirror, newest)

    def _read_to_newest(self) -> Point:
        newest = self._fetcher.newest()
        self._require_same_chain(newest)
        self._watcher.started(self.mirror.checkpoint, newest)
        self._final = self._fetcher.final(newest.number)
        while self.mirror.checkpoint is None or self.mirror.checkpoint.number < newest.number:
            self._read_batch(newest)
        if self.mirror.checkpoint.number > newest.number:
            raise NodeUnreachable(
                f"The node is at block {newest.number}, behind the mirror's {self.mirror.checkpoint.number}.",
                "Wait until it has caught up, or use another node.",
            )
        return self.mirror.checkpoint

    def _require_same_chain(self, newest: Header) -> None:
        if reorg.stands(self._fetcher, self.mirror, newest):
            return
        # Another chain at the same URL is no reorganisation: the deployment's own block must be there.
        deployments.check(self.deployment, self.node, "the deployment")
        ancestor = reorg.common_ancestor(self._fetcher, self.mirror)
        self._go_back(ancestor, "the chain was reorganised")

    def _read_batch(self, newest: Header) -> None:
        checkpoint = self.mirror.checkpoint
        first = self.scope.first_block if checkpoint is None else checkpoint.number + 1
        window = max(self._final + 1, newest.number - LARGEST_WINDOW)
        batch = self._fetcher.batch(first, newest, window)
        before = checkpoint.hash if checkpoint else None
        if before is not None and batch.headers[first].parent_hash != before:
            raise ChainMoved(f"Block {first} does not follow the checkpoint.")
        journals = journal.copy(self.mirror.journals)
        entries = journal.follow(self.scope.chain_id, self.scope.kinds, journals, batch.logs, batch.headers)
        self._describe_tokens(entries)
        self.mirror.apply(batch, entries, journals, self._final)
        self._watcher.applied(batch.last, newest, len(entries))

    def _describe_tokens(self, entries: list[journal.Entry]) -> None:
        new = tokens.unknown(self._connection, self.scope.chain_id, tokens.named(entries))
        tokens.add(self._connection, self.node, self.scope.chain_id, new)

    def _read_again(self, error: EntryRejected, start: str) -> None:
        """Goes back to where nothing was in doubt yet, so that the blocks from there on are read again."""
        target = self._verified
        if start == "newest entry":
            newest = self.mirror.journals[error.contract].seq
            carrier = self.mirror.block_of(error.contract, newest)
            before = self.mirror.blocks_below(carrier or 0, 1)
            target = before[0] if before else None
        self._go_back(target, error.what)

    def _go_back(self, block: Point | None, why: str) -> None:
        removed = self.mirror.take_back(block)
        if block is None or (self._verified is not None and block.number < self._verified.number):
            self._verified = block
        self._watcher.taken_back(block, removed, why)


@contextmanager
def indexing(
    database: Database,
    node: Node,
    deployment: Deployment,
    *,
    finality: str = "finalized",
    wait: bool = False,
    watcher: Watcher | None = None,
) -> Iterator[Indexer]:
    """The one indexer of a deployment in a database, as long as the block lasts.

    Raises `LedgerError` when another one runs, unless told to ``wait`` for its end.
    """
    watcher = watcher or Watcher()
    if finality not in ("finalized", "immediate") and not finality.isdecimal():
        raise LedgerError(
            f"{finality!r} is no finality.",
            "Set PLEDGER_FINALITY to finalized, immediate or a number of blocks.",
        )
    deployments.check(deployment, node, "the deployment")
    scope = Scope.of(deployment)
    with writing(
        database, scope.chain_id, scope.ledger, wait=wait, waiting=watcher.waiting_for_writer
    ) as connection:
        yield Indexer(connection, node, deployment, finality, watcher)
