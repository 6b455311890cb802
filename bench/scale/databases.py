"""Databases to be measured: made from the seed, filled, and dropped."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from rich.progress import track
from sqlalchemy import text

from bench.scale import multiply
from ledger.checkout import ROOT
from ledger.indexer import late_indexes
from ledger.indexer.rebuild import rebuild_if_other
from ledger.reputation.kept import keep
from ledger.settings import Settings
from ledger.store import schema
from ledger.store.database import Database
from ledger.store.reading import read, snapshot

RESERVE = 3 << 30
"""Bytes to leave on the disk."""

Admin = psycopg.Connection[tuple[Any, ...]]
"""A connection that makes databases."""


@contextmanager
def opened(source: Settings | str) -> Iterator[Database]:
    """A database that an earlier version may have left."""
    with Database.open(source, migrate=False) as database:
        schema.upgrade(database.engine)
        rebuild_if_other(database, wait=False, waiting=lambda: None)
        yield database


@contextmanager
def set_up(server: Database) -> Iterator[Admin]:
    """A connection that makes databases. Nothing here outlives a crash, nor waits for the disk to confirm."""
    url = server.url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    server.engine.dispose()  # a template must have no connections
    with psycopg.connect(url, autocommit=True) as admin:
        for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '1GB'"):
            admin.execute(f"ALTER SYSTEM SET {setting}")
        admin.execute("SELECT pg_reload_conf()")
        yield admin


def new(admin: Admin, server: Database, name: str) -> None:
    """A database that begins as the seed."""
    drop(admin, name)
    admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{server.url.database}"')


def drop(admin: Admin, name: str) -> None:
    """Drops a database, and writes to the disk what waits for it."""
    admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    admin.execute("CHECKPOINT")


def fill(database: Database, rows: int, family: int) -> None:
    """Copies the seed until there are so many entries; ``family`` copies are the same partners'."""
    with database.engine.begin() as connection:
        begun = multiply.prepare(connection)
    with database.engine.connect() as connection:
        late_indexes.put_off(connection)  # as a first reading does
    copies = -(-rows // begun.entries)
    done = multiply.multiply(database.engine.connect, begun, copies, family)
    for _ in track(done, f"{copies * begun.entries:,} entries", total=-(-copies // family)):
        if shutil.disk_usage(ROOT).free < RESERVE:
            raise SystemExit("The disk is nearly full: make room, or ask for fewer ROWS.")
    print("indexes", flush=True)
    with database.engine.connect() as connection:
        late_indexes.make(connection)
    print("evidence", flush=True)
    with snapshot(database) as session:
        reading = read(session)
    with database.engine.begin() as connection:
        keep(connection, reading.chain_id, reading.contracts)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        print("VACUUM ANALYZE", flush=True)
        connection.execute(text("VACUUM ANALYZE"))
