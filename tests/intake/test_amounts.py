"""Amounts go in and come out exactly; whatever is not plainly a number is refused with its reason."""

from decimal import Decimal, localcontext
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.intake.amounts import MAX_AMOUNT, NumberFormat, to_base_units, to_text
from ledger.intake.currencies import minor_units
from ledger.intake.shares import to_percent, to_weight
from ledger.terms.units import WHOLE


@given(units=st.integers(-MAX_AMOUNT, MAX_AMOUNT) | st.integers(-(10**6), 10**6), decimals=st.integers(0, 36))
@example(units=1_234_000, decimals=6)
@example(units=-1_234, decimals=3)
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


@given(st.text(max_size=12) | st.text("0123456789.,' -()", max_size=12))
def test_no_text_is_an_amount_by_chance(text: str) -> None:
    try:
        units = to_base_units(text, 6)
    except ValueError as error:
        assert str(error)
    else:
        digits = "".join(character for character in text if character.isdigit())
        assert str(abs(units)).rstrip("0") == digits.strip("0").rstrip("0")


@given(units=st.integers(0, 10**15), form=st.sampled_from(get_args(NumberFormat)), grouped=st.booleans())
def test_every_amount_is_read_in_the_form_that_is_stated(
    units: int, form: NumberFormat, grouped: bool
) -> None:
    whole, fraction = f"{units // 100:,}", f"{units % 100:02}"
    text = whole.replace(",", form[1] if grouped else "") + form[-3] + fraction
    assert to_base_units(text, 6, numbers=form) == units * 10_000
    assert to_base_units(text, 6) == units * 10_000  # two decimals can be read in one way only


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12,5", "12.5"),
        ("1,234.50", "1234.5"),
        ("1.234,50", "1234.5"),
        ("1.234.567", "1234567"),
        ("1 234", "1234"),
        ("1\u202f234,5", "1234.5"),
        ("1\u2019234.50", "1234.5"),
        ("12,34,567.00", "1234567"),
        ("0.123", "0.123"),
        ("1234.567", "1234.567"),
        ("1.2340", "1.234"),
        ("1,234.567", "1234.567"),
        ("\u22125.10", "-5.1"),
        ("(1,200.00)", "-1200"),
        ("12.50-", "-12.5"),
        ("+3", "3"),
        ("1.5E7", "15000000"),
        ("-1.23456789E7", "-12345678.9"),
        ("1.0E-5", "0.00001"),
    ],
)
def test_what_can_be_read_in_one_way_only_is_read(text: str, amount: str) -> None:
    assert to_base_units(text, 6) == Decimal(amount).scaleb(6)


@pytest.mark.parametrize(
    ("text", "form", "units"),
    [
        ("1.234", "1.234,56", 1234),
        ("1,234", "1,234.56", 1234),
        ("1 234", "1 234,56", 1234),
        ("0.12", "1.234,56", None),
        ("1,234.50", "1.234,56", None),
        ("1.5", "1.234,56", None),
        ("0.123", "1.234,56", None),
        ("1 234.50", "1,234.56", None),
        ("1.5E7", "1.234,56", None),
        ("1,234", "1 234,56", None),
    ],
)
def test_what_has_another_form_than_the_stated_is_refused(
    text: str, form: NumberFormat, units: int | None
) -> None:
    if units is not None:
        assert to_base_units(text, 0, numbers=form) == units
        return
    with pytest.raises(ValueError, match=r"not of the form|exponent|2 decimals|3 decimals"):
        to_base_units(text, 1, numbers=form)


@pytest.mark.parametrize(
    ("code", "decimals"), [("usd", 2), ("JPY", 0), ("kwd", 3), ("CLF", 4), ("USDC", None), ("", None)]
)
def test_a_currency_has_the_decimals_of_iso_4217(code: str, decimals: int | None) -> None:
    assert minor_units(code) == decimals


def test_decimals_below_the_currencys_smallest_are_refused() -> None:
    assert to_base_units("1.50", 6, places=2) == to_base_units("1.5000", 6, places=2) == 1_500_000
    with pytest.raises(ValueError, match=r"'1\.505' has 3 decimals, amounts in this currency have 2"):
        to_base_units("1.505", 6, places=2, numbers="1,234.56")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("12.1234567", "7 decimals, the token has 6"),
        ("1.234", "1234 for some and 1.2340 for others: write one of these"),
        ("-1,234", "for others"),
        ("1.234.56", "not a plain number"),
        ("1,23,4.5", "not a plain number"),
        ("0,123,456", "not a plain number"),
        ("1.234 567", "not a plain number"),
        ("1'234 567", "not a plain number"),
        ("1234,567.00", "not a plain number"),
        ("1  234", "not a plain number"),
        ("$12", "has a currency or a word in it"),
        ("4.711,98 \u20ac", "has a currency or a word in it"),
        ("12 USD", "has a currency or a word in it"),
        ("NaN", "not a plain number"),
        ("\u20131", "not a plain number"),
        ("(-1)", "not a plain number"),
        ("1e3", "a spreadsheet may have rounded it"),
        ("1.23457E+11", "a spreadsheet may have rounded it"),
        ("1,5E7", "a spreadsheet may have rounded it"),
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


@pytest.mark.parametrize("text", ["12.125%", "12,125%", "12.1250%"])
def test_a_share_has_no_thousands(text: str) -> None:
    assert to_weight(text) == WHOLE * 97 // 800


@pytest.mark.parametrize("text", ["17.5", "1.234.5%", "0%", "-1%", "100.1%", "1.00000000000000001%", "%", 17])
def test_what_is_no_share_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        to_weight(text)
