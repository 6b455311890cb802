"""Fixed-point arithmetic against exact fractions and high-precision decimals."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.reputation.configuration import Configuration
from ledger.reputation.decay import decay
from ledger.reputation.evidence import Kind, weigh
from ledger.reputation.fixed_point import ONE_BITS, SCALE, divide, exp_minus, root_up
from ledger.reputation.wilson import wilson_lower


@given(st.integers(-(10**40), 10**40), st.integers(1, 10**20))
def test_division_rounds_to_nearest_and_halves_to_even(numerator: int, denominator: int) -> None:
    assert divide(numerator, denominator) == round(Fraction(numerator, denominator))


@given(st.integers(0, 10**40), st.integers(1, 10**38))
def test_exp_is_right_to_forty_digits(numerator: int, denominator: int) -> None:
    with localcontext() as context:
        context.prec = 70
        exact = (-Decimal(numerator) / Decimal(denominator)).exp()
        assert abs(Decimal(exp_minus(numerator, denominator)) / Decimal(ONE_BITS) - exact) < Decimal("1e-40")


@given(st.integers(0, 10**60), st.integers(1, 10**20))
def test_a_root_is_the_least_integer_not_below(numerator: int, denominator: int) -> None:
    root = root_up(numerator, denominator, 2**64)
    square = Fraction(numerator, denominator) * 2**128
    assert (root - 1) ** 2 < square <= root**2 or (root == 0 and square == 0)


@pytest.mark.parametrize("half_life", [180, 360])
def test_decay_is_the_nearest_multiple_of_1e_18_of_one_at_any_age(half_life: int) -> None:
    with localcontext() as context:
        context.prec = 50
        for days in range(0, 62 * half_life, 7):
            exact = Decimal(2) ** (Decimal(-days) / half_life) * SCALE
            assert abs(decay(days, half_life) - exact) <= Decimal("0.5")


def test_decay_halves_exactly_and_ends_at_zero() -> None:
    assert [decay(180 * k, 180) for k in range(4)] == [SCALE, SCALE // 2, SCALE // 4, SCALE // 8]
    assert decay(180 * 19, 180) == 1907348632812  # 1907348632812.5: the half goes to the even neighbour
    assert decay(180 * 100, 180) == 0
    assert decay(-1, 180) == SCALE


@given(st.integers(0, 10**22), st.integers(0, 10**22))
def test_wilson_is_the_floor_of_the_formula(positive: int, negative: int) -> None:
    z_squared = 2_706 * SCALE // 1000
    got = wilson_lower(positive, negative, z_squared, 1000)
    if positive + negative == 0:
        assert got == 0
        return
    with localcontext() as context:
        context.prec = 80
        r, s, z2 = (Decimal(each) / SCALE for each in (positive, negative, z_squared))
        n = r + s
        exact = 1000 * (r + z2 / 2 - (z2 * (r * s / n + z2 / 4)).sqrt()) / (n + z2)
        assert got <= exact + Decimal("1e-30")
        assert exact < got + 1


@given(st.integers(1, 10**30))
def test_wilson_without_anything_against_is_a_plain_ratio(positive: int) -> None:
    z_squared = 2_706 * SCALE // 1000
    assert wilson_lower(positive, 0, z_squared, 1000) == 1000 * positive // (positive + z_squared)


@pytest.mark.parametrize(
    ("rating", "weights"),
    [(1, (0, SCALE // 2)), (2, (SCALE // 8, SCALE * 3 // 8)), (3, (SCALE // 4,) * 2), (5, (SCALE // 2, 0))],
)
def test_a_review_weighs_what_its_rating_says(rating: int, weights: tuple[int, int]) -> None:
    assert weigh(Kind.REVIEWED, Configuration(), rating) == weights


@pytest.mark.parametrize("rating", [None, 0, 6])
def test_a_review_without_a_rating_from_1_to_5_is_refused(rating: int | None) -> None:
    with pytest.raises(LedgerError, match="1 to 5"):
        weigh(Kind.REVIEWED, Configuration(), rating)


def test_a_configuration_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(LedgerError, match="saturation"):
        Configuration(saturation=0)
