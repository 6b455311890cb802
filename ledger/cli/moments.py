"""Moments in commands."""

from ledger.errors import LedgerError
from ledger.intake.dates import moment_of
from ledger.intake.moments import LONGEST as LONGEST
from ledger.intake.moments import last_second as last_second


def shown(seconds: int) -> str:
    """A moment as commands print it."""
    return moment_of(seconds)


def require_ahead(now: int, moment: int, what: str) -> None:
    """Raises LedgerError unless the moment is later than the newest block's time; ``what`` names it."""
    if moment <= now:
        raise LedgerError(
            f"{what} would be on {shown(moment)}, which is past: it is {shown(now)}.",
            "Choose a day that is still to come.",
        )
