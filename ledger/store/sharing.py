"""The locks by which processes share an embedded server. Asks no database library: they take their time."""

from pathlib import Path

import fasteners


def users_lock(home: Path) -> fasteners.InterProcessReaderWriterLock:
    """Held shared by every user of the server, and alone by whoever stops it."""
    return fasteners.InterProcessReaderWriterLock(home / "postgres.users")


def starting_lock(home: Path) -> fasteners.InterProcessLock:
    """Held by whoever starts it."""
    return fasteners.InterProcessLock(home / "postgres.starting")


def is_used(home: Path) -> bool:
    """Whether another process uses the server of this folder. Raises OSError when it cannot be looked at."""
    if not (home / "postgres.users").exists():
        return False
    lock = users_lock(home)
    if not lock.acquire_write_lock(blocking=False):
        return True
    lock.release_write_lock()
    return False
