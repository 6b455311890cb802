"""What a database says when it fails, in a line: its own reason, without the driver's words around it."""

import re

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

_SEVERITY = re.compile(r"(?:FATAL|PANIC|ERROR): +")
_AROUND = re.compile(
    r"^(?:connection failed: |connection is bad: )*(?:connection to server .*? failed: )?", re.DOTALL
)
_ADVICE = (
    (
        re.compile(r"too many (?:clients|connections)|connection slots|QueuePool"),
        "End what else uses it, or raise its max_connections.",
    ),
    (re.compile(r"password|authentication|pg_hba|role .* exist"), "Check the user in PLEDGER_DATABASE_URL."),
    (
        re.compile(r"database .* does not exist"),
        "Make it (createdb --encoding=UTF8 --template=template0), or check PLEDGER_DATABASE_URL.",
    ),
    (re.compile(r"No space left|no space is left"), "Make room on its disk, then start this again."),
    (
        re.compile(r"read-only transaction"),
        "PLEDGER_DATABASE_URL names a replica, or a database that is set to read only.",
    ),
    (re.compile(r"permission denied|must be owner"), "Its owner must let this user make schemas and tables."),
)
"""By what PostgreSQL says, since it gives no code when it refuses a connection."""
OTHERWISE = "See that it runs, then start this again."


def reason(error: BaseException) -> str:
    """Why, as PostgreSQL or the driver says it: one line, no full stop."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    lines = str(original).strip().splitlines() or [type(original).__name__]
    line = next((each for each in lines if _SEVERITY.search(each)), lines[0])
    return _AROUND.sub("", _SEVERITY.split(line)[-1]).strip().rstrip(".")


def advice(why: str, otherwise: str = OTHERWISE) -> str:
    """What to do about a reason."""
    return next((what for pattern, what in _ADVICE if pattern.search(why)), otherwise)


def is_broken_off(error: BaseException) -> bool:
    """Whether the connection is gone without a word of why."""
    return "server closed the connection" in str(error) or "terminating connection" in str(error)


def is_coming_back(error: BaseException) -> bool:
    """Whether the server says that it starts just now."""
    return "the database system is starting up" in str(error)


def is_of_the_database(error: BaseException | None) -> bool:
    """Whether the database failed or refused, rather than being asked something that makes no sense."""
    if isinstance(error, NoConnectionLeft):
        return True
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, psycopg.errors.InsufficientPrivilege):
        return True
    return isinstance(original, psycopg.Error) and not isinstance(
        original, psycopg.ProgrammingError | psycopg.NotSupportedError
    )
