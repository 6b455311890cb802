"""The indexer: reads on from the checkpoint, takes back what the chain took back, and checks itself."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from ledger.chain import deployment as deployments
from ledger.chain.node import Node, NodeUnreachable, RpcRefused
from ledger.errors import LedgerError
from ledger.indexer import reorg
from ledger.indexer.entries import EntryRejected, Header, Point
from ledger.indexer.fetch import ChainMoved, Fetcher
from ledger.indexer.headers import HeaderFalse
from ledger.indexer.logbook import Kind, Logbook
from ledger.indexer.mirror import Keep, Mirror
from ledger.indexer.patience import Patience
from ledger.indexer.pipeline import Pipeline
from ledger.indexer.powers import PowersRejected
from ledger.indexer.reading_process import ReadingProcess
from ledger.indexer.rebuild import rebuild_if_other
from ledger.indexer.scope import Scope
from ledger.indexer.unverified import look_again
from ledger.indexer.watcher import Watcher
from ledger.indexer.writer import failing, writing
from ledger.store import projections
from ledger.store.database import Database
from ledger.terms.deployment import Deployment, DeploymentInvalid

if TYPE_CHECKING:  # its library takes a moment to import, and only some listen
    from ledger.chain.new_heads import NewHeads

LONGEST_WAIT = 10.0
"""Seconds between two tries at most, when the node fails."""
STILL_SECONDS = 30.0
"""After so long without a new block, a following indexer with several nodes looks at the next one."""


class Indexer:
    """Mirrors one deployment; made by `indexing`, which holds the writer's lock meanwhile."""

    def __init__(
        self,
        connection: Connection,
        node: Node,
        deployment: Deployment,
        finality: str,
        watcher: Watcher,
        ahead: ReadingProcess | None = None,
        *,
        any_hash: bool = False,
        keep: Keep | None = None,
    ) -> None:
        self._keep = keep
        self.node = node
        self.deployment = deployment
        self.scope = Scope.of(deployment)
        self.mirror = Mirror(connection, self.scope)
        self.mirror.register(deployment)
        self._logbook = Logbook(connection, self.scope)
        self._fetcher = Fetcher(node, self.scope, finality, any_hash=any_hash)
        self._looked: set[tuple[str, bool]] = set()
        self._watcher = watcher
        self._pipeline = Pipeline(self._fetcher, self.mirror, self._logbook, watcher, ahead)
        self._verified = self.mirror.checkpoint
        # Of a database of an older version, they have not been read yet.
        self._powers_in_doubt = self.mirror.checkpoint is not None and not self.mirror.has_powers()
        self._stop = threading.Event()

    def catch_up(self) -> Point:
        """Reads up to the node's newest block, and compares every journal with its contract's.

        What a node got wrong is read again, from another one if there is one; a node that fails is asked
        again, or another one is. Raises `EntryRejected`, `PowersRejected` or `HeaderFalse` when what it
        answers stays wrong, `DeploymentInvalid` when it turns out to be of another chain, and what
        `ledger.chain.node` raises when it goes on failing.
        What was applied until then stays.
        """
        patience = Patience(self.node.alternatives)
        self._logbook.began()
        while True:
            before = self.mirror.checkpoint
            try:
                newest = self._read_to_newest()
                if not self._settle_times(newest):
                    continue
            except EntryRejected as error:
                self._doubt(error, patience)
            except PowersRejected as error:
                self._doubt_powers(error, patience)
            except HeaderFalse as error:
                self._doubt_header(error, patience, progress=self.mirror.checkpoint != before)
            except ChainMoved as error:
                if not patience.chain_moved():
                    raise
                if patience.is_restless:
                    self._turn(error)
                self._stop.wait(patience.seconds)
            except (NodeUnreachable, RpcRefused, DeploymentInvalid) as error:
                if not patience.node_failed(progress=self.mirror.checkpoint != before):
                    if isinstance(error, DeploymentInvalid):
                        self._logbook.incident(Kind.STOP, self.node.place, error.what)
                    raise
                self._turn(error)
                self._stop.wait(patience.seconds)
            else:
                if self.mirror.lacks_indexes:
                    self._watcher.making_indexes()
                    self.mirror.make_indexes()
                self._verified = newest
                self._hear_tokens()
                self._logbook.resolved()
                self._logbook.note(self.node.place, newest)
                self._watcher.caught_up(newest, sum(each.seq for each in self.mirror.journals.values()))
                return newest

    def keep(self) -> None:
        """Has made what is kept of the tables, if anything is: see `indexing`."""
        if self._keep is not None:
            self.mirror.keep(self._keep)

    def _hear_tokens(self) -> None:
        with suppress(NodeUnreachable):  # all is read; names can wait
            self._pipeline.ask_tokens_again()

    def follow(self, stop: threading.Event, poll_seconds: float, new_heads: "NewHeads | None" = None) -> None:
        """Catches up again and again until told to stop, asking for a new block every ``poll_seconds``, and
        whenever ``new_heads`` tell of one.

        Goes on after the node failed, with longer and longer waits. Raises `EntryRejected` and `HeaderFalse`
        as `catch_up` does.
        """
        self._stop = stop
        wait = poll_seconds
        moved = time.monotonic()
        while not stop.is_set():
            try:
                if self._may_be_behind():
                    self.catch_up()
                    self.keep()
                    self.mirror.summarize()
                    moved = time.monotonic()
                elif time.monotonic() - moved > STILL_SECONDS:
                    # A chain may rest; a node that has lost its peers looks just the same.
                    self.node.turn()
                    moved = time.monotonic()
            except (NodeUnreachable, RpcRefused, ChainMoved) as error:
                wait = min(2 * wait, LONGEST_WAIT)
                if not self._turn(error):
                    self._watcher.troubled(error, wait)
                stop.wait(wait)  # whatever is told meanwhile: a node that fails is not pressed
            else:
                wait = poll_seconds
                self._wait_for_news(stop, poll_seconds, new_heads)

    def _wait_for_news(
        self, stop: threading.Event, poll_seconds: float, new_heads: "NewHeads | None"
    ) -> None:
        if new_heads is None:
            stop.wait(poll_seconds)
            return
        self._watcher.heard(new_heads.trouble)
        checkpoint = self.mirror.checkpoint
        new_heads.wait(stop, poll_seconds, -1 if checkpoint is None else checkpoint.number)

    def _may_be_behind(self) -> bool:
        try:
            return self._is_behind()
        except HeaderFalse:
            return True  # who catches up will see the same, and knows how patient to be

    def _is_behind(self) -> bool:
        checkpoint = self.mirror.checkpoint
        newest = self._fetcher.newest()
        if checkpoint is None or newest.number > checkpoint.number or self.mirror.lacks_indexes:
            return True
        if reorg.stands(self._fetcher, self.mirror, newest):
            self._logbook.note(self.node.place, newest, now=False)
            return False
        return True

    def _read_to_newest(self) -> Header:
        newest = self._fetcher.newest()
        self._require_same_chain(newest)
        if self._powers_in_doubt and self.mirror.checkpoint is not None:
            self._pipeline.read_powers_again()
            self._powers_in_doubt = False
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
        # Another chain at the same URL is not a reorganisation: the deployment's own block must be there.
        deployments.check(self.deployment, self.node, "the deployment")
        ancestor = reorg.common_ancestor(self._fetcher, self.mirror, newest)
        if ancestor == self.mirror.checkpoint:
            return  # it was gone for a moment
        removed = self._go_back(ancestor, "the chain was reorganised")
        back = "the beginning" if ancestor is None else f"block {ancestor.number}"
        self._logbook.incident(
            Kind.REORGANISATION,
            self.node.place,
            f"The chain was reorganised: {removed} entries after {back} were taken back.",
            block=ancestor.number if ancestor else None,
        )

    def _settle_times(self, newest: Header) -> bool:
        """Sees that whoever knows more of unverified times is asked, each node once; False when something is
        to be read again.
        """
        seen = (self.node.url, newest.verified)
        if self.mirror.has_unverified and seen not in self._looked:
            self._looked.add(seen)
            false = look_again(self._fetcher, self.mirror)
            if false is not None:
                what = (
                    f"Block {false.number} has another time than the mirror, which had a false header of it."
                )
                self._logbook.incident(Kind.HEADER, self.node.place, what, block=false.number)
                self._go_back(next(iter(self.mirror.blocks_below(false.number, 1)), None), what)
                return False
            if self._others_may_know(newest):
                return False
        if not self.mirror.has_unverified:
            self._looked.clear()
        return True

    def _others_may_know(self, newest: Header) -> bool:
        """Goes on to a node that has not been asked about unverified times yet, if there is one."""
        asked = {url for url, _ in self._looked}
        return (
            self.mirror.has_unverified
            and len(asked) <= self.node.alternatives
            and self._turn(
                LedgerError(
                    f"Times of blocks up to {newest.number} are unverified: another node may know more."
                )
            )
        )

    def _doubt_header(self, error: HeaderFalse, patience: Patience, *, progress: bool) -> None:
        """Sees that a block's header is asked for again. Raises the error when that has not helped."""
        self._doubt_block(Kind.HEADER, error, patience, progress=progress)

    def _doubt(self, error: EntryRejected, patience: Patience) -> None:
        """Sees that what does not follow is read again. Raises the error when that has not helped."""
        hopeful = patience.entry_rejected(error, narrowed=self._fetcher.size.doubted())
        first_time = patience.readings == 1
        if first_time:
            self._logbook.incident(Kind.ENTRY, self.node.place, error.what, entry=error)
        if not hopeful:
            self._logbook.incident(Kind.STOP, self.node.place, error.what, entry=error)
            raise error
        self._turn(error)
        self._read_again(error, first_time=first_time)
        self._stop.wait(patience.seconds)

    def _doubt_powers(self, error: PowersRejected, patience: Patience) -> None:
        """Sees that all changes of powers are read again. Raises the error when that has not helped."""
        # A node that cuts long answers short without a word gives all of shorter ranges.
        self._doubt_block(Kind.ENTRY, error, patience, progress=self._fetcher.size.doubted())
        self._powers_in_doubt = True

    def _doubt_block(
        self, kind: Kind, error: HeaderFalse | PowersRejected, patience: Patience, *, progress: bool
    ) -> None:
        """Notes what a node got wrong of a block, and goes on to another. Raises the error after too many."""
        self._logbook.incident(kind, self.node.place, error.what, block=error.block)
        if not patience.node_failed(progress=progress):
            self._logbook.incident(Kind.STOP, self.node.place, error.what, block=error.block)
            raise error
        self._turn(error)
        self._stop.wait(patience.seconds)

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

    def _go_back(self, block: Point | None, why: str) -> int:
        removed = self.mirror.take_back(block)
        if block is None or (self._verified is not None and block.number < self._verified.number):
            self._verified = block
        self._logbook.took_back(removed)
        self._watcher.taken_back(block, removed, why)
        return removed

    def _turn(self, error: LedgerError) -> bool:
        """Goes on to another node that holds the deployment; False when there is none."""
        before = self.node.place
        for _ in range(self.node.alternatives):
            if not self.node.turn():
                return False
            try:
                deployments.check(self.deployment, self.node, "the deployment")
            except (DeploymentInvalid, NodeUnreachable, RpcRefused):
                continue
            self._logbook.incident(
                Kind.FAILOVER, before, f"{error.what} {self.node.place} is asked in its place."
            )
            self._watcher.turned(error, self.node.place)
            return True
        return False


@contextmanager
def indexing(
    database: Database,
    node: Node,
    deployment: Deployment,
    *,
    finality: str = "finalized",
    wait: bool = False,
    watcher: Watcher | None = None,
    ahead: ReadingProcess | None = None,
    any_hash: bool = False,
    keep: Keep | None = None,
) -> Iterator[Indexer]:
    """The one indexer of a deployment in a database, as long as the block lasts.

    ``ahead`` is a reading process for its first reading, should that be a long one; ``any_hash`` is for
    chains whose headers are hashed otherwise than Ethereum's, see `ledger.indexer.headers`. Whenever a
    following indexer has caught up, ``keep`` makes what is kept of the tables (`ledger.reputation.kept`).
    Raises `LedgerError` when another one runs, unless told to ``wait`` for its end, and `DatabaseFailed` when
    the database does.
    """
    watcher = watcher or Watcher()
    if finality not in ("finalized", "immediate") and not finality.isdecimal():
        raise LedgerError(
            f"{finality!r} is not a finality.",
            "Set PLEDGER_FINALITY to finalized, immediate or a number of blocks.",
        )
    deployments.check(deployment, node, "the deployment")
    scope = Scope.of(deployment)
    with failing(database):
        _see_to_the_tables(database, watcher, wait=wait)
    with writing(
        database, scope.chain_id, scope.ledger, wait=wait, waiting=watcher.waiting_for_writer
    ) as connection:
        with connection.begin():  # whoever waited may find them made anew, by another program
            projections.require(projections.found(connection))
        yield Indexer(connection, node, deployment, finality, watcher, ahead, any_hash=any_hash, keep=keep)


def _see_to_the_tables(database: Database, watcher: Watcher, *, wait: bool) -> None:
    """Makes those anew that follow from entries, if they are of another version."""
    with database.engine.connect() as connection:
        version = projections.found(connection)
    if version == projections.version():
        return
    projections.refuse_newer(version)
    watcher.rebuilding(version)
    done = rebuild_if_other(database, wait=wait, waiting=watcher.waiting_for_writer)
    if done is not None:
        watcher.rebuilt(done.entries, done.seconds)
