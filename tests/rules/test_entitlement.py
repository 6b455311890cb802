"""Promise 1, its arithmetic: what payees earn is exact, monotone, and never more than what came in."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.entitlement import earned
from ledger.terms.units import WHOLE

UNBOUNDED = 2**256 - 1
amounts = st.integers(0, 2**128 - 1)


@st.composite
def weights(draw: st.DrawFn, payees: int) -> list[int]:
    """Weights that sum to one whole."""
    cuts = sorted(draw(st.lists(st.integers(0, WHOLE), min_size=payees - 1, max_size=payees - 1)))
    return [end - start for start, end in zip([0, *cuts], [*cuts, WHOLE], strict=True)]


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[int], list[list[int]]]:
    """Boundaries, and the weights of each payee."""
    bounded = draw(st.lists(st.integers(1, 2**130), unique=True, max_size=5).map(sorted))
    payees = draw(st.integers(1, 7))
    columns = [draw(weights(payees)) for _ in range(len(bounded) + 1)]
    return [*bounded, UNBOUNDED], [list(row) for row in zip(*columns, strict=True)]


@given(plans(), amounts)
def test_it_is_the_floor_of_the_exact_share_of_each_tranche(
    plan: tuple[list[int], list[list[int]]], released: int
) -> None:
    boundaries, payees = plan
    for payee in payees:
        exact, start = Fraction(0), 0
        for boundary, weight in zip(boundaries, payee, strict=True):
            exact += Fraction(weight, WHOLE) * max(0, min(boundary, released) - start)
            start = boundary
        assert earned(boundaries, payee, released) == floor(exact)


@given(plans(), amounts, amounts)
def test_it_never_falls_as_revenue_grows(
    plan: tuple[list[int], list[list[int]]], released: int, more: int
) -> None:
    boundaries, payees = plan
    for payee in payees:
        assert earned(boundaries, payee, released) <= earned(boundaries, payee, released + more)


@given(plans(), amounts)
def test_the_payees_together_earn_all_but_less_than_a_unit_each(
    plan: tuple[list[int], list[list[int]]], released: int
) -> None:
    boundaries, payees = plan
    carry = released - sum(earned(boundaries, payee, released) for payee in payees)
    assert 0 <= carry < len(payees)


def test_boundaries_that_break_prefix_rounding_stay_monotone_here() -> None:
    """With prefix sums a payee of the band 0.5 to 0.6 would have 1 at a total of 5 and 0 at 6."""
    tenth = [WHOLE // 10]
    assert [earned([UNBOUNDED], tenth, total) for total in (5, 6, 10, 19, 20)] == [0, 0, 1, 1, 2]


def test_a_tranche_counts_only_what_lies_in_it() -> None:
    boundaries, payee = [1_000, 5_000, UNBOUNDED], [WHOLE, WHOLE // 2, 0]
    assert [earned(boundaries, payee, total) for total in (0, 999, 1_000, 3_000, 5_000, 9_999)] == [
        0,
        999,
        1_000,
        2_000,
        3_000,
        3_000,
    ]


def test_a_weight_for_each_tranche_or_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        earned([10, UNBOUNDED], [WHOLE], 20)
