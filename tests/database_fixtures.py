"""A real PostgreSQL: one server for the whole test run, a database of its own for whoever wants one."""

import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from ledger.settings import Settings
from ledger.store import embedded
from ledger.store.database import Database

_numbers = itertools.count(1)
_MEMORY = Path("/dev/shm")
_ENOUGH = 4 << 30
"""Bytes of it that must be free: several test runs may share it."""


@contextmanager
def temporary_home() -> Iterator[Path]:
    """A folder for an embedded server.

    Not pytest's own: run as root, the server is another user's, from whom any pytest that starts meanwhile
    takes the right to enter pytest's folder. In memory, if there is room: a database is a thousand files.
    """
    in_memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH
    home = Path(tempfile.mkdtemp(prefix="pledger-", dir=_MEMORY if in_memory else None))
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def home() -> Iterator[Path]:
    """A new folder for an embedded server."""
    with temporary_home() as folder:
        yield folder


@pytest.fixture(scope="session")
def stopped_home() -> Iterator[Path]:
    """A folder whose embedded server was made and has stopped."""
    with temporary_home() as folder:
        Database.open(Settings(home=folder)).close()
        yield folder


@pytest.fixture
def used_home(stopped_home: Path, home: Path) -> Path:
    """A folder in which the server has been before; to make one takes longer than most tests of it."""
    copied = ["cp", "-a", str(stopped_home / "postgres"), str(home)]  # its owner is the server's user
    subprocess.run(copied, check=True)
    return home


@pytest.fixture(scope="session")
def database_server() -> Iterator[Database]:
    """The server's own database, with tables: the template of all others."""
    with temporary_home() as folder:
        yield from _template(folder)


def _template(folder: Path) -> Iterator[Database]:
    server = embedded.join(folder)
    with Database.open(server.url) as database:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '128MB'"):
                connection.execute(text(f"ALTER SYSTEM SET {setting}"))  # no test pulls the plug
            connection.execute(text("SELECT pg_reload_conf()"))
        yield database
    embedded.leave(server)


@pytest.fixture
def make_database_url(database_server: Database) -> Iterator[Callable[[], str]]:
    """Makes databases that have all tables, and drops them after the test."""
    with ExitStack() as databases:
        yield lambda: databases.enter_context(_new_database(database_server))


@pytest.fixture
def new_database_url(make_database_url: Callable[[], str]) -> str:
    """The URL of a new database that has all tables."""
    return make_database_url()


@pytest.fixture
def database(new_database_url: str) -> Iterator[Database]:
    """A new, open database that has all tables."""
    with Database.open(new_database_url) as database:
        yield database


@pytest.fixture
def other_database(make_database_url: Callable[[], str]) -> Iterator[Database]:
    """One more."""
    with Database.open(make_database_url()) as database:
        yield database


@pytest.fixture(scope="module")
def original(database_server: Database) -> Iterator[Database]:
    """A database that a module fills once; its tests take a `copy`."""
    with _new_database(database_server) as url, Database.open(url) as database:
        yield database


@pytest.fixture
def copy(original: Database) -> Iterator[Database]:
    """The module's database as it was filled, for one test to alter."""
    with _new_database(original) as url, Database.open(url) as database:
        yield database


@contextmanager
def _new_database(template: Database) -> Iterator[str]:
    template.engine.dispose()  # it must have no connections
    name = f"test_{next(_numbers)}"
    admin = template.url.set(database="postgres").render_as_string(hide_password=False)
    with (
        Database.open(admin, migrate=False) as postgres,
        postgres.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        # A copy of its files takes a tenth of what writing them page by page into the log does.
        like = f'TEMPLATE "{template.url.database}" STRATEGY FILE_COPY'
        connection.execute(text(f'CREATE DATABASE "{name}" {like}'))
        yield template.url.set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
