"""Held payments as a picture: a bar for each day of release, and the payee's own part of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from api.agreements.schemas import HeldDay
from api.amounts import Amount

_HUNDREDTH = Decimal("0.01")
MOST = 7
"""Days that are drawn; of the others it is said how many follow."""


@dataclass(frozen=True)
class DayBar:
    """A day (its second) with what is released on it, ``own`` of it the payee's: None where that is unknown
    or nobody's page; ``width`` and ``own_width`` in hundredths of the bar.
    """

    matures_at: int
    amount: Amount
    own: Amount | None
    width: str
    own_width: str


@dataclass(frozen=True)
class HeldPicture:
    """The first days, and how many follow until ``last`` (seconds)."""

    bars: list[DayBar]
    more: int
    last: int


def held_picture(days: Sequence[HeldDay], parts: Sequence[HeldDay] | None = None) -> HeldPicture | None:
    """A picture of days in their order, with the payee's ``parts`` of them; None when nothing is held."""
    if not days:
        return None
    own: Mapping[int, Amount] = {each.matures_at: each.amount for each in parts or ()}
    shown = days[:MOST]
    most = max(int(each.amount.units) for each in shown)
    bars = []
    for each in shown:
        mine = own.get(each.matures_at)
        bars.append(
            DayBar(
                each.matures_at,
                each.amount,
                mine,
                _part(int(each.amount.units), most),
                _part(int(mine.units) if mine else 0, most),
            )
        )
    return HeldPicture(bars, len(days) - len(shown), days[-1].matures_at)


def _part(units: int, most: int) -> str:
    return format((Decimal(units * 100) / most).quantize(_HUNDREDTH), "f")
