"""Text statements, given to the driver as they are: prepared once a connection, rows in binary form, several
in one trip. An error is SQLAlchemy's, as of every other statement.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Statement = tuple[str, Mapping[str, Any] | None]
"""The text, in which values have names (``%(account)s``), and the values."""
Rows = Sequence[Any]
"""Columns are attributes."""

BEGIN: Statement = ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", None)
COMMIT: Statement = ("COMMIT", None)


def ask(connection: Connection, statement: Statement) -> Rows:
    """The statement's rows."""
    with _driver(connection, statement) as driver:
        return (
            driver.cursor(binary=True, row_factory=namedtuple_row)
            .execute(*statement, prepare=True)
            .fetchall()
        )


def run(connection: Connection, statement: Statement) -> None:
    """Runs what gives no rows."""
    with _driver(connection, statement) as driver:
        driver.execute(*statement)


def ask_together(connection: Connection, statements: Sequence[Statement]) -> list[Rows]:
    """The rows of each, asked in one trip, in the connection's transaction."""
    with _driver(connection, statements[-1]) as driver:
        return _in_one_trip(driver, statements)


def ask_alone(connection: Connection, statements: Sequence[Statement]) -> list[Rows]:
    """The rows of each, asked in one trip, in transactions of their own: these are among the statements."""
    with _driver(connection, statements[-1]) as driver:
        driver.autocommit = True
        try:
            return _in_one_trip(driver, statements)
        finally:
            if not driver.closed:
                driver.rollback()
                driver.autocommit = False


def _in_one_trip(driver: "psycopg.Connection[Any]", statements: Sequence[Statement]) -> list[Rows]:
    with driver.pipeline():
        cursors = [
            driver.cursor(binary=True, row_factory=namedtuple_row).execute(*each, prepare=True)
            for each in statements
        ]
    return [each.fetchall() if each.description is not None else () for each in cursors]


@contextmanager
def _driver(connection: Connection, statement: Statement) -> Iterator["psycopg.Connection[Any]"]:
    # Not `driver_connection`: that of a detached connection, as a writer's is, is None.
    driver = cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)
    try:
        yield driver
    except psycopg.Error as error:
        text, given = statement
        gone = driver.closed
        if gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            text, given, error, psycopg.Error, connection_invalidated=gone, dialect=connection.dialect
        ) from error
