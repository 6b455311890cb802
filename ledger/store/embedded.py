"""A PostgreSQL server for whoever has given no database URL: started on demand, stopped by its last user.

Any number of processes share the server of a folder. Each holds a shared file lock while it uses the server;
who leaves and gets the lock for itself was the last, and stops it. The operating system drops a killed
process's lock, so no list of process ids can go stale; then `ledger.store.keeper` stops the server.
"""

import atexit
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from ledger.errors import LedgerError
from ledger.store import failures, keeper, sharing
from ledger.store.server import Server

DATABASE = "pledger"

_servers: dict[Path, "EmbeddedServer"] = {}


class EmbeddedServer:
    """The server whose data are under ``home``; ``url`` reaches it once it has been started."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "postgres"
        self.users = 0
        self.url = ""
        self._lock = sharing.users_lock(home)
        self._turn = threading.Lock()  # the file's lock is between processes only
        self._starting = sharing.starting_lock(home)
        self._server = Server(self.folder)

    def start(self) -> None:
        """Starts the server, or joins the one that already runs."""
        with _usable(self.folder.parent):
            self._lock.acquire_read_lock()
        try:
            keeper.watch(self.folder.parent)
            self.start_again()
            self.url = self._server.url(DATABASE)
        except BaseException:
            self.leave()
            raise

    def start_again(self) -> None:
        """The same after it was ended from outside; its data are as they were committed."""
        with _usable(self.folder.parent), self._turn, self._starting:
            self._server.start()
            _require_database(self._server)

    def leave(self) -> None:
        """Stops the server unless another process uses it."""
        self._lock.release_read_lock()
        with self._turn, sharing.alone(self.folder.parent, wait=True) as is_alone:
            if is_alone:
                self._server.stop()

    @property
    def host(self) -> str:
        """Where its socket is now."""
        return self._server.host

    @property
    def is_running(self) -> bool:
        """Whether it was not ended from outside."""
        return self._server.is_running

    def crash(self) -> str | None:
        """How it was ended from outside, or a part of it was, since it was joined; None when it was not."""
        return self._server.crash()


def join(home: Path) -> EmbeddedServer:
    """The server of this folder, started if need be; each `join` wants a `leave`.

    Raises `LedgerError` when it does not start.
    """
    with _usable(home):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        home = home.resolve()
    server = _servers.get(home)
    if server is None:
        server = EmbeddedServer(home)
        server.start()
        _servers[home] = server
    server.users += 1
    return server


def leave(server: EmbeddedServer) -> None:
    """Ends one `join`. Raises `LedgerError` when the server does not stop."""
    server.users -= 1
    if server.users == 0:
        del _servers[server.folder.parent]
        server.leave()


@atexit.register
def _leave_all() -> None:
    for server in list(_servers.values()):
        server.users = 1
        try:
            leave(server)
        except LedgerError as error:
            print(f"error: {error}", file=sys.stderr)  # noqa: T201 - nobody is left to raise it to


@contextmanager
def _usable(home: Path) -> Iterator[None]:
    """Says what is wrong with the folder."""
    try:
        yield
    except OSError as error:
        place = error.filename or home
        raise LedgerError(
            f"The folder {home} cannot be used: {os.fsdecode(place)}: {error.strerror}.",
            "Set PLEDGER_HOME to a folder that you may write to"
            + (" (what is there was made by another user)." if home.exists() else "."),
        ) from error


def _require_database(server: Server) -> None:
    try:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE \"{DATABASE}\" ENCODING 'UTF8' TEMPLATE template0")
    except psycopg.Error as error:
        why = failures.reason(error)
        raise LedgerError(
            f"The embedded PostgreSQL makes no database: {why}.", failures.advice(why)
        ) from error
