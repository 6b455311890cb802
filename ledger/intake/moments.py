"""Moments as people type them."""

from datetime import UTC, date, datetime, timedelta

from ledger.errors import LedgerError

LONGEST = 2**40 - 1


def last_second(text: str) -> int:
    """``2027-03-31`` is that day's last second in UTC, ``2027-03-31T12:00`` that minute, ``@1806451199`` unix
    seconds. A bare number may be either. Raises LedgerError.
    """
    if text.isdigit():
        raise LedgerError(
            f"{text!r} may be a day or unix seconds.",
            "Give a day like 2027-03-31, 2027-03-31T12:00 (UTC), or @ before unix seconds.",
        )
    try:
        if text.startswith("@"):
            found = int(text[1:]) if text[1:].isdecimal() else -1
        elif len(text) == len("2027-03-31"):
            day = date.fromisoformat(text) + timedelta(days=1)
            found = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - 1
        else:
            at = datetime.fromisoformat(text)
            found = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    except (OverflowError, ValueError):
        found = -1
    if not 0 <= found < LONGEST:
        raise LedgerError(
            f"{text!r} is not a moment.", "Give a day like 2027-03-31, or 2027-03-31T12:00 (UTC)."
        )
    return found
