"""Amounts as reports write them, to token base units and back: exact, never through a float."""

import re

MAX_AMOUNT = 2**128 - 1
"""What one payment can carry, in token base units."""

_PLAIN = re.compile(r"([+-]?)([0-9]{1,60})(?:\.([0-9]{1,60}))?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[,' \u00a0\u202f][0-9]{3})+(?:\.[0-9]+)?")


def to_base_units(text: str, decimals: int) -> int:
    """``"12.5"`` with 6 decimals is 12500000. Signed; zeros after the token's last decimal are no matter.

    Raises ValueError with the reason.
    """
    match = _PLAIN.fullmatch(text)
    if match is None:
        raise ValueError(_why_not(text))
    sign, whole, fraction = match.group(1), match.group(2), (match.group(3) or "").rstrip("0")
    if len(fraction) > decimals:
        raise ValueError(f"{text!r} has {len(fraction)} decimals, the token has {decimals}")
    units = int(whole + fraction.ljust(decimals, "0"))
    if units > MAX_AMOUNT:
        raise ValueError(f"{text!r} is more than one payment can carry")
    return -units if sign == "-" else units


def to_text(units: int, decimals: int) -> str:
    """The amount as people write it: 12500000 with 6 decimals is ``"12.50"``; at least two decimals are
    shown.
    """
    sign, digits = ("-" if units < 0 else ""), str(abs(units)).rjust(decimals + 1, "0")
    if decimals == 0:
        return sign + digits
    whole, fraction = digits[:-decimals], digits[-decimals:].rstrip("0")
    return f"{sign}{whole}.{fraction.ljust(min(2, decimals), '0')}"


def _why_not(text: str) -> str:
    if not text:
        return "is empty"
    if _GROUPED.fullmatch(text):
        return f"{text!r} has thousands separators; export plain numbers like 1234.50"
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        return f"{text!r} has a decimal comma; export plain numbers like 1234.50"
    return f"{text!r} is not a plain number like 1234.50"
