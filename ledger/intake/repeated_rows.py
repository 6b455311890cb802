"""Rows that a report has more than once: the same words are one row; two that differ are both in doubt."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ledger.intake.table import Row


@dataclass
class Once:
    """``rows`` without those that are there twice, word for word (so many as ``repeated``). ``doubtful``: the
    line of another row of the same id that says something else, by the line of a row.
    """

    rows: list[Row] = field(default_factory=list)
    repeated: int = 0
    doubtful: dict[int, int] = field(default_factory=dict)


def once(rows: Iterable[Row], key: Callable[[Row], str], words: Callable[[Row], list[str]]) -> Once:
    """``key`` is a row's id, empty where it has none; ``words`` is what it says."""
    found = Once()
    first: dict[str, Row] = {}
    for row in rows:
        name = key(row)
        before = first.setdefault(name, row) if name else row
        if before is row:
            found.rows.append(row)
        elif words(row) == words(before):
            found.repeated += 1
        else:
            found.rows.append(row)
            found.doubtful.setdefault(before.line, row.line)
            found.doubtful[row.line] = before.line
    return found
