"""Real streaming replicas of the tests' PostgreSQL, made by pg_basebackup."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from ledger.store import programs
from ledger.store.database import Database, libpq_url
from ledger.store.server import Server

_FOLLOWING = ("--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream")


class ReplicaServer:
    """A server that follows another one; its replay can be held up."""

    def __init__(self, folder: Path) -> None:
        self._server = Server(folder)
        self.account = self._server.account

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def url(self, primary: Database) -> str:
        """Of the same database there."""
        return self._server.url(str(primary.url.database))

    def hold(self) -> None:
        """It goes on receiving, and shows nothing of it."""
        self._tell("SELECT pg_wal_replay_pause()")
        while self._tell("SELECT pg_get_wal_replay_pause_state()") != "paused":
            time.sleep(0.01)

    def go_on(self) -> None:
        self._tell("SELECT pg_wal_replay_resume()")

    def set(self, name: str, value: str) -> None:
        """A setting of the server's."""
        self._tell(f"ALTER SYSTEM SET {name} = '{value}'")
        self._tell("SELECT pg_reload_conf()")

    def catch_up(self, primary: Database) -> None:
        """Returns when it shows all that the primary has written."""
        with primary.engine.connect() as connection:
            written = connection.scalar(text("SELECT pg_current_wal_flush_lsn()::text"))
        deadline = time.monotonic() + 60
        while not self._tell(f"SELECT pg_last_wal_replay_lsn() >= '{written}'"):
            assert time.monotonic() < deadline, "the replica does not get there"
            time.sleep(0.02)

    def _tell(self, statement: str) -> object:
        with Database.open(self._server.url("postgres"), migrate=False) as database:
            options = {"isolation_level": "AUTOCOMMIT"}
            with database.engine.connect().execution_options(**options) as connection:
                result = connection.execute(text(statement))
                return result.scalar() if result.returns_rows else None


@contextmanager
def replica_of(primary: Database) -> Iterator[ReplicaServer]:
    """A new replica of the server on which the database is, caught up."""
    with tempfile.TemporaryDirectory(prefix="pledger-replica-", ignore_cleanup_errors=True) as home:
        folder = Path(home) / "postgres"
        replica = ReplicaServer(folder)
        folder.mkdir(mode=0o700)
        replica.account.own(folder)
        replica.account.let_in(folder)
        url = libpq_url(primary.url.set(database="postgres"))
        subprocess.run(
            [programs.find("pg_basebackup"), "--pgdata", str(folder), "--dbname", url, *_FOLLOWING],
            check=True,
            capture_output=True,
            **replica.account.options,
        )
        for copied in [*folder.glob(".s.PGSQL*"), folder / "log"]:
            copied.unlink()  # the embedded server keeps its socket and its log among its data
        replica.start()
        try:
            replica.catch_up(primary)
            yield replica
        finally:
            replica.stop()
