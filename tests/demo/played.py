"""A ``pledger demo`` that runs, what it says, and which processes it leaves."""

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

DEMO = [sys.executable, "-c", "from ledger.cli.main import main; main()", "demo"]
_MARK = "PLEDGER_TEST_OF_THE_DEMO"
END_SECONDS = 60
"""On a machine that is busy with other tests. The promise is five; a long test holds it to that."""


class Played:
    """It is ended when the block is left."""

    def __init__(self, home: Path, *options: str) -> None:
        self._mark = secrets.token_hex(8)
        self.said_last = ""
        self.process = subprocess.Popen(
            [*DEMO, *options],
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("PLEDGER_")},
                "PLEDGER_HOME": str(home),
                "COLUMNS": "132",
                _MARK: self._mark,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def read_until(self, wanted: str) -> str:
        """What it says up to the line that has this; to its end, when it does not come."""
        said: list[str] = []
        for line in self.process.stdout or ():
            said.append(line)
            if wanted and wanted in line:
                break
        return "".join(said)

    def interrupt(self, ending: signal.Signals = signal.SIGINT) -> int:
        """Its exit code, as a shell has it."""
        self.process.send_signal(ending)
        self.said_last, _ = self.process.communicate(timeout=END_SECONDS)
        code = self.process.returncode
        if code == 1 and self.said_last.endswith("KeyboardInterrupt\n") and "ledger" not in self.said_last:
            return 130  # Python's own, interrupted before it came to the first line of ours
        return code if code >= 0 else 128 - code

    def left(self) -> list[str]:
        """Processes of it that run."""
        found = []
        for process in psutil.process_iter(["environ"]):
            if (process.info["environ"] or {}).get(_MARK) == self._mark:
                with suppress(psutil.Error):
                    if process.status() != psutil.STATUS_ZOMBIE:
                        found.append(" ".join(process.cmdline()))
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.interrupt()


@contextmanager
def ports_in_use(*ports: int) -> Iterator[None]:
    """Somebody listens there."""
    with ExitStack() as sockets:
        for port in ports:
            listening = sockets.enter_context(socket.socket())
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):  # somebody else has it, which is just as well
                listening.bind(("127.0.0.1", port))
                listening.listen()
        yield
