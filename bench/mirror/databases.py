"""One PostgreSQL server for all that are measured, a new database for each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from ledger.store import embedded
from ledger.store.embedded import EmbeddedServer


@contextmanager
def server(home: Path) -> Iterator[EmbeddedServer]:
    """An embedded server, as it is by default: what is committed is on the disk."""
    running = embedded.join(home)
    try:
        yield running
    finally:
        embedded.leave(running)


def new(server: EmbeddedServer, name: str) -> str:
    """URL of a new, empty database; one of that name is dropped first."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return existing(server, name)


def existing(server: EmbeddedServer, name: str) -> str:
    """URL of a database that has been made."""
    return make_url(server.url).set(database=name).render_as_string(hide_password=False)
