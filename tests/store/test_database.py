"""Opening a database by URL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from ledger.errors import LedgerError
from ledger.store.database import CONNECTIONS, Database


@pytest.mark.parametrize("url", ["sqlite:///ledger.db", "mysql://host/ledger", "ledger", "", "postgresql:"])
def test_only_postgresql_urls_are_taken(url: str) -> None:
    with pytest.raises(LedgerError) as caught:
        Database.open(url)
    assert "\n" not in caught.value.what


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(LedgerError, match="cannot be used: Connection refused") as caught:
        Database.open("postgresql://user:secret@127.0.0.1:1/ledger")
    assert "secret" not in str(caught.value)
    assert "\n" not in caught.value.what


def test_any_usual_spelling_of_the_url_is_taken(new_database_url: str) -> None:
    _, rest = new_database_url.split("://")
    for spelling in ("postgres", "postgresql", "postgresql+psycopg2"):
        with Database.open(f"{spelling}://{rest}") as database, database.session() as session:
            assert session.scalar(text("SELECT 1")) == 1


def do(database: Database, *statements: str) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_hold_every_name_is_refused(database_server: Database, encoding: str) -> None:
    do(database_server, f"CREATE DATABASE narrow ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(LedgerError, match=f"keeps text as {encoding}") as caught:
            Database.open(database_server.url.set(database="narrow").render_as_string(hide_password=False))
        assert "createdb --encoding=UTF8" in caught.value.hint
    finally:
        do(database_server, "DROP DATABASE narrow WITH (FORCE)")


@pytest.mark.parametrize(
    ("statements", "user", "said", "hint"),
    [
        ([], "nobody_here", 'role "nobody_here" does not exist', "Check the user"),
        (
            ["CREATE ROLE guest LOGIN CONNECTION LIMIT 0"],
            "guest",
            'too many connections for role "guest"',
            "End what else uses it",
        ),
        (["CREATE ROLE guest LOGIN"], "guest", "permission denied for database", "Its owner must let"),
        (
            ["CREATE ROLE guest LOGIN SUPERUSER", "ALTER ROLE guest SET default_transaction_read_only = on"],
            "guest",
            "cannot execute CREATE SCHEMA in a read-only transaction",
            "PLEDGER_DATABASE_URL names a replica",
        ),
    ],
    ids=["no such user", "no connection left", "no right", "read only"],
)
def test_why_a_database_cannot_be_used_is_one_line(
    database_server: Database, statements: list[str], user: str, said: str, hint: str
) -> None:
    do(database_server, "CREATE DATABASE bare TEMPLATE template0", *statements)
    url = database_server.url.set(database="bare", username=user)
    try:
        with pytest.raises(LedgerError, match=said) as caught:
            Database.open(url.render_as_string(hide_password=False))
        assert "\n" not in caught.value.what
        assert caught.value.hint.startswith(hint)
    finally:
        do(database_server, "DROP DATABASE bare WITH (FORCE)", "DROP ROLE IF EXISTS guest")


def test_a_database_that_is_not_there_is_named_with_what_makes_it(database_server: Database) -> None:
    with pytest.raises(LedgerError, match='database "absent" does not exist') as caught:
        Database.open(database_server.url.set(database="absent").render_as_string(hide_password=False))
    assert caught.value.hint.startswith("Make it (createdb")


def test_sessions_that_are_ended_in_the_middle_are_one_line(database_server: Database) -> None:
    with (
        pytest.raises(
            LedgerError, match=r"^The database failed: terminating connection due to administrator"
        ),
        Database.open(database_server.url.render_as_string(hide_password=False)) as database,
        database.engine.connect() as connection,
    ):
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


def test_a_mistake_of_this_program_is_not_called_the_databases(database: Database) -> None:
    with (
        pytest.raises(ProgrammingError, match="does not exist"),
        Database.open(database.url.render_as_string(hide_password=False)) as again,
        again.engine.connect() as connection,
    ):
        connection.execute(text("SELECT * FROM chain.nothing"))


def test_a_url_may_limit_what_is_otherwise_unlimited(database: Database) -> None:
    with database.session() as session:
        assert session.scalar(text("SHOW statement_timeout")) == "0"
    limited = database.url.update_query_dict({"options": "-c statement_timeout=30s -c TimeZone=Asia/Tokyo"})
    with (
        Database.open(limited.render_as_string(hide_password=False)) as again,
        again.session() as session,
    ):
        assert session.scalar(text("SHOW statement_timeout")) == "30s"
        assert session.scalar(text("SHOW TimeZone")) == "UTC"


def test_no_connection_is_waited_for_for_long(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many can be had at a time as a server has threads; the next one is told so."""
    monkeypatch.setattr(database.engine.pool, "_timeout", 0.1)
    taken = [database.engine.connect() for _ in range(CONNECTIONS)]
    try:
        with pytest.raises(NoConnectionLeft):
            database.engine.connect()
    finally:
        for connection in taken:
            connection.close()
