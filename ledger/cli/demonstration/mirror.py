"""The mirror in the demonstration: an indexer that is killed half-way, and one that begins anew."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import func, select, text

from ledger.cli.demonstration.stage import Stage
from ledger.errors import LedgerError
from ledger.indexer.run import Indexer, indexing
from ledger.store import schema
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.tables import Entry

_BUSY_SECONDS = 60
PROGRAM = [sys.executable, "-c", "from ledger.cli.main import main; main()"]


@dataclass(frozen=True)
class Digests:
    """Of the schema ``chain``: as the killed indexer's successor left it, and as a fresh one made it."""

    resumed: str
    rebuilt: str


class DoomedIndexer:
    """``pledger index --follow`` in a process of its own, until it is killed.

    ``entries_at_death`` is how many entries it had brought in by then.
    """

    def __init__(self, stage: Stage, database: Database) -> None:
        self._database = database
        self.entries_at_death = 0
        self._process = subprocess.Popen(
            [*PROGRAM, "index", "--follow", "--poll", "0.05"],
            env=stage.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill_at_work(self) -> None:
        """Ends it as a power cut would: SIGKILL, in the middle of whatever it does, once it does something.

        Raises LedgerError when it ended by itself.
        """
        deadline = time.monotonic() + _BUSY_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            if entries_in(self._database):
                break
            time.sleep(0.05)
        self.kill()
        self.entries_at_death = entries_in(self._database)
        if self._process.returncode != -signal.SIGKILL or not self.entries_at_death:
            raise LedgerError(
                "The indexer to be killed did not work.", "Run `pledger index --follow` to see why."
            )

    def kill(self) -> None:
        """Ends it, whatever it does."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None


@contextmanager
def doomed_indexer(stage: Stage, database: Database) -> Iterator[DoomedIndexer]:
    """Runs it; it is dead when the block ends."""
    indexer = DoomedIndexer(stage, database)
    try:
        yield indexer
    finally:
        indexer.kill()


def entries_in(database: Database) -> int:
    """How many entries the mirror holds."""
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(Entry)) or 0


def mirror_twice(stage: Stage, database: Database) -> Digests:
    """Goes on where the killed indexer stopped; then drops the schema ``chain`` and reads it all again."""
    with following(stage, database) as indexer:
        indexer.catch_up()
    resumed = digest(database)
    schema.drop_chain(database.engine)
    with following(stage, database) as indexer:
        indexer.catch_up()
    return Digests(resumed, digest(database))


def count_rows(database: Database) -> None:
    """Has PostgreSQL count what was just filled in: its plans for empty tables are slow ones."""
    with database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))


@contextmanager
def following(stage: Stage, database: Database) -> Iterator[Indexer]:
    """The indexer of the demonstration's deployment; waits for a killed one's lock to be given back."""
    with indexing(
        database, stage.chain.node, stage.deployment, finality=stage.settings.finality, wait=True
    ) as indexer:
        yield indexer
