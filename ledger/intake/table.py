"""A report as CSV: split into rows, its header found, its columns by what they hold.

What the file itself says with certainty is taken from it: a byte order mark, a line ``sep=;``, the separator
by which the header has the columns, a header that is repeated. Everything else is stated in the partners
file. Content is judged by the readers on top of it.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal

from ledger.intake.names import as_seen, name_key
from ledger.intake.problems import IntakeRejected, Problem
from ledger.intake.text_file import Encoding, read_text

MAX_ROWS = 100_000
_HEADER_WITHIN = 20
"""Rows among which the header is looked for: some programs write a title above it."""

Separator = Literal[",", ";", "tab", "|"]
_CHARACTERS: dict[Separator, str] = {",": ",", ";": ";", "tab": "\t", "|": "|"}
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])[,;\t|]*"?[ ]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_AS_TEXT = re.compile(r'="(.*)"')


@dataclass(frozen=True)
class Layout:
    """What a report is expected to look like.

    ``section`` of the partners file says so; ``columns`` are headers by what they hold, ``optional`` those
    that may be missing, and ``unstated`` those that nobody named, which are as good as missing where they are
    there twice; ``instead`` says what can be stated in a column's place; ``profiles`` has the headers
    of ready profiles, to name the one that would fit.
    """

    section: str
    columns: Mapping[str, str]
    optional: frozenset[str] = frozenset()
    unstated: frozenset[str] = frozenset()
    instead: Mapping[str, str] = field(default_factory=dict)
    separator: Separator | None = None
    encoding: Encoding | None = None
    profiles: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def required(self) -> dict[str, str]:
        """The headers that must be there, by what they hold."""
        return {name: title for name, title in self.columns.items() if name not in self.optional}


@dataclass(frozen=True, slots=True)
class Row:
    """A data row: the line it begins on, counted from 1, and its cells without surrounding white space."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A report's rows, and where each of its columns is."""

    file: str
    layout: Layout
    positions: Mapping[str, int]
    rows: list[Row]
    problems: list[Problem]

    def has(self, column: str) -> bool:
        """Whether the report has what this column holds."""
        return column in self.positions

    def cell(self, row: Row, column: str) -> str:
        """What a row has in a column; empty where the report has no such column."""
        position = self.positions.get(column)
        return "" if position is None else row.cells[position]

    def title(self, column: str) -> str:
        """The column's header, as the partners file has it."""
        return self.layout.columns.get(column, column)


def read_table(path: Path, layout: Layout) -> Table:
    """Reads a CSV file. Rows with too many cells are in ``problems``; the rest of the file is still read.

    Cells that are missing at a row's end are empty. What follows an empty line in single cells (a CRM's
    copyright notice) is passed over, and so is the header wherever it is repeated.

    Raises LedgerError when there is no such file, and IntakeRejected when nothing below the damage can be
    read: wrong encoding, broken quotes, a missing or doubled column, more than 100,000 rows.
    """
    name = path.name
    text = read_text(path, layout.encoding, f"{layout.section}.encoding")
    marked = _SEPARATOR_LINE.match(text)
    body = text[marked.end() :] if marked is not None else text
    first = 1 if marked is None else 2
    stated = None if layout.separator is None else _CHARACTERS[layout.separator]
    chosen = marked.group(1) if marked is not None else stated
    separator = chosen or _separator(name, body, first, layout)
    header = _header(name, body, first, separator, layout)
    positions = _positions(name, header, layout, separator)
    problems: list[Problem] = []
    rows = list(_rows(name, _split(name, body, first, separator), header, layout, problems))
    return Table(name, layout, positions, rows, problems)


def _split(name: str, text: str, first: int, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = first
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise IntakeRejected(
                [Problem(name, line, "", f"the row's quotes are broken: {error}")]
            ) from error
        yield Row(line, [_cell(cell) for cell in cells])
        line = reader.line_num + first


def _cell(text: str) -> str:
    stripped = as_seen(text)
    # ="0012" is how some programs keep a spreadsheet from making a number of it.
    as_text = _AS_TEXT.fullmatch(stripped)
    return as_text.group(1).strip() if as_text is not None else stripped


def _separator(name: str, text: str, first: int, layout: Layout) -> str:
    """The separator by which the header has the columns; where there is none, the one that splits most."""
    most, widest = ",", 1
    for separator in _CHARACTERS.values():
        try:
            for row in islice(_split(name, text, first, separator), _HEADER_WITHIN):
                if _has_all(row, layout):
                    return separator
                if len(row.cells) > widest:
                    most, widest = separator, len(row.cells)
        except IntakeRejected:
            continue  # quotes look broken where the separator is another
    return most


def _has_all(row: Row, layout: Layout) -> bool:
    return {name_key(title) for title in layout.required().values()} <= set(map(name_key, row.cells))


def _header(name: str, text: str, first: int, separator: str, layout: Layout) -> Row:
    """The row that has all columns; where there is none, the first that is not empty."""
    fallback = None
    for row in islice(_split(name, text, first, separator), _HEADER_WITHIN):
        if _has_all(row, layout):
            return row
        if fallback is None and any(row.cells):
            fallback = row
    if fallback is None:
        raise IntakeRejected([Problem(name, 0, "", "the file is empty")])
    return fallback


def _positions(name: str, header: Row, layout: Layout, separator: str) -> dict[str, int]:
    titles = [name_key(title) for title in header.cells]
    missing = {own: title for own, title in layout.required().items() if name_key(title) not in titles}
    problems = [
        Problem(
            name,
            header.line,
            title,
            f"the column is missing; if it has another name, state {layout.section}.columns.{own}"
            f"{layout.instead.get(own, '')}",
        )
        for own, title in missing.items()
    ]
    if missing:
        problems.append(Problem(name, header.line, "", _what_is_there(header, layout, separator)))
    problems += [
        Problem(name, header.line, title, "the column is there twice")
        for own, title in layout.columns.items()
        if titles.count(name_key(title)) > 1 and own not in layout.unstated
    ]
    if problems:
        raise IntakeRejected(problems)
    return {
        own: titles.index(name_key(title))
        for own, title in layout.columns.items()
        if titles.count(name_key(title)) == 1
    }


def _what_is_there(header: Row, layout: Layout, separator: str) -> str:
    there = set(map(name_key, header.cells))
    fits = [
        name for name, titles in layout.profiles.items() if {name_key(title) for title in titles} <= there
    ]
    word = next(word for word, character in _CHARACTERS.items() if character == separator)
    split = "" if separator == "," else f" (separated by {word})"
    shown = ", ".join(title for title in header.cells if title) or "no columns"
    advice = "".join(
        f"; it looks like the profile {name}: state {layout.section}.profile: {name}" for name in fits
    )
    return f"the report has the columns: {shown}{split}{advice}"


def _rows(
    name: str, lines: Iterator[Row], header: Row, layout: Layout, problems: list[Problem]
) -> Iterator[Row]:
    width = len(header.cells)
    required = {name_key(title) for title in layout.required().values()}
    some = next((cell for cell in header.cells if name_key(cell) in required), "")
    count = 0
    after_gap = in_footer = False
    for row in lines:
        if row.line <= header.line or row.cells == header.cells:
            continue
        if not any(row.cells):
            after_gap = True
            continue
        if (in_footer or after_gap) and sum(map(bool, row.cells)) == 1:
            in_footer = True
            continue
        if some in row.cells and _has_all(row, layout):
            reason = "a second header with other columns than the first: import what is below it by itself"
            raise IntakeRejected([Problem(name, row.line, "", reason)])
        after_gap = False
        count += 1
        if count > MAX_ROWS:
            reason = f"more than {MAX_ROWS:,} rows; export a shorter period"
            raise IntakeRejected([Problem(name, row.line, "", reason)])
        if any(row.cells[width:]):
            reason = (
                f"the row has {len(row.cells)} cells, the header {width}: a cell with a separator in it "
                "must be in quotes"
            )
            problems.append(Problem(name, row.line, "", reason))
        else:
            yield Row(row.line, [*row.cells[:width], *[""] * (width - len(row.cells))])
