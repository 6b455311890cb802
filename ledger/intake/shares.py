"""Shares as people write them, in per cent, to the weights of 1e18 that terms carry: exact."""

from ledger.intake.amounts import to_base_units
from ledger.terms.units import WHOLE


def to_weight(text: object) -> int:
    """``"17.5%"`` is 175000000000000000. Raises ValueError with the reason."""
    if not isinstance(text, str) or not text.endswith("%"):
        raise ValueError("is not a share in per cent like 17.5%")
    number = text[:-1].strip()
    # One per cent of 1e18 is 1e16: a per cent has 16 decimals. No share has thousands of them, so that the
    # only mark in it is that of decimals.
    weight = to_base_units(number, 16, numbers="1.234,56" if "," in number else "1,234.56")
    if not 0 < weight <= WHOLE:
        raise ValueError("a share is more than 0% and at most 100%")
    return weight


def to_percent(weight: int) -> str:
    """175000000000000000 is ``"17.5%"``."""
    whole, fraction = divmod(weight, 10**16)
    digits = str(fraction).rjust(16, "0").rstrip("0")
    return f"{whole}.{digits}%" if digits else f"{whole}%"
