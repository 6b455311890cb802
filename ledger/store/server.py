"""A PostgreSQL server on a folder of data: made, started, found running, and stopped.

The programs are those of the embedded package, run directly: its own starter goes through a shell, keeps one
lock for all users of the machine, and knows no folder with a space, a quote or a long name.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from urllib.parse import quote

import psutil

from ledger.errors import LedgerError
from ledger.store import programs, server_log
from ledger.store.server_account import account_of

USER = "postgres"
"""The role that owns everything in it. Only who may enter the socket's folder can become it."""
PORT = 5432
"""Names the socket; nothing listens on the network."""
START_SECONDS = 60
"""A server that recovers from a crash takes its time."""
STOP_SECONDS = 30
"""How long it may take to end in order, before it is ended as by a crash; it recovers from that."""
_LONGEST_SOCKET = 103
"""Bytes that a socket's path may have on every system."""
_SOCKET = f".s.PGSQL.{PORT}"
_SOCKET_FOLDER = "pledger-"
_POLL = 0.02


class ServerFailed(LedgerError):
    """The embedded PostgreSQL does not start, or does not stop."""


class _State(Enum):
    GONE = "no process of it runs"
    BUSY = "it starts, stops, or its orphans still end"
    READY = "it answers"


class Server:
    """The server whose data are in ``folder``, which `start` makes if need be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.account = account_of(folder.parent)
        self._process: subprocess.Popen[bytes] | None = None
        self._since = 0  # where its log was when it was started here, or joined

    def start(self) -> None:
        """Starts it, or finds it running. Raises ServerFailed with the reason.

        Two must not do so at a time.
        """
        self._require_data()
        deadline, self._since = time.monotonic() + START_SECONDS, server_log.size(self.log)
        if self._process is not None and self._process.poll() is not None:
            self._process = None  # it was started here before, and has ended since
        while (state := self._state()) is not _State.READY:
            if state is _State.GONE:
                if self._process is not None:
                    code, self._process = self._process.wait(), None
                    raise self._failed(server_log.reason(self.log, self._since) or _ended(code))
                self._launch()
            elif time.monotonic() > deadline:
                raise self._failed(server_log.reason(self.log, self._since) or "it goes on starting")
            time.sleep(_POLL)

    def stop(self) -> None:
        """Ends it in order, or else as by a crash. Raises ServerFailed when it outlives even that."""
        pid, socket_folder = self._pid(), self.host
        if pid is None and self._process is not None and self._process.poll() is None:
            pid = self._process.pid  # it has only just been started
        if pid is None:
            return
        for ending, seconds in (
            (signal.SIGINT, STOP_SECONDS),
            (signal.SIGQUIT, 5),
            (signal.SIGKILL, 5),
        ):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, ending)
                os.kill(pid, signal.SIGCONT)  # a stopped process hears nothing
            if self._ends_within(pid, seconds):
                self._process = None
                _forget_socket(Path(socket_folder))
                return
        raise ServerFailed(
            f"The embedded PostgreSQL (process {pid}) does not stop.",
            "Its data are safe. End that process; the next command starts it again.",
        )

    @property
    def is_running(self) -> bool:
        """Whether its main process lives."""
        return self._pid() is not None

    @property
    def host(self) -> str:
        """The folder of its socket, which only its user may enter."""
        return self._socket_folder() or str(self.folder)

    def url(self, database: str) -> str:
        """Reaches a database of it, read alike by every library."""
        return f"postgresql://{USER}@/{database}?host={quote(self.host, safe='/')}&port={PORT}"

    def crash(self) -> str | None:
        """How it, or a part of it, was ended from outside since `start`; None when nothing was."""
        known = server_log.crash(self.log, self._since)
        return known if known is not None or self.is_running else "from outside, and its log does not say why"

    def _require_data(self) -> None:
        version = self.folder / "PG_VERSION"
        try:
            self.account.let_in(self.folder)
            for files in programs.EMBEDDED_FILES:
                self.account.let_in(files, reading=True)
            found = version.read_text().strip() if version.exists() else None
            if found is None:
                self._make()
        except OSError as error:
            raise self._failed(f"{error.filename or self.folder}: {error.strerror}") from error
        if found is not None and found != str(programs.EMBEDDED_VERSION):
            raise ServerFailed(
                f"The data in {self.folder} are of PostgreSQL {found}; this program brings "
                f"{programs.EMBEDDED_VERSION}.",
                "Nothing was changed. Set PLEDGER_HOME to another folder and read the chain anew with "
                "`pledger index`, or set PLEDGER_DATABASE_URL to a server of that version.",
            )

    def _make(self) -> None:
        """New data: made beside, and moved into place when they are whole."""
        if self.folder.exists() and any(self.folder.iterdir()):
            raise self._failed(f"{self.folder} is not empty, and holds no database")
        beside = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        self.account.own(beside)
        # The same on every machine, whatever its language: text in UTF-8, sorted by code point.
        text = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            [programs.EMBEDDED / "initdb", f"--username={USER}", "--auth=trust", *text, "--pgdata", beside],
            env={**_environment(), "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            **self.account.options,
        )
        if done.returncode != 0:
            said = done.stdout.decode(errors="replace")
            raise self._failed(
                server_log.reason_in(said) or server_log.no_room(beside) or _ended(done.returncode)
            )
        beside.replace(self.folder)

    def _launch(self) -> None:
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": '"{}"'.format(self._new_socket_folder().replace('"', '""')),
            "unix_socket_permissions": "0700",
            "lc_messages": "C",
        }
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        try:
            with self.log.open("ab") as log:
                self.account.own(self.log)
                self._process = subprocess.Popen(
                    [programs.EMBEDDED / "postgres", "-D", self.folder, *options],
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self.folder,
                    start_new_session=True,  # Ctrl-C is for whoever uses it
                    **self.account.options,
                )
        except OSError as error:
            raise self._failed(f"{error.filename or self.log}: {error.strerror}") from error

    def _state(self) -> _State:
        """Removes a ``postmaster.pid`` that a crash left: half written, or naming no server of this folder.

        Not while any process of that server lives, which would let two servers write to one folder. Its
        processes end by themselves.
        """
        lines = self._pid_file()
        if self._process is not None and self._process.poll() is None:
            ours = lines[:1] == [str(self._process.pid)]
            return _State.READY if ours and lines[7:8] == ["ready"] else _State.BUSY
        if not lines and not (self.folder / "postmaster.pid").exists():
            return _State.GONE
        running = self._processes()
        if not running:
            _forget_socket(Path(self.host))
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
            return _State.GONE
        known = lines[:1] in [[str(pid)] for pid in running]
        return _State.READY if known and lines[7:8] == ["ready"] else _State.BUSY

    def _pid(self) -> int | None:
        for pid in self._pid_file()[:1]:
            if pid.isdecimal() and int(pid) in self._processes():
                return int(pid)
        return None

    def _pid_file(self) -> list[str]:
        """Process, data folder, start, port, socket's folder, address, memory, state."""
        try:
            text = (self.folder / "postmaster.pid").read_bytes()
        except OSError:
            return []
        return [os.fsdecode(line).strip() for line in text.splitlines()]

    def _processes(self) -> set[int]:
        """PostgreSQL's processes work in their data folder. (A dead one that nobody buried is none.)"""
        found = set()
        for process in psutil.process_iter(["name", "status"]):
            with contextlib.suppress(psutil.Error):
                alive = process.info["status"] != psutil.STATUS_ZOMBIE
                is_server = alive and (process.info["name"] or "").startswith("postgres")
                if is_server and Path(process.cwd()) == self.folder:
                    found.add(process.pid)
        return found

    def _ends_within(self, pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process is not None:
                self._process.poll()
            try:
                if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                    return True
            except psutil.NoSuchProcess:
                return True
            time.sleep(_POLL)
        return False

    def _socket_folder(self) -> str | None:
        lines = self._pid_file()
        return lines[4] if len(lines) > 4 and lines[4] else None

    def _new_socket_folder(self) -> str:
        """The data folder itself, where a socket's path has room; else a new one of this user's alone."""
        if _holds_socket(str(self.folder)):
            return str(self.folder)
        for place in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - a folder of its own is made in it
            with contextlib.suppress(OSError):
                made = Path(tempfile.mkdtemp(prefix=_SOCKET_FOLDER, dir=place)).resolve()
                if _holds_socket(str(made)):
                    self.account.own(made)
                    return str(made)
                made.rmdir()
        raise self._failed("there is no folder with a name short enough for its socket: set TMPDIR to one")

    def _failed(self, reason: str) -> ServerFailed:
        return ServerFailed(
            f"The embedded PostgreSQL does not start: {reason.rstrip('.')}.",
            f"Its log is {self.log}. PLEDGER_HOME names another folder, PLEDGER_DATABASE_URL a server of "
            "your own.",
        )


def _holds_socket(folder: str) -> bool:
    """Clients divide a list of hosts at commas, and a host from its port at a colon."""
    fits = len(os.fsencode(f"{folder}/{_SOCKET}")) <= _LONGEST_SOCKET
    return fits and not set(",:") & set(folder)


def _forget_socket(folder: Path) -> None:
    """Removes what a server that is gone left where its socket was."""
    with contextlib.suppress(OSError):
        for name in (_SOCKET, f"{_SOCKET}.lock"):
            (folder / name).unlink(missing_ok=True)
        if folder.name.startswith(_SOCKET_FOLDER):
            folder.rmdir()


def _environment() -> Mapping[str, str]:
    """Without what would set the server up otherwise; its messages are in English, for `server_log`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _ended(code: int) -> str:
    return f"it was ended by signal {-code}" if code < 0 else f"it ended with code {code} and said nothing"
