"""A report as CSV: decoded, split into rows, its columns found.

Content is judged by the readers on top of it.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.errors import LedgerError
from ledger.intake.problems import IntakeRejected, Problem

MAX_ROWS = 100_000
MAX_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """A data row: the line it begins on, counted from 1, and its cells without surrounding white space."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A report's rows, and where each of its columns is."""

    file: str
    columns: dict[str, int]
    rows: list[Row]
    problems: list[Problem]

    def has(self, column: str) -> bool:
        """Whether the report has this column; case does not matter."""
        return column.casefold() in self.columns

    def position(self, column: str) -> int:
        """Index of a column that was required."""
        return self.columns[column.casefold()]


def read_table(path: Path, required: Sequence[str], *, footer: bool = False) -> Table:
    """Reads a CSV file. Rows of the wrong length are in ``problems``; the rest of the file is still read.

    With ``footer``, what follows an empty line in single cells (a CRM's copyright notice) is passed over.
    Raises LedgerError when there is no such file, and IntakeRejected when nothing below the damage can be
    read: wrong encoding, broken quotes, a missing or doubled column, more than 100,000 rows.
    """
    name = path.name
    text = _decode(name, _bytes(path))
    lines = _split(name, text)
    header = next(lines, None)
    if header is None:
        raise IntakeRejected([Problem(name, 0, "", "the file is empty")])
    columns = _columns(name, header, required)
    problems: list[Problem] = []
    rows = list(_rows(name, lines, len(header.cells), problems, footer=footer))
    return Table(name, columns, rows, problems)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise IntakeRejected(
                [Problem(path.name, 0, "", "the file is larger than 256 MiB; export fewer rows")]
            )
        return path.read_bytes()
    except OSError as error:
        raise LedgerError(f"Cannot read {path}: {error.strerror}.", "Check the path.") from error


def _decode(name: str, data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise IntakeRejected([Problem(name, 1, "", "the file is UTF-16; export it as UTF-8")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"byte 0x{data[error.start]:02x} is not UTF-8; export it with the encoding Unicode (UTF-8)"
        raise IntakeRejected([Problem(name, line, "", reason)]) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise IntakeRejected([Problem(name, line, "", "there is a zero byte: this is not a text file")])
    return text


def _split(name: str, text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise IntakeRejected(
                [Problem(name, line, "", f"the row's quotes are broken: {error}")]
            ) from error
        yield Row(line, [cell.strip() for cell in cells])
        line = reader.line_num + 1


def _columns(name: str, header: Row, required: Sequence[str]) -> dict[str, int]:
    if len(header.cells) == 1 and required:
        for mark, word in ((";", "semicolons"), ("\t", "tabs")):
            if mark in header.cells[0]:
                raise IntakeRejected(
                    [Problem(name, 1, "", f"separated by {word}; export it comma-separated")]
                )
    columns: dict[str, int] = {}
    doubled: set[str] = set()
    for position, title in enumerate(header.cells):
        if title.casefold() in columns:
            doubled.add(title.casefold())
        columns.setdefault(title.casefold(), position)
    problems = [
        Problem(name, header.line, column, "the column is missing")
        for column in required
        if column.casefold() not in columns
    ]
    problems += [
        Problem(name, header.line, column, "the column is there twice")
        for column in required
        if column.casefold() in doubled
    ]
    if problems:
        raise IntakeRejected(problems)
    return columns


def _rows(
    name: str, lines: Iterator[Row], width: int, problems: list[Problem], *, footer: bool
) -> Iterator[Row]:
    count = 0
    after_gap = in_footer = False
    for row in lines:
        if not any(row.cells):
            after_gap = True
            continue
        if footer and (in_footer or after_gap) and sum(map(bool, row.cells)) == 1:
            in_footer = True
            continue
        after_gap = False
        count += 1
        if count > MAX_ROWS:
            reason = f"more than {MAX_ROWS:,} rows; export a shorter period"
            raise IntakeRejected([Problem(name, row.line, "", reason)])
        if len(row.cells) != width:
            reason = f"the row has {len(row.cells)} cells, the header {width}"
            problems.append(Problem(name, row.line, "", reason))
        else:
            yield row
