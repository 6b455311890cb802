"""Dates as reports write them. A report's format is stated, never guessed: 03/04 is two different days."""

import re
from datetime import UTC, date, datetime
from typing import Literal

DateFormat = Literal["YYYY-MM-DD", "M/D/YYYY", "D/M/YYYY", "D.M.YYYY"]

_PATTERNS: dict[DateFormat, re.Pattern[str]] = {
    "YYYY-MM-DD": re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
    "M/D/YYYY": re.compile(r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4})"),
    "D/M/YYYY": re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})"),
    "D.M.YYYY": re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})"),
}
_INSTANT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")


def to_date(text: str, form: DateFormat) -> date:
    """A day. Raises ValueError with the reason."""
    match = _PATTERNS[form].fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a date of the form {form}" if text else "is empty")
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar ({form})") from None


def moment_of(seconds: int) -> str:
    """Unix seconds as people read them: ``2026-08-06 12:00 UTC``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def to_seconds(text: str) -> int:
    """``2026-08-06 12:00`` or ``2026-08-06 12:00:30``, UTC, to unix seconds.

    Raises ValueError with the reason.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        hint = (
            "; spreadsheet programs rewrite dates: use the file as it was downloaded" if "/" in text else ""
        )
        raise ValueError(f"{text!r} is not a time like 2026-08-06 12:00{hint}" if text else "is empty")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    except ValueError:
        raise ValueError(f"{text!r} is no time of the calendar") from None
