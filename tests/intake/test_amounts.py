"""Amounts go in and come out exactly; whatever is not plainly a number is refused with its reason."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.chain.terms import WHOLE
from ledger.intake.amounts import MAX_AMOUNT, to_base_units, to_text
from ledger.intake.shares import to_percent, to_weight


@given(units=st.integers(-MAX_AMOUNT, MAX_AMOUNT), decimals=st.integers(0, 36))
def test_every_amount_survives_being_written_and_read(units: int, decimals: int) -> None:
    assert to_base_units(to_text(units, decimals), decimals) == units


@given(
    amount=st.decimals(min_value=-(10**20), max_value=10**20, places=6, allow_nan=False),
    zeros=st.integers(0, 9),
)
def test_amounts_are_exact(amount: Decimal, zeros: int) -> None:
    with localcontext() as context:
        context.prec = 60
        assert to_base_units(f"{amount:f}" + "0" * zeros, 6) == int(amount.scaleb(6))


@given(st.text(max_size=12))
def test_no_text_is_an_amount_by_chance(text: str) -> None:
    try:
        units = to_base_units(text, 6)
    except ValueError as error:
        assert str(error)
    else:
        assert Decimal(text).scaleb(6) == units


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("12.1234567", "7 decimals, the token has 6"),
        ("1,234.50", "thousands separators"),
        ("1 234.50", "thousands separators"),
        ("12,50", "decimal comma"),
        ("$12", "not a plain number"),
        ("1e3", "not a plain number"),
        ("NaN", "not a plain number"),
        ("٣", "not a plain number"),
        (".5", "not a plain number"),
        ("--1", "not a plain number"),
        ("9" * 40, "more than one payment"),
    ],
)
def test_malformed_amounts_say_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        to_base_units(text, 6)


@given(st.integers(1, WHOLE))
def test_shares_are_exact(weight: int) -> None:
    assert to_weight(to_percent(weight)) == weight


@pytest.mark.parametrize("text", ["17.5", "0%", "-1%", "100.1%", "1.00000000000000001%", "%", 17])
def test_what_is_no_share_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        to_weight(text)
