"""An archive of pg_dump that holds the schema ``app``: looked through, and read into tables that are there.

Only rows are taken from it, never its statements: the tables are made by the migrations of this program.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection

from ledger.errors import LedgerError
from ledger.store import programs
from ledger.store.schema import VERSION_TABLE
from ledger.store.tables import APP

_HINT = "Everything is as it was. Take another backup, or fetch the file again."
_CONTENT = re.compile(rf"^\d+; \d+ \d+ (TABLE DATA|SEQUENCE SET) {APP} (\S+) ")
_COPY = re.compile(rb"^COPY app\.(\w+) \((.*)\) FROM stdin;\n$")
_SETVAL = re.compile(rb"^SELECT pg_catalog\.setval\('app\.(\w+)', (\d+), (true|false)\);\n$")
_END = b"\\.\n"
_BYTES_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Archive:
    """A file that pg_restore takes; ``revision`` is the version of the tables that it was made from."""

    file: Path
    revision: str
    contents: dict[str, list[str]]
    """Lines of the table of contents by the table or sequence that they are about."""
    program: str

    @classmethod
    def open(cls, file: Path) -> Self:
        """Reads what the file says that it holds. Raises `LedgerError` when it is not a backup."""
        if not file.is_file():
            raise LedgerError(f"There is no file {file}.", "Name one that `pledger backup` wrote.")
        program = programs.find("pg_restore")
        contents: dict[str, list[str]] = {}
        try:
            for line in programs.run(program, ["--list", str(file)]).decode().splitlines():
                if found := _CONTENT.match(line):
                    contents.setdefault(found[2], []).append(line)
            rows = programs.run(
                program, ["--data-only", f"--schema={APP}", f"--table={VERSION_TABLE}", "--file=-", str(file)]
            )
        except (programs.ProgramFailed, UnicodeDecodeError) as error:
            raise _broken(file, error) from error
        found_revision = re.search(rb"\(version_num\) FROM stdin;\n(\w+)\n", rows)
        if found_revision is None:
            raise LedgerError(f"{file} is not a backup of a partnership ledger.", _HINT)
        return cls(file, found_revision[1].decode(), contents, program)

    def verify(self) -> dict[str, int]:
        """Reads the whole file; the number of rows of each table. Raises `LedgerError` when it is broken."""
        rows: dict[str, int] = {}
        with self._script(list(self.contents)) as lines:
            for line in lines:
                if found := _COPY.match(line):
                    rows[found[1].decode()] = sum(1 for _ in _until_end(lines))
        return rows

    def load(self, connection: Connection, tables: Sequence[str]) -> dict[str, int]:
        """Puts the rows of these tables into the database's, in this order; how many of each.

        Raises `LedgerError` when the file is broken, or holds rows of other tables or columns.
        """
        known = {*tables, VERSION_TABLE}
        sequences = [name for name in self.contents if name not in known]
        driver = cast(psycopg.Connection[Any], connection.connection.dbapi_connection)
        rows: dict[str, int] = {}
        # The tables' version is not taken: the migrations have written it.
        order = [name for name in tables if name in self.contents and name != VERSION_TABLE]
        try:
            with self._script([*order, *sequences]) as lines, driver.cursor() as cursor:
                for line in lines:
                    if found := _COPY.match(line):
                        rows[found[1].decode()] = _copy(cursor, found[1], found[2], lines)
                    elif found := _SETVAL.match(line):
                        place = sql.Identifier(APP, found[1].decode()).as_string(cursor)
                        cursor.execute(
                            "SELECT setval(%s::regclass, %s, %s)", [place, int(found[2]), found[3] == b"true"]
                        )
        except psycopg.errors.OperationalError:
            raise
        except psycopg.Error as error:
            raise _broken(self.file, error) from error
        return rows

    @contextmanager
    def _script(self, names: Sequence[str]) -> Iterator[Iterator[bytes]]:
        """The lines of SQL by which pg_restore would bring these tables' and sequences' contents back."""
        with tempfile.NamedTemporaryFile("w", suffix=".list") as wanted, tempfile.TemporaryFile() as said:
            wanted.writelines(line + "\n" for name in names for line in self.contents[name])
            wanted.flush()
            process = subprocess.Popen(
                [self.program, "--data-only", f"--use-list={wanted.name}", "--file=-", str(self.file)],
                stdout=subprocess.PIPE,
                stderr=said,
            )
            try:
                yield iter(process.stdout or ())
                process.communicate()
                if process.returncode != 0:
                    said.seek(0)
                    raise _broken(self.file, programs.failed(said.read()))
            finally:
                process.kill()
                process.wait()
                if process.stdout is not None:
                    process.stdout.close()


def _copy(cursor: "psycopg.Cursor[Any]", table: bytes, columns: bytes, lines: Iterator[bytes]) -> int:
    names = [sql.Identifier(each.strip().strip('"')) for each in columns.decode().split(",")]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(APP, table.decode()), sql.SQL(", ").join(names)
    )
    count, part = 0, bytearray()
    with cursor.copy(statement) as copy:
        for line in _until_end(lines):
            count += 1
            part += line
            if len(part) > _BYTES_AT_ONCE:
                copy.write(bytes(part))
                part.clear()
        copy.write(bytes(part))
    return count


def _until_end(lines: Iterator[bytes]) -> Iterator[bytes]:
    """A table's rows, a line each. Without the mark at their end, the script was cut short."""
    for line in lines:
        if line == _END:
            return
        yield line


def _broken(file: Path, error: Exception) -> LedgerError:
    reason = error.what if isinstance(error, LedgerError) else str(error).partition("\n")[0]
    return LedgerError(f"{file} is not a backup, or a broken one: {reason}.", _HINT)
