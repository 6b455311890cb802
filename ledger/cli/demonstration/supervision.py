"""Sees that a demonstration ends when it is to, whatever it does at that moment, with every process of it.

A library that is interrupted in the wrong place may hang, and a program may outlive who started it. So the
demonstration is a process with a session of its own, which hears of Ctrl-C from here. It has a few seconds to
end in order; then it is ended, and with it all that carries its mark in the environment.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Self

import psutil

from ledger.cli.endings import endings
from ledger.errors import INTERRUPTED
from ledger.store import sharing

GRACE_SECONDS = 2.5
"""For ending in order. With what comes after, five seconds are enough."""
_DATABASE_SECONDS = 0.5
"""For a database to end as by a crash, from which it recovers."""
_MARK = "PLEDGER_DEMONSTRATION"


@dataclass(frozen=True)
class Demonstration:
    """What was asked for on the command line; ports and folder as a rule are the demonstration's choice."""

    once: bool = False
    anvil_port: int | None = None
    api_port: int | None = None
    folder: Path | None = None

    def to_json(self) -> str:
        """For the process that plays it."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote."""
        fields = json.loads(text)
        return cls(**fields | {"folder": None if fields["folder"] is None else Path(fields["folder"])})


def supervise(wanted: Demonstration) -> int:
    """Plays it in a process of its own. Returns its exit code, 130 when it had to be ended."""
    mark = secrets.token_hex(16)
    asked: list[float] = []

    def end(_signal: int, _frame: FrameType | None) -> None:
        asked.append(time.monotonic())

    for ending in endings():
        signal.signal(ending, end)
    # Said once it is so: who reads it may press Ctrl-C at once.
    print("Partnership Ledger, the demonstration. Ctrl-C ends all of it at any time.", flush=True)
    child = subprocess.Popen(
        [sys.executable, "-m", "ledger.cli.demonstration", wanted.to_json()],
        env={**os.environ, _MARK: mark, "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,  # closed by the system when this process is killed: see `end_with_supervisor`
        start_new_session=True,
    )
    told = False
    while child.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            child.wait(0.05)
        if asked and not told:
            child.send_signal(signal.SIGINT)
            told = True
        is_late = told and time.monotonic() > asked[0] + GRACE_SECONDS
        if is_late or len(asked) > 1:  # asked twice, it is not waited for
            child.kill()
            child.wait()
    _end_all(mark)
    if asked:
        with suppress(OSError):  # the terminal may be gone
            print("\nstopped", flush=True)
    is_in_order = child.returncode == 0 or (child.returncode > 0 and not told)
    return child.returncode if is_in_order else INTERRUPTED


def end_with_supervisor() -> None:
    """In the process that plays: ends it, too, when its supervisor was killed."""
    threading.Thread(target=_wait_for_supervisor, daemon=True).start()


def _wait_for_supervisor() -> None:
    os.read(0, 1)  # nothing is written to it, so that it ends with its writer
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(GRACE_SECONDS)
    _end_all(os.environ[_MARK])
    os._exit(INTERRUPTED)


def _end_all(mark: str) -> None:
    """Ends what is left; not a database that other commands use beside."""
    marked = [
        process
        for process in psutil.process_iter(["name", "environ"])
        if process.pid != os.getpid() and (process.info["environ"] or {}).get(_MARK) == mark
    ]
    users = [process for process in marked if not process.info["name"].startswith("postgres")]
    for process in users:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(users, timeout=_DATABASE_SECONDS)  # they give back their locks
    databases = [process for process in marked if process not in users and not _is_used(process)]
    for process in databases:
        with suppress(psutil.Error):
            process.send_signal(signal.SIGQUIT)
    _, alive = psutil.wait_procs(databases, timeout=_DATABASE_SECONDS)
    for process in alive:
        with suppress(psutil.Error):
            process.kill()


def _is_used(database: Any) -> bool:
    with suppress(OSError, psutil.Error):
        return sharing.is_used(Path(database.cwd()).parent)
    return False
