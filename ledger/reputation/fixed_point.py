"""Exact arithmetic for published numbers: integers scaled by 1e18, halves to even, and no floats."""

from functools import cache
from math import isqrt

SCALE = 10**18
"""One, as a scaled integer."""

_BITS = 160
_FINE = _BITS - 12
ONE_BITS = 1 << _BITS
"""One, as the binary fraction that ``exp_minus`` returns."""


def divide(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` to the nearest integer, halves to even; the denominator is positive."""
    quotient, rest = divmod(numerator, denominator)
    twice = 2 * rest
    if twice > denominator or (twice == denominator and quotient % 2 == 1):
        return quotient + 1
    return quotient


def exp_minus(numerator: int, denominator: int) -> int:
    """e^(−numerator/denominator) of a ratio ≥ 0, in units of 1/``ONE_BITS``; off by less than 2⁻¹⁵⁰.

    e^(−x) = 2^(−n) · e^(−k/2^12) · e^(−r) with x = n · ln 2 + k/2^12 + r: the middle one is kept, the last
    summed as its Taylor series, of a dozen terms.
    """
    halvings, rest = divmod((numerator << _BITS) // denominator, _ln2())
    if halvings > _BITS:
        return 0
    step = rest >> _FINE
    return (_exp_of_step(step) * _taylor(rest - (step << _FINE)) >> _BITS) >> halvings


def root_up(numerator: int, denominator: int, scale: int) -> int:
    """The least integer that is at least ``scale · sqrt(numerator / denominator)``."""
    square = -(-numerator * scale * scale // denominator)
    root = isqrt(square)
    return root if root * root == square else root + 1


@cache
def _exp_of_step(step: int) -> int:
    return _taylor(step << _FINE)


def _taylor(fraction: int) -> int:
    """e^(−fraction/``ONE_BITS``) of a fraction below one."""
    total = term = ONE_BITS
    step = 0
    while term:
        step += 1
        term = ((term * fraction) >> _BITS) // step
        total += term if step % 2 == 0 else -term
    return total


@cache
def _ln2() -> int:
    """ln 2 = 2 · atanh(1/3) = 2 · Σ 1 / ((2k + 1) · 3^(2k + 1))."""
    power = (2 * ONE_BITS << 32) // 3
    total, k = 0, 0
    while power:
        total += power // (2 * k + 1)
        power //= 9
        k += 1
    return total >> 32


def decimal_text(scaled: int) -> str:
    """A scaled integer as an exact decimal number: ``1500000000000000000`` is ``1.5``."""
    sign, digits = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, fraction = divmod(digits, SCALE)
    places = f"{fraction:018}".rstrip("0")
    return f"{sign}{whole}.{places}" if places else f"{sign}{whole}"
