"""Text that others chose, made safe to read: nothing in it can hide or turn round what stands beside it."""

import unicodedata

_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def visible(text: str) -> str:
    """Control characters and those that change the direction of writing become U+FFFD."""
    return "".join("\ufffd" if _hides(character) else character for character in text)


def _hides(character: str) -> bool:
    return character in _TURNING or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
