"""What a process takes: seconds, CPU seconds, and the most memory that it and its children ever held."""

import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_EVERY_SECONDS = 0.1


@dataclass(frozen=True)
class Taken:
    """``seconds`` from the process's start until it was done; ``memory`` in bytes."""

    seconds: float
    cpu_seconds: float
    memory: int


class MeasuredFailed(RuntimeError):
    """The measured process ended before it was done."""


def measure(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    log: Path,
    done: Callable[[], bool] | None = None,
    longest: float = 3_600,
) -> Taken:
    """Runs a command until ``done`` says so, or until it ends by itself when that is not given.

    Raises MeasuredFailed when it fails, or takes longer than ``longest`` seconds.
    """
    with log.open("wb") as output:
        began = time.perf_counter()
        process = psutil.Popen(
            list(command),
            cwd=cwd,
            env=dict(env),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        sampler = _Sampler(process)
        sampler.start()
        try:
            while not (done() if done else process.poll() is not None):
                if process.poll() not in (None, 0) or time.perf_counter() - began > longest:
                    raise MeasuredFailed(f"{command[0]} failed; it said:\n{log.read_text()[-2_000:]}")
                time.sleep(0.02)
            seconds = time.perf_counter() - began
            if process.poll() not in (None, 0):
                raise MeasuredFailed(f"{command[0]} failed; it said:\n{log.read_text()[-2_000:]}")
        finally:
            sampler.stop()
            _end(process)
    return Taken(seconds, sampler.cpu_seconds, sampler.memory)


class _Sampler(threading.Thread):
    """Looks at a process and its children again and again."""

    def __init__(self, process: psutil.Process) -> None:
        super().__init__(daemon=True)
        self.memory = 0
        self._process = process
        self._cpu: dict[int, float] = {}
        self._stopped = threading.Event()

    @property
    def cpu_seconds(self) -> float:
        return sum(self._cpu.values())

    def run(self) -> None:
        while not self._stopped.wait(_EVERY_SECONDS):
            self._look()

    def stop(self) -> None:
        self._look()
        self._stopped.set()
        self.join()

    def _look(self) -> None:
        memory = 0
        try:
            family = [self._process, *self._process.children(recursive=True)]
        except psutil.Error:
            return
        for each in family:
            try:
                times = each.cpu_times()
                memory += each.memory_info().rss
            except psutil.Error:
                continue
            self._cpu[each.pid] = times.user + times.system
        self.memory = max(self.memory, memory)


def _end(process: psutil.Popen) -> None:
    try:
        family = [*process.children(recursive=True), process]
    except psutil.Error:
        return
    for each in family:
        try:
            each.terminate()
        except psutil.Error:
            continue
    _, alive = psutil.wait_procs(family, timeout=20)
    for each in alive:
        each.kill()
