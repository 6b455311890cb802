"""An opportunity's id is one however it is written; a damaged one is repaired where it can be, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.intake.crm_ids import damage, opportunity_id, row_damage

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def _long(fifteen: str) -> str:
    """The form of 18 characters, by Salesforce's own description."""
    suffix = ""
    for block in (fifteen[:5], fifteen[5:10], fifteen[10:]):
        suffix += ALPHABET[sum(2**at for at in range(5) if "A" <= block[at] <= "Z")]
    return fifteen + suffix


@given(st.from_regex(r"006[a-zA-Z0-9]{12}", fullmatch=True))
def test_every_form_of_a_salesforce_id_is_the_same_deal(fifteen: str) -> None:
    long = _long(fifteen)
    forms = {opportunity_id(form) for form in (fifteen, long, long.upper(), long.lower())}
    assert forms == {fifteen}
    assert not any(damage(form) for form in (fifteen, long, long.upper(), long.lower()))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1.23457E+11", "'1.23457E+11': a spreadsheet made a number of the id"),
        ("1,23457E+11", "a spreadsheet made a number"),
        ("6E+14", "a spreadsheet made a number"),
        ("123456789.0", "a spreadsheet made a number"),
        ("deal\ufffd1", "has lost a character"),
        ("#N/A", "a spreadsheet's error"),
        ("#REF!", "a spreadsheet's error"),
        ("########", "a spreadsheet's error"),
        ("0068d00000bCDv", "has 14 characters, a Salesforce id has 15 or 18"),
        ("0068d00000bCDvYAA", "has 17 characters"),
        ("0068d00000bCDvYAAWx", "has 19 characters"),
        ("0068D00000bCDvYAAW", "the case of its letters was changed, or one was mistyped"),
        ("0068d00000bCDvXaaX", "the case of its letters was changed, or one was mistyped"),
        ("0068d00000bcdvyZZZ", "the case of its letters was changed, or one was mistyped"),
    ],
)
def test_a_damaged_id_says_how(text: str, reason: str) -> None:
    assert reason in damage(opportunity_id(text))


@pytest.mark.parametrize(
    "text", ["", "deal1", "12345678901", "006123456E78901", "D-2026.001", "0061234", "12E5"]
)
def test_ids_of_other_crms_are_left_as_they_are(text: str) -> None:
    assert (opportunity_id(text), damage(text)) == (text, "")


@pytest.mark.parametrize(
    "text", ["txn_1AbC", "0012", "2024E-0017", "RE 2026/17", "006ABC12345678", "1200000000000000", "Größe-1"]
)
def test_ids_of_rows_are_left_as_they_are(text: str) -> None:
    assert row_damage(text) == ""
