"""Reading on: where there is much to read, one step is written while the next ones are read and checked."""

from contextlib import closing

from ledger.indexer import apart, heads
from ledger.indexer.entries import Header
from ledger.indexer.fetch import Fetcher
from ledger.indexer.logbook import Logbook
from ledger.indexer.mirror import Mirror
from ledger.indexer.reading import Reading, steps
from ledger.indexer.steps import Step
from ledger.indexer.watcher import Watcher

FAR = 500
"""More blocks than this are read in a process of its own, which takes a second to start."""


class Pipeline:
    """From a node into a mirror."""

    def __init__(self, fetcher: Fetcher, mirror: Mirror, logbook: Logbook, watcher: Watcher) -> None:
        self._fetcher = fetcher
        self._mirror = mirror
        self._logbook = logbook
        self._watcher = watcher
        self._known_tokens = mirror.known_tokens()

    def read_to(self, newest: Header, final: int) -> None:
        """Reads from the mirror's checkpoint to a block; blocks up to ``final`` will not change any more.

        There, every journal must end where its contract's does. Raises `EntryRejected`, `ChainMoved` and what
        the node raises; what was read until then is written.
        """
        scope, at, journals = self._mirror.scope, self._mirror.checkpoint, self._mirror.journals
        if at is not None and at.number >= newest.number:
            if at.number == newest.number:
                heads.compare(self._fetcher.node, scope, journals, newest)
            return
        reading = Reading(at, journals, newest, final, frozenset(self._known_tokens))
        begin = scope.first_block if at is None else at.number + 1
        is_far = newest.number - begin >= FAR
        if is_far:
            self._mirror.put_off_indexes()
        read = apart.steps if is_far else steps
        with closing(read(self._fetcher, scope, reading)) as checked:
            for step in checked:
                self._write(step, newest, final)

    def _write(self, step: Step, newest: Header, final: int) -> None:
        self._mirror.apply(step, final)
        self._known_tokens.update(row["address"] for row in step.tokens)
        self._logbook.read(step.entries, step.last.number - step.first + 1)
        self._logbook.note(self._fetcher.node.place, newest, now=False)
        self._watcher.applied(step.last, newest, step.entries)
