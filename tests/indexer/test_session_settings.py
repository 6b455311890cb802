"""The mirror is the same whatever the owner of the database chose for its sessions."""

from collections.abc import Callable

from indexers import index
from ledger_world import World
from partnership import Partnership
from sqlalchemy import text

from ledger.store.database import Database
from ledger.store.digest import digest

SETTINGS = {
    "standard_conforming_strings": "off",
    "TimeZone": "'Pacific/Kiritimati'",
    "bytea_output": "'escape'",
    "DateStyle": "'German, DMY'",
    "IntervalStyle": "'sql_standard'",
    "default_transaction_isolation": "'serializable'",
    "default_transaction_deferrable": "on",
    "client_encoding": "'LATIN1'",
    "extra_float_digits": "-15",
    "search_path": "'app'",
    "transform_null_equals": "on",
    "array_nulls": "off",
    "quote_all_identifiers": "on",
    "gin_fuzzy_search_limit": "1",
    "lc_numeric": "'C'",
    "statement_timeout": "'5ms'",
    "lock_timeout": "'1ms'",
    "idle_in_transaction_session_timeout": "'1ms'",
}


def test_the_mirror_is_the_same_whatever_the_owner_of_the_database_chose(
    partnership: Partnership, database: Database, straight: Callable[[World], str]
) -> None:
    world = partnership.world
    partnership.work(1)
    index(database, world.node, world.deployment)
    with database.engine.connect() as connection:
        before = {name: connection.scalar(text(f"SHOW {name}")) for name in SETTINGS}
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name, value in SETTINGS.items():
            connection.execute(text(f'ALTER DATABASE "{database.url.database}" SET {name} = {value}'))
    database.engine.dispose()
    partnership.work(2)
    index(database, world.node, world.deployment)
    with database.engine.connect() as connection:
        assert {name: connection.scalar(text(f"SHOW {name}")) for name in SETTINGS} == before
    assert digest(database) == straight(world)
