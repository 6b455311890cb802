"""The process that reads a long backlog, as the one that writes sees it: see `ledger.indexer.apart`.

Its libraries take most of a second to import. It can be started before others are, which is why this module
imports next to nothing.
"""

import fcntl
import pickle
import subprocess
import sys
from contextlib import suppress
from typing import IO, Any, Self

FAR = 500
"""As many blocks or more are read in a process of its own."""
_SIZE_BYTES = 8
_PIPE_BYTES = 1 << 20
"""With Linux's own 64 KiB, the two would wait for each other all the time."""


class ReadingProcess:
    """Waits for an order, then speaks until all is said. It ends when this is closed, or this process ends.

    What the two say is pickled: they are one program.
    """

    def __init__(self) -> None:
        # -P: nothing is imported from the folder that this is run in. A session of its own: an interrupt at
        # the terminal is for this process, which then ends that one.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", "from ledger.indexer.apart import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise AssertionError("both are pipes")
        self._to, self._out = self._process.stdin, self._process.stdout
        _widen(self._out)

    @property
    def is_running(self) -> bool:
        """Whether it still waits, or works."""
        return self._process.poll() is None

    def order(self, what: Any) -> None:
        """Raises BrokenPipeError when it has ended."""
        send(self._to, what)

    def word(self) -> Any:
        """What it says next. Raises EOFError when it has ended."""
        return receive(self._out)

    def ended_with(self) -> int:
        """Its exit code, once it has ended."""
        return self._process.wait()

    def close(self) -> None:
        """Ends it; a second time does nothing."""
        self._process.kill()
        self._process.wait()
        self._out.close()
        with suppress(BrokenPipeError):  # where it never took its order
            self._to.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _widen(pipe: IO[bytes]) -> None:
    """Where the system has it, and lets this user have as much."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def send(to: IO[bytes], word: Any) -> None:
    """Raises BrokenPipeError when nobody listens."""
    raw = pickle.dumps(word, pickle.HIGHEST_PROTOCOL)
    to.write(len(raw).to_bytes(_SIZE_BYTES))
    to.write(raw)
    to.flush()


def receive(source: IO[bytes]) -> Any:
    """Raises EOFError when the other side is gone."""
    size = int.from_bytes(source.read(_SIZE_BYTES))
    raw = source.read(size)
    if not size or len(raw) < size:
        raise EOFError
    return pickle.loads(raw)  # noqa: S301 - by a process of this very program, through its own pipe
