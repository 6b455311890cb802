"""Advisory locks: one writer a deployment, and nobody drops the schema under a writer.

They belong to the connection that took them and vanish with it, so a killed indexer leaves none behind.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

PATIENCE = 3.0
"""Seconds in which PostgreSQL may still hold the lock of a connection that was closed, or whose end was
killed.
"""
_POLL = 0.1


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


MIGRATION = _key("pledger migration")
PARTITIONS = _key("pledger partitions")
CHAIN_SCHEMA = _key("pledger schema chain")
"""Held shared by every indexer, and alone by whoever drops the schema."""


def writer_key(chain_id: int, ledger: bytes) -> int:
    """Key of the lock that makes an indexer the only one of its deployment in this database."""
    return _key(f"pledger writer {chain_id} {ledger.hex()}")


def lane_key(chain_id: int, sender: bytes) -> int:
    """Key of the lock of the one relayer that sends with a key."""
    return _key(f"pledger lane {chain_id} {sender.hex()}")


def sending_key(chain_id: int, sender: bytes) -> int:
    """Key of the lock of whoever takes the next nonce of an account, until the node has the transaction."""
    return _key(f"pledger sending {chain_id} {sender.hex()}")


def budget_key(chain_id: int) -> int:
    """Key of the lock of whoever takes from the relayer's budget."""
    return _key(f"pledger relay budget {chain_id}")


def index_key(name: str) -> int:
    """Key of the lock of whoever makes this index."""
    return _key(f"pledger index {name}")


def try_lock(connection: Connection, key: int) -> bool:
    """Takes the lock for the life of the connection, unless somebody holds it, and goes on to."""
    return _taken(lambda: connection.scalar(select(func.pg_try_advisory_lock(key))))


def lock_shared(connection: Connection, key: int) -> None:
    """Takes the lock together with others, for the life of the connection; waits for who holds it alone."""
    connection.execute(select(func.pg_advisory_lock_shared(key)))


@contextmanager
def held(session: Session, key: int) -> Iterator[None]:
    """Holds the lock meanwhile, whatever transactions end; waits for who holds it. After an error the
    connection still holds it: it is to be closed, not to be used by others.
    """
    session.execute(select(func.pg_advisory_lock(key)))
    yield
    session.execute(select(func.pg_advisory_unlock(key)))


def lock_in_transaction(connection: Connection, key: int) -> None:
    """Takes the lock until the transaction ends; waits for who holds it."""
    connection.execute(select(func.pg_advisory_xact_lock(key)))


def try_lock_in_transaction(connection: Connection, key: int) -> bool:
    """Takes the lock until the transaction ends, unless somebody holds it, and goes on to."""
    return _taken(lambda: connection.scalar(select(func.pg_try_advisory_xact_lock(key))))


def _taken(attempt: Callable[[], bool | None]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not attempt():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def is_held(connection: Connection, key: int) -> bool:
    """Whether anybody holds the lock in this database."""
    # PostgreSQL shows the two halves of the key, each without a sign.
    high, low = divmod(key % 2**64, 2**32)
    query = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
        "AND classid = CAST(CAST(:high AS bigint) AS oid) AND objid = CAST(CAST(:low AS bigint) AS oid) "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return bool(connection.scalar(query, {"high": high, "low": low}))


def is_lost(connection: Connection) -> bool:
    """Whether the connection is gone, and every lock that it held with it."""
    if connection.closed or connection.invalidated:
        return True
    return cast(psycopg.Connection[Any], connection.connection.dbapi_connection).closed


def was_too_slow(error: OperationalError) -> bool:
    """Whether a statement gave up because it had to wait for a lock longer than ``lock_timeout``."""
    return isinstance(error.orig, psycopg.errors.LockNotAvailable)
