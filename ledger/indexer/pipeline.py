"""Reading on: one batch is written while the next one is read, decoded and checked."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from ledger.indexer import entries as journal
from ledger.indexer import heads, tokens
from ledger.indexer.entries import Entry, Header, Journals, Point
from ledger.indexer.fetch import Batch, ChainMoved, Fetcher
from ledger.indexer.logbook import Logbook
from ledger.indexer.mirror import Mirror
from ledger.indexer.tokens import TokenRow
from ledger.indexer.watcher import Watcher

LARGEST_WINDOW = 1_024
"""Blocks kept at most to notice a reorganisation; a deeper one is found by the blocks that carry entries."""


@dataclass(frozen=True)
class Step:
    """A batch that has been checked and waits to be written; ``journals`` stand after its entries."""

    batch: Batch
    entries: Sequence[Entry]
    journals: Journals
    tokens: Sequence[TokenRow]


class Pipeline:
    """From a node into a mirror. Only the thread that writes uses the mirror's connection meanwhile."""

    def __init__(self, fetcher: Fetcher, mirror: Mirror, logbook: Logbook, watcher: Watcher) -> None:
        self._fetcher = fetcher
        self._mirror = mirror
        self._logbook = logbook
        self._watcher = watcher
        self._known_tokens = mirror.known_tokens()

    def read_to(self, newest: Header, final: int) -> None:
        """Reads from the mirror's checkpoint to a block; blocks up to ``final`` will not change any more.

        There, every journal must end where its contract's does: what is missing at the end of the last batch
        keeps that batch out. Raises `EntryRejected`, `ChainMoved` and what the node raises; what was read
        until then is written.
        """
        if self._mirror.checkpoint and self._mirror.checkpoint.number >= newest.number:
            if self._mirror.checkpoint.number == newest.number:
                heads.compare(self._fetcher.node, self._mirror.scope, self._mirror.journals, newest)
            return
        at, journals = self._mirror.checkpoint, self._mirror.journals
        writing: Future[None] | None = None
        with ThreadPoolExecutor(1, "writer") as writer:
            try:
                while at is None or at.number < newest.number:
                    step = self._read(at, journals, newest, final)
                    if writing is not None:
                        writing.result()
                    writing = writer.submit(self._write, step, newest, final)
                    at, journals = step.batch.last, step.journals
            finally:
                if writing is not None:
                    writing.result()

    def _read(self, at: Point | None, journals: Journals, newest: Header, final: int) -> Step:
        scope = self._mirror.scope
        first = scope.first_block if at is None else at.number + 1
        batch = self._fetcher.batch(first, newest, max(final + 1, newest.number - LARGEST_WINDOW))
        if at is not None and batch.headers[first].parent_hash != at.hash:
            raise ChainMoved(f"Block {first} does not follow the block before it.")
        moved = journal.copy(journals)
        entries = journal.follow(scope.chain_id, scope.kinds, moved, batch.logs, batch.headers)
        if batch.last.number == newest.number:
            heads.compare(self._fetcher.node, scope, moved, newest)
        new = tokens.named(entries) - self._known_tokens
        return Step(batch, entries, moved, tokens.describe(self._fetcher.node, scope.chain_id, new))

    def _write(self, step: Step, newest: Header, final: int) -> None:
        self._mirror.apply(step.batch, step.entries, step.journals, step.tokens, final)
        self._known_tokens.update(row["address"] for row in step.tokens)
        self._logbook.read(len(step.entries), step.batch.last.number - step.batch.first + 1)
        self._logbook.note(self._fetcher.node.place, newest, now=False)
        self._watcher.applied(step.batch.last, newest, len(step.entries))
