"""The demonstration's folder: made anew for each one, and never taken from another that goes on."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import fasteners

from ledger.errors import LedgerError
from ledger.store import sharing
from ledger.store.server import Server

MARKER = "of-the-demonstration"
"""Says whose folder it is, and is locked by the demonstration that uses it."""


@contextmanager
def own_folder(wanted: Path | None, home: Path, say: Callable[[str], None]) -> Iterator[Path]:
    """An empty folder, this demonstration's alone until the block ends: the one that is ``wanted``; otherwise
    ``demo`` in ``home``, or ``demo-2`` and so on while others are used.

    Raises LedgerError when it is used, is not a demonstration's, or cannot be written.
    """
    folder = wanted or home / "demo"
    try:
        lock = _taken(folder)
        if lock is None and wanted is not None:
            raise LedgerError(
                f"The folder {folder} is used by another demonstration, or by a command beside it.",
                "Give another --folder, or end that one first.",
            )
        for number in itertools.count(2):
            if lock is not None:
                break
            say(f"Another demonstration uses {folder}; this one takes demo-{number}, beside it.")
            folder = home / f"demo-{number}"
            lock = _taken(folder)
    except OSError as error:
        raise LedgerError(
            f"The folder {folder} cannot be made anew: {error.filename or folder}: {error.strerror}.",
            "Give another --folder, or set PLEDGER_HOME to a folder that you may write to.",
        ) from error
    assert lock is not None  # noqa: S101 - the loop ends with one
    try:
        yield folder.resolve()
    finally:
        lock.release()


def _taken(folder: Path) -> fasteners.InterProcessLock | None:
    """The lock on a folder that was emptied; None when somebody uses it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    marker = folder / MARKER
    if not marker.exists() and any(folder.iterdir()):
        raise LedgerError(
            f"{folder} exists and is not a demonstration's.", "Move it away, or give another --folder."
        )
    lock = fasteners.InterProcessLock(marker)
    if not lock.acquire(blocking=False):
        return None
    try:
        if sharing.is_used(folder):
            lock.release()
            return None
        Server(folder.resolve() / "postgres").stop()  # one that outlived a demonstration that was killed
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != MARKER:
                path.unlink()
    except BaseException:
        lock.release()
        raise
    return lock
