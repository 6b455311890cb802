"""Amounts as people and reports write them, to token base units and back: exact, never through a float.

What can be read in one way only is read; what two people would read differently is refused unless its form
is stated, like a date's.
"""

import re
from typing import Literal

MAX_AMOUNT = 2**128 - 1
"""What one payment can carry, in token base units."""

NumberFormat = Literal["1,234.56", "1.234,56", "1 234,56", "1 234.56", "1'234.56", "1'234,56"]
"""How a report writes one thousand two hundred thirty-four and 56 hundredths; it may leave the marks of
thousands out.
"""

_MARKS = str.maketrans({**dict.fromkeys("\u00a0\u2007\u2009\u202f", " "), "\u2019": "'"})
"""Spaces and apostrophes of every kind are one mark of thousands each."""
_NEGATIVE = (re.compile(r"[-\u2212](.+)"), re.compile(r"\((.+)\)"), re.compile(r"(.+)[-\u2212]"))
_NUMBER = re.compile(r"[0-9](?:[0-9.,' ]{0,118}[0-9])?")
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")
"""Thousands by threes, or as in India; with a comma for whatever the mark is."""
_TWO_READINGS = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
_JAVA = re.compile(r"([0-9])\.([0-9]{1,17})E(-?[0-9]{1,2})")
"""As Salesforce's Data Loader writes amounts from ten million on: with all their digits."""
_SPREADSHEET = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)


class AmountAmbiguous(ValueError):
    """One text, two amounts."""


def to_base_units(
    text: str,
    decimals: int,
    *,
    places: int | None = None,
    numbers: NumberFormat | None = None,
    otherwise: str = "write one of these",
) -> int:
    """``"12.5"`` with 6 decimals is 12500000. Signed; zeros after the last decimal are no matter.

    ``decimals``: the token's; ``places``: how many an amount of the currency has, the token's by default;
    ``numbers``: the form, where it is stated; ``otherwise``: what to do about an amount that can be read in
    two ways.

    Raises AmountAmbiguous for such a one, ValueError for whatever else is not exactly an amount, both with
    the reason.
    """
    sign, digits = _signed(text)
    whole, fraction = _parts(text, digits, numbers, otherwise)
    fraction = fraction.rstrip("0")
    allowed = decimals if places is None else min(places, decimals)
    if len(fraction) > allowed:
        of = "the token has" if allowed == decimals else "amounts in this currency have"
        raise ValueError(f"{text!r} has {len(fraction)} decimals, {of} {allowed}")
    units = int(whole + fraction.ljust(decimals, "0"))
    if units > MAX_AMOUNT:
        raise ValueError(f"{text!r} is more than one payment can carry")
    return sign * units


def to_text(units: int, decimals: int) -> str:
    """The amount as people write it: 12500000 with 6 decimals is ``"12.50"``; at least two decimals are
    shown, and four in the place of three, which could be thousands.
    """
    sign, digits = ("-" if units < 0 else ""), str(abs(units)).rjust(decimals + 1, "0")
    if decimals == 0:
        return sign + digits
    whole, fraction = digits[:-decimals], digits[-decimals:].rstrip("0")
    text = f"{whole}.{fraction.ljust(min(2, decimals), '0')}"
    return f"{sign}{text}0" if _TWO_READINGS.fullmatch(text) else sign + text


def _signed(text: str) -> tuple[int, str]:
    """Minus before or after, or parentheses as bookkeepers write them, is less than zero."""
    for pattern in _NEGATIVE:
        match = pattern.fullmatch(text)
        if match is not None:
            return -1, match.group(1).strip()
    return 1, text.removeprefix("+")


def _parts(text: str, digits: str, numbers: NumberFormat | None, otherwise: str) -> tuple[str, str]:
    """The digits before and after the decimal mark."""
    java = _JAVA.fullmatch(digits)
    if java is not None and (numbers is None or numbers[-3] == "."):
        return _shifted(java.group(1), java.group(2), int(java.group(3)))
    digits = digits.translate(_MARKS)
    if _NUMBER.fullmatch(digits) is None:
        raise ValueError(_why_not(text))
    decimal = numbers[-3] if numbers is not None else _decimal_mark(text, digits, otherwise)
    whole, point, fraction = digits.partition(decimal) if decimal else (digits, "", "")
    thousands = set(whole) - set("0123456789")
    if thousands:
        mark = thousands.pop()
        fits = not thousands and (numbers is None or mark == numbers[1])
        whole = whole.replace(mark, "") if fits and _GROUPS.fullmatch(whole.replace(mark, ",")) else ""
    if not whole or (point and not fraction.isdigit()):
        raise ValueError(_why_not(text) if numbers is None else f"{text!r} is not of the form {numbers}")
    return whole, fraction


def _decimal_mark(text: str, digits: str, otherwise: str) -> str:
    """The decimal mark of a number whose form is not stated; empty where it has none."""
    marks = [character for character in digits if not character.isdigit()]
    if not marks or marks[-1] in " '" or marks.count(marks[-1]) > 1:
        return ""
    two = _TWO_READINGS.fullmatch(digits)
    if two is not None:
        whole, fraction = two.groups()
        raise AmountAmbiguous(
            f"{text!r} is {whole}{fraction} for some and {whole}.{fraction}0 for others: {otherwise}"
        )
    return marks[-1]


def _shifted(whole: str, fraction: str, exponent: int) -> tuple[str, str]:
    """``1.5E7`` is 15000000."""
    if exponent >= 0:
        digits = fraction.ljust(exponent, "0")
        return whole + digits[:exponent], digits[exponent:]
    return "0", "0" * (-exponent - 1) + whole + fraction


def _why_not(text: str) -> str:
    if not text:
        return "is empty"
    if _SPREADSHEET.fullmatch(text):
        return (
            f"{text!r} has an exponent: a spreadsheet may have rounded it; use the file as it was exported, "
            "or write the number out"
        )
    if re.search(r"[0-9]", text) and re.search(r"[^\W\d_]|[$\u00a2-\u00a5\u20a0-\u20cf]", text):
        return f"{text!r} has a currency or a word in it; export plain numbers like 1234.50"
    return f"{text!r} is not a plain number like 1234.50"
