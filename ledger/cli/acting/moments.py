"""Moments and amounts as people type them."""

from datetime import UTC, date, datetime, timedelta

from ledger.cli.acting.desk import Desk
from ledger.errors import LedgerError
from ledger.intake.amounts import to_base_units
from ledger.intake.dates import moment_of

LONGEST = 2**40 - 1


def last_second(text: str) -> int:
    """``2027-03-31`` is that day's last second in UTC, ``2027-03-31T12:00`` that minute; else unix seconds.

    Raises LedgerError.
    """
    try:
        if text.isdigit():
            found = int(text)
        elif len(text) == len("2027-03-31"):
            day = date.fromisoformat(text) + timedelta(days=1)
            found = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - 1
        else:
            at = datetime.fromisoformat(text)
            found = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    except ValueError:
        found = -1
    if not 0 <= found < LONGEST:
        raise LedgerError(f"{text!r} is no moment.", "Give a day like 2027-03-31, or 2027-03-31T12:00 (UTC).")
    return found


def shown(seconds: int) -> str:
    """A moment as commands print it."""
    return moment_of(seconds)


def units(desk: Desk, token: str, text: str) -> int:
    """An amount in whole tokens as base units. Raises LedgerError."""
    decimals = desk.decimals_of(desk.node.w3.to_checksum_address(token))
    try:
        found = to_base_units(text, decimals)
    except ValueError as error:
        raise LedgerError(f"The amount {error}.", "Write whole tokens, as 12.50.") from error
    if found < 0:
        raise LedgerError(f"The amount {text!r} is negative.", "Write whole tokens, as 12.50.")
    return found
