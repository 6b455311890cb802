"""What is wrong with an imported file: by line, column and reason, all of it at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ledger.errors import LedgerError

_TOLD_ONE_BY_ONE = 3
_FIRST_LINES = 5


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing wrong. ``line`` counts from 1 (0: the file as a whole); ``column`` is a column or a YAML
    path; ``cause`` says it without what is the row's own, where one cause can make many.
    """

    file: str
    line: int
    column: str
    reason: str
    cause: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.column}: {self.reason}" if self.column else f"{place}: {self.reason}"


class IntakeRejected(LedgerError):
    """The files cannot be imported as they are; nothing was sent."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        count = len(self.problems)
        self.files = sorted({problem.file for problem in self.problems})
        what = f"{count} problem{'s' if count != 1 else ''} in {', '.join(self.files)}; nothing was sent."
        super().__init__(what, "Correct the files and run the same command again.")


def reject_if_any(problems: Iterable[Problem]) -> None:
    """Raises :class:`IntakeRejected` with all problems, when there are any."""
    found = list(problems)
    if found:
        raise IntakeRejected(found)


def told(problems: Iterable[Problem]) -> Iterator[str]:
    """A line for each problem; one for all of a file and column that have the same cause, when they are many.

    They come by file and line, a cause of many where its first is.
    """
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in sorted(set(problems)):
        key = problem.file, problem.column, problem.cause or problem.reason
        alike.setdefault(key, []).append(problem)
    lines: list[tuple[Problem, str]] = []
    for (file, column, cause), group in alike.items():
        if len(group) <= _TOLD_ONE_BY_ONE or not group[0].line:
            lines += [(each, str(each)) for each in group]
            continue
        first = ", ".join(str(each.line) for each in group[:_FIRST_LINES])
        more = ", …" if len(group) > _FIRST_LINES else ""
        place = f"{file}: {column}" if column else file
        lines.append((group[0], f"{place}: {cause} ({len(group)} lines: {first}{more})"))
    yield from (line for _, line in sorted(lines))


def counted(problems: Iterable[Problem]) -> str:
    """How many rows of which files these are: ``3 rows of billing.csv``."""
    rows: dict[str, set[int]] = {}
    for problem in problems:
        rows.setdefault(problem.file, set()).add(problem.line)
    return ", ".join(f"{len(of)} row{'s' if len(of) != 1 else ''} of {file}" for file, of in rows.items())
