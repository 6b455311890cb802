"""How evidence fades: 2^(−days / half-life), in whole days, from a fixed-point table."""

from decimal import Context, Decimal
from functools import cache

from ledger.reputation.fixed_point import SCALE, divide

_GUARD = 10**22
_PRECISION = Context(prec=60)


@cache
def decay(days: int, half_life: int) -> int:
    """2^(−days / half_life), scaled by 1e18 and rounded half to even; both in days, ``half_life`` positive.

    Evidence of a day that has not come yet does not count more than today's: negative days are zero days.
    """
    halvings, day = divmod(max(days, 0), half_life)
    return divide(_table(half_life)[day], _GUARD << halvings)


@cache
def _table(half_life: int) -> tuple[int, ...]:
    """2^(−d / half_life) for the days of one half-life, scaled by 1e40; longer ages halve it."""
    scale = Decimal(SCALE * _GUARD)
    return tuple(
        int(
            _PRECISION.multiply(
                _PRECISION.power(Decimal(2), _PRECISION.divide(Decimal(-day), Decimal(half_life))), scale
            ).to_integral_value(context=_PRECISION)
        )
        for day in range(half_life)
    )
