"""Moments on pages: in words, with the machine's way of writing them beside."""

from datetime import UTC, datetime

from markupsafe import Markup

from ledger.terms import quantities

_LAST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


def moment(seconds: int) -> Markup:
    """A unix time to the second, in UTC."""
    return _element(quantities.moment(seconds), seconds, "%Y-%m-%dT%H:%M:%SZ")


def day(seconds: int) -> Markup:
    """The day of a unix time in UTC; the second as its title."""
    return _element(quantities.day(seconds), seconds, "%Y-%m-%d")


def _element(words: str, seconds: int, form: str) -> Markup:
    if seconds > _LAST:  # no end, or a year that no calendar of a browser reaches
        return Markup("{}").format(words)
    at = datetime.fromtimestamp(seconds, UTC).strftime(form)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at, quantities.moment(seconds), words)
