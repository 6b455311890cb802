"""The one way to a database: opens it, embedded or by URL, and sees that its tables are this version's."""

import time
from contextlib import suppress
from select import POLLIN, poll
from types import TracebackType
from typing import Any, Self

import psycopg
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store import embedded, failures, schema, session_settings

CONNECTIONS = 40
"""At most, from one process: as many as its web server has threads, so that none waits for another's."""
_KEPT_OPEN = 20
_WAIT_SECONDS = 5
"""For a connection, when all are taken."""
_CONNECT_SECONDS = 10
_LOG_SECONDS = 1
"""In which the embedded server has written down why it broke a connection off."""
_OPTIONS = {
    "application_name": "pledger",
    "client_encoding": "utf8",
    # A server that is gone without a word is noticed within a minute.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}


class Database:
    """An open database. Close it when done, or use it as a context manager, which says in a `LedgerError` why
    the database failed meanwhile.
    """

    def __init__(
        self,
        url: URL,
        server: embedded.EmbeddedServer | None = None,
        *,
        connect_seconds: int = _CONNECT_SECONDS,
    ) -> None:
        self.url = url
        options = _OPTIONS | {"connect_timeout": connect_seconds}
        self.engine: Engine = create_engine(
            url,
            pool_size=_KEPT_OPEN,
            max_overflow=CONNECTIONS - _KEPT_OPEN,
            pool_timeout=_WAIT_SECONDS,
            connect_args={name: value for name, value in options.items() if name not in url.query},
        )
        event.listen(self.engine, "do_connect", self._connect)
        event.listen(self.engine, "checkout", self._see_that_it_lives)
        self._server = server
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @classmethod
    def open(cls, source: Settings | str | None = None, *, migrate: bool = True) -> Self:
        """Opens the database that the settings name, or the one at a URL; without either, the embedded one.

        An empty database gets its tables. ``migrate=False`` leaves the tables alone, whatever their version.
        Raises `LedgerError` when the database does not answer, cannot hold all text, is of a newer version,
        or is of an older one and wants ``pledger db upgrade``.
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
        except BaseException as error:
            explained = database.explained(error)
            database.close()
            if explained is not None:
                raise explained from error
            raise
        return database

    def session(self) -> Session:
        """A session; use it as a context manager, and ``commit`` what it wrote."""
        return self._sessions()

    @property
    def place(self) -> str:
        """Its URL as it may be logged: without the password."""
        return self.url.render_as_string(hide_password=True)

    def reason(self, error: BaseException) -> str:
        """Why it failed: of an embedded server, what its log says of its end."""
        crash = None
        if self._server is not None:
            deadline = time.monotonic() + (_LOG_SECONDS if failures.is_broken_off(error) else 0)
            while (crash := self._server.crash()) is None and time.monotonic() < deadline:
                time.sleep(0.05)
        return failures.reason(error) if crash is None else f"the embedded PostgreSQL was ended: {crash}"

    def explained(self, error: BaseException | None) -> LedgerError | None:
        """An error of the database in words; None for every other one."""
        if error is None or not failures.is_of_the_database(error):
            return None
        why = self.reason(error)
        return LedgerError(f"The database failed: {why}.", failures.advice(why))

    def close(self) -> None:
        """Closes all connections, and leaves the embedded server to whoever else uses it."""
        self.engine.dispose()
        if self._server is not None:
            server, self._server = self._server, None
            embedded.leave(server)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        explained = self.explained(error)
        self.close()
        if explained is not None:
            raise explained from error

    def _connect(self, dialect: Any, _record: Any, arguments: Any, options: dict[str, Any]) -> Any:
        """A new connection, told how this program speaks; an embedded server that ended is started again."""
        if self._server is not None:
            options["host"] = self._server.host
        try:
            connection = dialect.connect(*arguments, **options)
        except psycopg.OperationalError as error:
            if self._server is None or (self._server.is_running and not failures.is_coming_back(error)):
                raise
            connection = dialect.connect(*arguments, **options | {"host": self._started_again(self._server)})
        try:
            found = session_settings.encoding(connection)
            if found != "UTF8":
                raise LedgerError(
                    f"The database {self.place} keeps text as {found}, which cannot hold every name.",
                    "Use one that is made with: createdb --encoding=UTF8 --template=template0.",
                )
            session_settings.prepare(connection, str(options.get("options", "")))
        except BaseException:
            connection.close()
            raise
        return connection

    def _see_that_it_lives(
        self, connection: "psycopg.Connection[Any]", _record: object, _proxy: object
    ) -> None:
        """Whoever gets a connection that was idle asks the server only when it has said something meanwhile:
        that it ends, most likely. (A server that is gone without a word is noticed by keepalives alone.)
        """
        try:
            said = poll()
            said.register(connection.pgconn.socket, POLLIN)
            if said.poll(0):
                self.engine.dialect.do_ping(connection)  # type: ignore[arg-type]  # psycopg's own
        except (psycopg.Error, OSError) as error:
            raise InvalidatePoolError("The database ended the connection.") from error

    @staticmethod
    def _started_again(server: embedded.EmbeddedServer) -> str:
        try:
            server.start_again()
        except LedgerError as error:
            # As a connection that fails: whoever waits for a database to come back waits for this one too.
            raise psycopg.OperationalError(error.what) from error
        return server.host

    def _check_answers(self) -> None:
        try:
            with self.engine.connect():
                pass
        except DBAPIError as error:
            why = failures.reason(error)
            raise LedgerError(
                f"The database {self.place} cannot be used: {why}.",
                failures.advice(
                    why, "Check PLEDGER_DATABASE_URL; without it an embedded PostgreSQL is used."
                ),
            ) from error


def libpq_url(url: URL) -> str:
    """The URL for PostgreSQL's own programs, without the password: they do not take ``+`` for a space."""
    shown = url.set(drivername="postgresql", password=None).render_as_string()
    before, mark, query = shown.partition("?")
    return before + mark + query.replace("+", "%20")


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
