"""What a session is told when it is opened, whatever the database's or the user's owner chose for others.

Values are written and read in one way, and statements mean one thing. What a server is *able* to do (memory,
plans, where tables go) is left to its owner.
"""

from typing import Any

import psycopg

_MEANING = {
    "client_encoding": "UTF8",
    "standard_conforming_strings": "on",
    "backslash_quote": "safe_encoding",
    "bytea_output": "hex",
    "array_nulls": "on",
    "transform_null_equals": "off",
    "quote_all_identifiers": "off",
    "search_path": "pg_catalog",
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "gin_fuzzy_search_limit": "0",
    "default_transaction_isolation": "read committed",
    "default_transaction_deferrable": "off",
}
"""Names of tables are always written with their schema: nothing is to be found elsewhere."""
_PATIENCE = (
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    "idle_session_timeout",
)
"""A first reading and its indexes take their time, and who writes keeps its session for days. Whoever wants a
limit writes it into the URL (``?options=-c%20statement_timeout=30s``).
"""
_ATTEMPTS = 10
"""The owner's own limit of time holds for the statement that lifts it."""
_SET = (
    "SELECT count(set_config(name, value, false)) FROM unnest(%s::text[], %s::text[]) AS wanted (name, value)"
)


def prepare(connection: "psycopg.Connection[Any]", options: str = "") -> None:
    """Tells a new session. ``options`` are those of its URL, whose limits stay.

    Raises psycopg's errors.
    """
    wanted = _MEANING | {name: "0" for name in _PATIENCE if name not in options}
    transactional, connection.autocommit = connection.autocommit, True
    for attempt in range(_ATTEMPTS):
        try:
            connection.execute(_SET, [list(wanted), list(wanted.values())])
            break
        except psycopg.errors.QueryCanceled:
            if attempt == _ATTEMPTS - 1:
                raise
    connection.autocommit = transactional


def encoding(connection: "psycopg.Connection[Any]") -> str:
    """How the server keeps the database's text."""
    return connection.info.parameter_status("server_encoding") or ""
