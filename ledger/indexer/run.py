"""The indexer: reads on from the checkpoint, takes back what the chain took back, and checks itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from ledger.chain import deployment as deployments
from ledger.chain.deployment import Deployment
from ledger.chain.node import Node, NodeUnreachable, RpcRefused
from ledger.errors import LedgerError
from ledger.indexer import heads, reorg
from ledger.indexer.entries import EntryRejected, Header, Point
from ledger.indexer.fetch import ChainMoved, Fetcher
from ledger.indexer.mirror import Mirror
from ledger.indexer.pipeline import Pipeline
from ledger.indexer.scope import Scope
from ledger.indexer.watcher import Watcher
from ledger.indexer.writer import writing
from ledger.store.database import Database

MOST_MOVES = 20
"""Reorganisations, or entries in doubt, in one catch-up after which something else must be wrong."""
MOST_READINGS = 2
"""How often the node is asked again about the same entry."""
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
        self._fetcher = Fetcher(node, self.scope, finality)
        self._watcher = watcher
        self._pipeline = Pipeline(self._fetcher, self.mirror, watcher)
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
                if doubts.count(doubt) == MOST_READINGS or len(doubts) == MOST_MOVES:
                    raise
                self._read_again(error, first_time=doubt not in doubts)
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
        self._pipeline.read_to(newest, self._fetcher.final(newest.number))
        checkpoint = self.mirror.checkpoint
        if checkpoint is not None and checkpoint.number > newest.number:
            raise NodeUnreachable(
                f"The node is at block {newest.number}, behind the mirror's {checkpoint.number}.",
                "Wait until it has caught up, or use another node.",
            )
        return newest

    def _require_same_chain(self, newest: Header) -> None:
        if reorg.stands(self._fetcher, self.mirror, newest):
            return
        # Another chain at the same URL is no reorganisation: the deployment's own block must be there.
        deployments.check(self.deployment, self.node, "the deployment")
        ancestor = reorg.common_ancestor(self._fetcher, self.mirror)
        self._go_back(ancestor, "the chain was reorganised")

    def _read_again(self, error: EntryRejected, *, first_time: bool) -> None:
        """Goes back to where nothing was in doubt yet, so that the blocks from there on are read again.

        An entry that was never applied is read again from where the mirror stands, the first time. Else what
        is missing came after the newest entry that is here, and after the last block at which all matched.
        """
        checkpoint = self.mirror.checkpoint
        if first_time and (checkpoint is None or error.block > checkpoint.number):
            self._watcher.taken_back(checkpoint, 0, error.what)
            return
        carrier = self.mirror.block_of(error.contract, self.mirror.journals[error.contract].seq)
        target = next(iter(self.mirror.blocks_below(carrier or 0, 1)), None)
        if first_time and self._verified and (target is None or target.number < self._verified.number):
            target = self._verified
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
