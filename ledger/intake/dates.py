"""Dates as reports write them. A report's format is stated, never guessed: 03/04 is two different days."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args

DateFormat = Literal[
    "YYYY-MM-DD", "M/D/YYYY", "D/M/YYYY", "D.M.YYYY", "D-M-YYYY", "M-D-YYYY", "YYYY/M/D", "YYYY.M.D"
]

_DAYS: dict[DateFormat, str] = {
    "YYYY-MM-DD": r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})",
    "M/D/YYYY": r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4})",
    "D/M/YYYY": r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})",
    "D.M.YYYY": r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})",
    "D-M-YYYY": r"(?P<day>[0-9]{1,2})-(?P<month>[0-9]{1,2})-(?P<year>[0-9]{4})",
    "M-D-YYYY": r"(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})-(?P<year>[0-9]{4})",
    "YYYY/M/D": r"(?P<year>[0-9]{4})/(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})",
    "YYYY.M.D": r"(?P<year>[0-9]{4})\.(?P<month>[0-9]{1,2})\.(?P<day>[0-9]{1,2})",
}
_DAY_NUMBER = re.compile(r"[1-9][0-9]{4}(?:[.,][0-9]+)?")
_FIRST_YEAR = 1980
"""Of records on computers; 1900, 1904 and 1970 are the zeros of their clocks."""
_TIME = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(?:[ \u00a0\u202f]?(?P<half>[AaPp])\.?[Mm]\.?)?(?: ?(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?"
)
_FORMS: dict[DateFormat, re.Pattern[str]] = {
    form: re.compile(rf"{day}(?:(?:T|,? ){_TIME})?") for form, day in _DAYS.items()
}


def form_named(text: str) -> str:
    """A form however long its days and months are written: ``DD.MM.YYYY`` is ``D.M.YYYY``. What is unknown
    comes back as it is.
    """
    short = _short(text.strip().upper())
    return next((form for form in get_args(DateFormat) if _short(form) == short), text)


def _short(form: str) -> str:
    return re.sub("D+", "D", re.sub("M+", "M", form))


def to_date(text: str, form: DateFormat) -> date:
    """A day; of a time with its zone the day in UTC. Raises ValueError with the reason."""
    return _moment(text, form).date()


def to_past_date(text: str, form: DateFormat, today: date | None = None) -> date:
    """A day on which something was done: not before there were such records, and not in the future.

    ``today`` is the machine's day in UTC by default; a day more is allowed, as it may have begun elsewhere.
    Raises ValueError with the reason.
    """
    found, now = to_date(text, form), today or datetime.now(UTC).date()
    if found > now + timedelta(days=1):
        raise ValueError(
            f"{text!r} is in the future ({found.isoformat()}, read as {form}); workbooks that count from "
            "1904 shift dates by four years: use the file as it was exported"
        )
    if found.year < _FIRST_YEAR:
        raise ValueError(f"{text!r} is where a clock begins, not a day on which this was done")
    return found


def moment_of(seconds: int) -> str:
    """Unix seconds as people read them: ``2026-08-06 12:00 UTC``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def to_seconds(text: str, form: DateFormat = "YYYY-MM-DD") -> int:
    """``2026-08-06 12:00`` or ``2026-08-06T12:00:30Z`` to unix seconds; UTC where no zone is written.

    Raises ValueError with the reason.
    """
    match = _FORMS[form].fullmatch(text)
    if match is None or match["hour"] is None:
        hint = (
            "; spreadsheet programs rewrite dates: use the file as it was exported, or state its form"
            if re.search(r"[0-9][/.][0-9]", text)
            else ""
        )
        raise ValueError(f"{text!r} is not a time like {form} 12:00{hint}" if text else "is empty")
    return int(_moment(text, form).timestamp())


def _moment(text: str, form: DateFormat) -> datetime:
    match = _FORMS[form].fullmatch(text)
    if match is None:
        hint = "; it looks like a spreadsheet's number of a day" if _DAY_NUMBER.fullmatch(text) else ""
        raise ValueError(f"{text!r} is not a date of the form {form}{hint}" if text else "is empty")
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    half = (match["half"] or "").lower()
    try:
        if half:
            hour = datetime.strptime(f"{hour} {half}m", "%I %p").hour
        day = datetime(int(match["year"]), int(match["month"]), int(match["day"]), tzinfo=UTC)
        return day.replace(hour=hour, minute=minute, second=second) - _offset(match["zone"])
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text!r} is no {'time' if match['hour'] else 'day'} of the calendar ({form})"
        ) from None


def _offset(zone: str | None) -> timedelta:
    """How far a zone is ahead of UTC."""
    if zone is None or zone in ("Z", "UTC"):
        return timedelta()
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
