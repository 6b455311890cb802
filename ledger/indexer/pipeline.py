"""Reading on: where there is much to read, one step is written while the next ones are read and checked."""

import time
from collections.abc import Generator
from contextlib import closing

from ledger.indexer import apart, heads, reading_process, tokens
from ledger.indexer.entries import Header
from ledger.indexer.fetch import Fetcher
from ledger.indexer.headers import MOST_FIELDS
from ledger.indexer.logbook import Kind, Logbook
from ledger.indexer.mirror import Mirror
from ledger.indexer.powers_check import PowersCheck
from ledger.indexer.reading import Reading, steps
from ledger.indexer.reading_process import ReadingProcess
from ledger.indexer.steps import Step
from ledger.indexer.watcher import Watcher

ASKED_AGAIN_SECONDS = 60.0
"""Between two times that tokens which could not be heard are asked again, by one indexer."""


class Pipeline:
    """From a node into a mirror; ``ahead`` is a reading process that has been started already, if any."""

    def __init__(
        self,
        fetcher: Fetcher,
        mirror: Mirror,
        logbook: Logbook,
        watcher: Watcher,
        ahead: ReadingProcess | None = None,
    ) -> None:
        self._ahead = ahead
        self._fetcher = fetcher
        self._mirror = mirror
        self._logbook = logbook
        self._watcher = watcher
        self._known_tokens = mirror.known_tokens()
        self._powers = PowersCheck(mirror)
        self._noted: set[str] = set()
        self._ask_again = True  # whoever read before may have left some unheard
        self._asked_at = 0.0

    def read_to(self, newest: Header, final: int) -> None:
        """Reads from the mirror's checkpoint to a block; blocks up to ``final`` will not change any more.

        There, every journal must end where its contract's does, and the changes of powers make what the
        access manager stores. Raises `EntryRejected`, `PowersRejected`, `ChainMoved` and what the node
        raises; what was read until then is written.
        """
        scope, at, journals = self._mirror.scope, self._mirror.checkpoint, self._mirror.journals
        if at is not None and at.number >= newest.number:
            if at.number == newest.number:
                heads.compare(self._fetcher.node, scope, journals, newest)
                self._powers.compare(self._fetcher.node, (), newest)
            return
        reading = Reading(at, journals, newest, final, frozenset(self._known_tokens))
        begin = scope.first_block if at is None else at.number + 1
        read = self._steps_apart if newest.number - begin >= reading_process.FAR else self._steps
        with closing(read(reading)) as checked:
            for step in checked:
                self._write(step, newest, final)

    def ask_tokens_again(self) -> None:
        """Hears the tokens that the node, in a bad moment, did not let speak. Raises NodeUnreachable."""
        if not self._ask_again or time.monotonic() - self._asked_at < ASKED_AGAIN_SECONDS:
            return
        self._asked_at = time.monotonic()
        node, mirror = self._fetcher.node, self._mirror
        rows = tokens.describe(node, mirror.scope.chain_id, mirror.known_tokens(answered=False))
        mirror.describe([row for row in rows if row["answered"]])
        self._ask_again = not all(row["answered"] for row in rows)

    def _steps_apart(self, reading: Reading) -> Generator[Step, None, None]:
        self._mirror.put_off_indexes()
        ahead, self._ahead = self._ahead, None
        return apart.steps(self._fetcher, self._mirror.scope, reading, ahead)

    def _steps(self, reading: Reading) -> Generator[Step, None, None]:
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None
        return steps(self._fetcher, self._mirror.scope, reading)

    def read_powers_again(self) -> None:
        """Puts what the node has of changes of powers, up to the checkpoint, in the place of what is here."""
        mirror, at = self._mirror, self._mirror.checkpoint
        if at is not None:
            mirror.replace_powers(*self._fetcher.powers(mirror.scope.first_block, at.number))

    def _write(self, step: Step, newest: Header, final: int) -> None:
        if step.last.number == newest.number:
            self._powers.compare(self._fetcher.node, step.powers, step.last)
        self._mirror.apply(step, final)
        self._note_unknown(step)
        self._known_tokens.update(row["address"] for row in step.tokens)
        self._ask_again |= not all(row["answered"] for row in step.tokens)
        self._logbook.read(step.entries, step.last.number - step.first + 1)
        self._logbook.note(self._fetcher.node.place, newest, now=False)
        self._watcher.applied(step.last, newest, step.entries)

    def _note_unknown(self, step: Step) -> None:
        """Names the fields of headers that could not be hashed, each once."""
        unknown = {name: number for number, header in step.headers.items() for name in header.unknown}
        for name in sorted(unknown.keys() - self._noted)[: MOST_FIELDS - len(self._noted)]:
            self._logbook.incident(
                Kind.UNVERIFIED,
                self._fetcher.node.place,
                f"Block headers have a field that this program does not know: {name}. "
                "The times of such blocks are unverified.",
                block=unknown[name],
                once=True,
            )
            self._noted.add(name)
