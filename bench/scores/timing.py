"""Seconds of work: of this process, and of the database's that answers it.

On a machine that others use too, the seconds that pass say more of the others.
"""

import time
from collections.abc import Callable
from typing import TypeVar

import psutil

Made = TypeVar("Made")


class Timed:
    """Calls something, prints what it took, and returns the seconds of work and what it made."""

    def __init__(self, server: int | None = None) -> None:
        self._server = None if server is None else psutil.Process(server)

    def beside(self, server: int) -> "Timed":
        """Another that counts the work of this process of the database, too."""
        return Timed(server)

    def __call__(self, name: str, work: Callable[[], Made]) -> tuple[float, Made]:
        """Seconds of work, and what was made."""
        passed, worked = time.perf_counter(), self._worked()
        made = work()
        passed, worked = time.perf_counter() - passed, self._worked() - worked
        print(f"{worked:9.3f} s of work, {passed:9.3f} s passed: {name}", flush=True)
        return round(worked, 3), made

    def _worked(self) -> float:
        own = time.process_time()
        if self._server is None:
            return own
        times = self._server.cpu_times()
        return own + times.user + times.system
