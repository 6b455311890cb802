"""Being told by the database that something is there, instead of asking again and again."""

from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.orm import Session


def tell(session: Session, channel: str) -> None:
    """Tells whoever listens, once the transaction is committed."""
    session.execute(select(func.pg_notify(channel, "")))


class Listener:
    """Listens on a connection of its own. Its methods raise psycopg's and SQLAlchemy's errors."""

    def __init__(self, engine: Engine, channel: str) -> None:
        self._connection: Connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection.execute(text(f"LISTEN {channel}"))

    def wait(self, seconds: float) -> bool:
        """Whether somebody told something within so many seconds."""
        driver = cast("psycopg.Connection[Any]", self._connection.connection.dbapi_connection)
        return any(True for _ in driver.notifies(timeout=seconds, stop_after=1))

    def close(self) -> None:
        """Listens no more."""
        self._connection.invalidate()
        self._connection.close()
