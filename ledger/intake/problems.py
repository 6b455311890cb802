"""What is wrong with an imported file: by line, column and reason, all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.errors import LedgerError


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing wrong. ``line`` counts from 1 (0: the file as a whole); ``column`` is a column or a YAML
    path.
    """

    file: str
    line: int
    column: str
    reason: str

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
