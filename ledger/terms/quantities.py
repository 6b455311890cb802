"""Shares, durations, moments and addresses in words, exactly: nothing is rounded."""

from datetime import UTC, datetime
from decimal import Context, Decimal

from ledger.terms.agreement import OPEN_ENDED
from ledger.terms.units import DAY, HOUR, MINUTE, WHOLE

_EXACT = Context(prec=60)
_UNITS = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second"))
_LAST_YEAR = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


def percent(weight: int) -> str:
    """A weight of 1e18 as an exact percentage: ``333333333333333333`` -> ``33.3333333333333333 %``."""
    return f"{_plain(_EXACT.divide(Decimal(weight * 100), Decimal(WHOLE)))} %"


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def duration(seconds: int) -> str:
    """``1296000`` -> ``15 days``; ``5400`` -> ``1 hour 30 minutes``; 0 is ``none``."""
    words = []
    for size, unit in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            words.append(f"{count:,} {unit}{'' if count == 1 else 's'}")
    return " ".join(words) or "none"


def moment(seconds: int) -> str:
    """A unix time in words, in UTC, to the second: ``1 January 2027, 00:00:00 UTC``."""
    if seconds >= OPEN_ENDED:
        return "no end"
    if seconds > _LAST_YEAR:
        return f"second {seconds:,} of the unix clock, after the year 9999"
    at = datetime.fromtimestamp(seconds, UTC)
    return f"{at.day} {at:%B} {at.year}, {at:%H:%M:%S} UTC"


def day(seconds: int) -> str:
    """The day of a unix time in UTC: ``1 January 2027``."""
    return moment(seconds).partition(",")[0]


def short(address: str) -> str:
    """``0x1234567890abcdef…`` -> ``0x1234…cdef``; for running text only, with the full one nearby."""
    return f"{address[:6]}…{address[-4:]}"
