"""Text that others chose, made safe to read: nothing in it hides, or turns round what stands beside it."""

import unicodedata

_BLANK = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and signs that are drawn as nothing, though their category does not say so."""
_JOINERS = "\u200c\u200d"
_VIRAMA = 9
"""Canonical combining class of the sign after which a joiner changes how letters of India are written."""
_MOST_MARKS = 4
"""Accents on one letter; more of them are drawn over the lines above and below."""


def visible(text: str) -> str:
    """What is not seen, changes the direction of writing or stands over other lines becomes U+FFFD.

    Joiners stay where writing needs them: in emoji, between letters of scripts that join, after a virama.
    """
    shown, marks = [], 0
    for place, character in enumerate(text):
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        hides = marks > _MOST_MARKS or _hides(text, place)
        shown.append("\ufffd" if hides else character)
    return "".join(shown)


def _hides(text: str, place: int) -> bool:
    character = text[place]
    if character in _JOINERS:
        return not _joins(text[max(place - 1, 0) : place], text[place + 1 : place + 2])
    if "\ufe00" <= character <= "\ufe0f":  # how the one before it is drawn
        return not _drawn_in_ways(text[max(place - 1, 0) : place])
    return character in _BLANK or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _joins(before: str, after: str) -> bool:
    if not before or not after:
        return False
    following = unicodedata.category(after)
    if unicodedata.combining(before) == _VIRAMA:
        return following == "Lo"
    if unicodedata.category(before) in ("So", "Sk") or before == "\ufe0f":
        return following == "So"
    return unicodedata.bidirectional(before) == unicodedata.bidirectional(after) == "AL"


def _drawn_in_ways(before: str) -> bool:
    return bool(before) and (unicodedata.category(before) in ("So", "Sm", "Po") or before.isdigit())
