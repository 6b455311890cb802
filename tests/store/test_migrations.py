"""The tables' versions: the migrations make exactly the models' tables, both ways, wherever they run."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from ledger.errors import LedgerError
from ledger.store import schema
from ledger.store.database import Database
from ledger.store.partitions import is_partition
from ledger.store.tables import APP, CHAIN, Base


def differences(database: Database) -> list[object]:
    """What would have to change in the database for its tables to be the models'."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, kind, _: {
                    "schema": name in (APP, CHAIN),
                    "table": not is_partition(name or "") and name != schema.ENTRIES_VERSION_TABLE,
                }.get(kind, True),
                "version_table": schema.VERSION_TABLE,
                "version_table_schema": APP,
            },
        )
        return list(compare_metadata(context, Base.metadata))


def test_migrations_make_the_models_tables(database: Database) -> None:
    assert differences(database) == []


def test_a_migrations_file_is_named_by_its_version() -> None:
    for history in schema.HISTORIES:
        scripts = ScriptDirectory.from_config(schema.alembic_config(history=history))
        assert history.newest == scripts.get_current_head()
        for script in scripts.walk_revisions():
            assert Path(script.path).name.startswith(f"{script.revision}_")


def test_dropping_the_chain_leaves_the_models_tables(database: Database) -> None:
    schema.drop_chain(database.engine)
    assert differences(database) == []


def test_upgrade_downgrade_upgrade(database: Database) -> None:
    schema.downgrade(database.engine, "base")
    tables = inspect(database.engine)
    assert tables.get_table_names(schema=CHAIN) == []
    assert tables.get_table_names(schema=APP) == [schema.VERSION_TABLE]
    assert schema.upgrade(database.engine) == (None, schema.newest_revision())
    assert differences(database) == []


def test_every_single_step_goes_down_and_up(database: Database) -> None:
    steps = 0
    while True:
        with database.engine.connect() as connection:
            if schema.revision(connection) is None:
                break
        schema.downgrade(database.engine, "-1")
        steps += 1
    for _ in range(steps):
        schema.upgrade(database.engine, "+1")
    assert differences(database) == []


def test_every_column_says_what_it_holds() -> None:
    silent = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if not column.comment
    ]
    assert silent == []


def test_migrations_are_found_from_another_folder(database: Database, tmp_path: Path) -> None:
    schema.downgrade(database.engine, "base")
    url = database.url.render_as_string(hide_password=False)
    command = [str(Path(sys.executable).with_name("pledger")), "db", "upgrade"]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PLEDGER_DATABASE_URL": url}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"revision none -> {schema.newest_revision()}\n"
    assert differences(database) == []


def test_a_database_of_a_newer_version_is_one_clear_line(new_database_url: str) -> None:
    with Database.open(new_database_url) as database, database.engine.begin() as connection:
        connection.execute(text(f"UPDATE {APP}.{schema.VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(LedgerError, match=r"^The database is of a newer version \(revision 9999\)"):
        Database.open(new_database_url)
    with Database.open(new_database_url, migrate=False) as database:
        for change in (schema.upgrade, lambda engine: schema.downgrade(engine, "base")):
            with pytest.raises(LedgerError, match="newer version"):
                change(database.engine)


def test_a_database_of_an_older_version_asks_for_the_upgrade(new_database_url: str) -> None:
    with Database.open(new_database_url) as database, database.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {CHAIN}.{schema.ENTRIES_VERSION_TABLE}"))
    with pytest.raises(LedgerError, match="pledger db upgrade"):
        Database.open(new_database_url)
    with Database.open(new_database_url, migrate=False) as database:
        schema.upgrade(database.engine)
    Database.open(new_database_url).close()


def test_an_empty_database_is_prepared_once_however_many_open_it(
    make_database_url: Callable[[], str],
) -> None:
    url = make_database_url()
    with Database.open(url) as database:
        schema.downgrade(database.engine, "base")
    program = "import sys; from ledger.store.database import Database; Database.open(sys.argv[1]).close()"
    openers = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for opener in openers:
        assert opener.wait(120) == 0, opener.stderr.read() if opener.stderr else ""
    with Database.open(url) as database:
        assert differences(database) == []
