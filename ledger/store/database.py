"""The one way to a database: opens it, embedded or by URL, and sees that its tables are this version's."""

from contextlib import suppress
from typing import Self

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store import embedded, schema


class Database:
    """An open database. Close it when done, or use it as a context manager."""

    def __init__(
        self, url: URL, server: embedded.EmbeddedServer | None = None, *, connect_seconds: int = 10
    ) -> None:
        self.url = url
        self.engine: Engine = create_engine(
            url,
            pool_pre_ping=True,
            connect_args={"connect_timeout": connect_seconds, "application_name": "pledger"},
        )
        self._server = server
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @classmethod
    def open(cls, source: Settings | str | None = None, *, migrate: bool = True) -> Self:
        """Opens the database that the settings name, or the one at a URL; without either, the embedded one.

        An empty database gets its tables. ``migrate=False`` leaves the tables alone, whatever their version.
        Raises `LedgerError` when the database does not answer, is of a newer version, or is of an older one
        and wants ``pledger db upgrade``.
        """
        settings = source if isinstance(source, Settings) else Settings()
        url = source if isinstance(source, str) else settings.database_url
        server = None
        if url is None:
            server = embedded.join(settings.home)
            url = server.url
        database = cls(driver_url(url), server)
        try:
            database._check_answers()
            if migrate:
                schema.prepare(database.engine)
        except BaseException:
            database.close()
            raise
        return database

    def session(self) -> Session:
        """A session; use it as a context manager, and ``commit`` what it wrote."""
        return self._sessions()

    @property
    def place(self) -> str:
        """Its URL as it may be logged: without the password."""
        return self.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Closes all connections, and leaves the embedded server to whoever else uses it."""
        self.engine.dispose()
        if self._server is not None:
            embedded.leave(self._server)
            self._server = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _check_answers(self) -> None:
        try:
            with self.engine.connect():
                pass
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise LedgerError(
                f"The database {self.place} does not answer: {reason}",
                "Check PLEDGER_DATABASE_URL; without it an embedded PostgreSQL is used.",
            ) from error


def driver_url(url: str) -> URL:
    """A PostgreSQL URL in any usual spelling, for the driver that this project uses."""
    parsed = None
    with suppress(ArgumentError):
        parsed = make_url(url)
    if parsed is None or parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise LedgerError(
            "The database URL is not a PostgreSQL URL.",
            "Write it as postgresql://user:password@host:5432/database.",
        )
    return parsed.set(drivername="postgresql+psycopg")
