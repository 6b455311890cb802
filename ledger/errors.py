"""The one kind of error a person is shown: what is wrong in a line, and what to do about it."""

from typing import Any

INTERRUPTED = 130
"""Exit code of what somebody ended, as shells have it: 128, and the number of SIGINT."""


class LedgerError(Exception):
    """Something the user can act on.

    ``what`` says in one line what is wrong, ``hint`` what to do next. Commands print both and exit with
    ``exit_code``; the API turns it into a problem+json body.
    """

    exit_code = 1

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled by what it holds: each kind of error is made of something else."""
        return _again, (type(self), self.args, vars(self))

    def __str__(self) -> str:
        return f"{self.what} {self.hint}".strip()


def _again(kind: type[LedgerError], args: tuple[Any, ...], held: dict[str, Any]) -> LedgerError:
    error = kind.__new__(kind, *args)
    vars(error).update(held)
    return error
