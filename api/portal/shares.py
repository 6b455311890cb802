"""Shares as parts of a bar."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ledger.terms.quantities import percent, short

_COLOURS = 8


@dataclass(frozen=True)
class SharePart:
    """One payee's part of the bar: ``left`` and ``width`` in hundredths of its length, ``colour`` from 1."""

    account: str
    name: str
    percent: str
    left: str
    width: str
    colour: int


def share_parts(
    weights: Iterable[tuple[str, int]], names: Mapping[str, str], places: Mapping[str, int] | None = None
) -> list[SharePart]:
    """The parts for (account, weight of 1e18), from left to right; ``places`` give accounts colours of their
    own.
    """
    parts, left = [], 0
    for index, (account, weight) in enumerate(weights):
        parts.append(
            SharePart(
                account=account,
                name=names.get(account) or short(account),
                percent=percent(weight),
                left=_hundredths(left),
                width=_hundredths(weight),
                colour=(index if places is None else places[account]) % _COLOURS + 1,
            )
        )
        left += weight
    return parts


def _hundredths(weight: int) -> str:
    return format(Decimal(weight).scaleb(-16).quantize(Decimal("0.0001")), "f")
