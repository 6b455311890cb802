"""The locks by which processes share an embedded server. Asks no database library: they take their time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fasteners


def users_lock(home: Path) -> fasteners.InterProcessReaderWriterLock:
    """Held shared by every user of the server, and alone by whoever stops it."""
    return fasteners.InterProcessReaderWriterLock(home / "postgres.users")


def starting_lock(home: Path) -> fasteners.InterProcessLock:
    """Held by whoever starts it, or looks whether it is to be stopped."""
    return fasteners.InterProcessLock(home / "postgres.starting")


def keeper_lock(home: Path) -> fasteners.InterProcessLock:
    """Held by the process that sees that it does not outlive its users."""
    return fasteners.InterProcessLock(home / "postgres.keeper")


def is_used(home: Path) -> bool:
    """Whether another process uses the server of this folder. Raises OSError when it cannot be looked at."""
    if not (home / "postgres.users").exists():
        return False
    with alone(home, wait=True) as is_alone:
        return not is_alone


@contextmanager
def alone(home: Path, *, wait: bool) -> Iterator[bool]:
    """Whether nobody uses the server of this folder, which then nobody begins to until the block ends.

    Unless told to ``wait``, it counts as used while somebody starts or stops it.
    """
    starting = starting_lock(home)
    if not starting.acquire(blocking=wait):
        yield False
        return
    try:
        users = users_lock(home)
        if not users.acquire_write_lock(blocking=False):
            yield False
            return
        try:
            yield True
        finally:
            users.release_write_lock()
    finally:
        starting.release()
