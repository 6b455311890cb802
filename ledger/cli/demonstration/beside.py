"""Processes that run beside the demonstration, each with a log of its own."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ledger.cli.demonstration.stage import Stage


@contextmanager
def beside(
    stage: Stage, command: Sequence[str], log: str, *, patience: float
) -> Iterator["subprocess.Popen[bytes]"]:
    """Runs until the block ends, then for so many seconds at most. ``log``: its file in the stage's home."""
    with (stage.settings.home / log).open("wb") as said:
        process = subprocess.Popen(
            command,
            env=stage.environment(),
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the demonstration, which then stops it
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
