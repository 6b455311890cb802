"""The CRM's report: what a row says is taken exactly, and what is wrong with it told by line and column."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from intake_files import OPPORTUNITY, PARTNERS_YAML, csv_of, opportunities, partners

from ledger.intake.opportunities import read_opportunities
from ledger.intake.problems import IntakeRejected


def test_a_row_becomes_a_deal(tmp_path: Path) -> None:
    found = opportunities(tmp_path, OPPORTUNITY)
    (deal,) = found.deals.values()
    assert found.problems == []
    assert (deal.line, deal.id, deal.partner, deal.agreement) == (2, "0068d00000AAAAA", "north", "resale")
    assert (deal.customer, deal.target) == ("acme.example", "won")
    assert (deal.value, deal.currency, deal.created) == (1_200_000_000, "usd", date(2025, 2, 3))


def test_the_customer_is_not_shown(tmp_path: Path) -> None:
    assert "acme" not in repr(opportunities(tmp_path, OPPORTUNITY)).lower()


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("Opportunity ID", "", "is empty"),
        ("Partner Account", "Nobody Inc", "unknown partner 'Nobody Inc'"),
        ("Partner Account", "Vendor AB", "programme's owner"),
        ("Agreement", "nothing", "not an agreement of 'north'"),
        ("Agreement", "", "party to resale, alliance: the row must say which"),
        ("Stage", "Signed", "'Signed' is not among the stages"),
        ("Stage", "", "is empty"),
        ("Amount", "1,200", 'state which, as opportunities.numbers: "1,234.56" or "1.234,56"'),
        ("Amount", "1200.005", "3 decimals, amounts in this currency have 2"),
        ("Amount", "-5", "negative"),
        ("Amount", "0.00", "a won deal has a value"),
        ("Amount", "", "is empty"),
        ("Amount Currency", "EUR", "unknown currency 'EUR'"),
        ("Amount Currency", "JPY", "takes no jpy"),
        ("Created Date", "11/15/2150", "is in the future"),
        ("Created Date", "2025-02-03", "not a date of the form M/D/YYYY"),
        ("Website", "", "nobody can tell whose customer"),
        ("Website", "localhost", "'localhost' only fills the field"),
        ("Website", "https://www.linkedin.com/company/acme", "linkedin.com has pages of many"),
        ("Website", "jane@gmail.com", "gmail.com gives addresses to everybody"),
        ("Opportunity ID", "1.23457E+11", "a spreadsheet made a number of the id"),
    ],
)
def test_a_bad_cell_is_told_by_line_column_and_reason(
    tmp_path: Path, column: str, value: str, reason: str
) -> None:
    good = {**OPPORTUNITY, "Opportunity ID": "0068d00000BBBBB"}
    found = opportunities(tmp_path, good, {**OPPORTUNITY, column: value})
    told = [(problem.line, problem.column, problem.reason) for problem in found.problems]
    assert any(line == 3 and at == column and reason in why for line, at, why in told), told
    assert list(found.deals) == ["0068d00000BBBBB"]


@pytest.mark.parametrize("longer", ["0068d00000AAAAAAA5", "0068D00000AAAAAAA5", "0068d00000aaaaaaa5"])
def test_an_id_that_says_two_things_is_told_also_in_its_longer_form(tmp_path: Path, longer: str) -> None:
    found = opportunities(tmp_path, OPPORTUNITY, {**OPPORTUNITY, "Opportunity ID": longer, "Amount": "7"})
    assert [(problem.line, problem.reason) for problem in found.problems] == [
        (line, f"'0068d00000AAAAA' is on line {other} too, and says something else there")
        for line, other in ((2, 3), (3, 2))
    ]
    assert (found.deals, set(found.left_out)) == ({}, {"0068d00000AAAAA"})


def test_a_row_that_is_there_twice_is_one(tmp_path: Path) -> None:
    found = opportunities(tmp_path, OPPORTUNITY, OPPORTUNITY)
    assert (list(found.deals), found.problems) == (["0068d00000AAAAA"], [])


def test_what_a_row_that_cannot_be_used_says_all_the_same_is_known(tmp_path: Path) -> None:
    """So that nothing is done about its customer, and its charges are told instead of passed over."""
    found = opportunities(
        tmp_path,
        {**OPPORTUNITY, "Amount": "x"},
        {**OPPORTUNITY, "Opportunity ID": "6.8E+14", "Website": "-"},
        {**OPPORTUNITY, "Opportunity ID": "0068d00000DIRCT", "Partner Account": "", "Stage": "Whatever"},
    )
    first, second = found.unusable
    assert (first.id, first.partner, first.customer) == ("0068d00000AAAAA", "north", "acme.example")
    assert (second.id, second.partner, second.customer) == ("", "north", None)
    assert found.is_damaged
    assert found.passed == {"0068d00000DIRCT": (4, "no partner")}
    assert {problem.line for problem in found.problems} == {2, 3}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Partner Account", unicodedata.normalize("NFD", "Sociëté du  Sud")),
        ("Partner Account", "SOCIËTÉ\u00a0DU SUD"),
        ("Partner Account", "Soci\u200bëté\u00ad du Sud"),
        ("Stage", "closed won"),
        ("Stage", "CLOSED\u00a0Won"),
        ("Agreement", "Alliance"),
        ("Created Date", "2/3/2025, 3:04 PM"),
    ],
)
def test_names_are_the_same_however_they_are_encoded(tmp_path: Path, column: str, text: str) -> None:
    yaml = PARTNERS_YAML.replace("name: South SAS", "name: Sociëté du Sud")
    row = {**OPPORTUNITY, "Partner Account": "Sociëté du Sud", "Agreement": "alliance", column: text}
    found = opportunities(tmp_path, row, yaml=yaml)
    assert found.problems == []
    assert [(deal.partner, deal.target, deal.agreement) for deal in found.deals.values()] == [
        ("south", "won", "alliance")
    ]


def test_direct_business_is_passed_over(tmp_path: Path) -> None:
    row = {**OPPORTUNITY, "Partner Account": "", "Website": "", "Agreement": ""}
    found = opportunities(tmp_path, row)
    assert (found.deals, found.skipped, found.problems) == ({}, {"no partner": 1}, [])


def test_an_open_deal_needs_no_amount(tmp_path: Path) -> None:
    found = opportunities(
        tmp_path, {**OPPORTUNITY, "Stage": "Prospecting", "Amount": "", "Amount Currency": ""}
    )
    assert [(deal.target, deal.value) for deal in found.deals.values()] == [("registered", 0)]


def test_partners_go_by_any_of_their_crm_names(tmp_path: Path) -> None:
    found = opportunities(tmp_path, {**OPPORTUNITY, "Partner Account": "NORTH LIMITED"})
    assert [deal.partner for deal in found.deals.values()] == ["north"]


def test_a_crm_with_one_currency_has_no_currency_column(tmp_path: Path) -> None:
    text = csv_of([OPPORTUNITY], [name for name in OPPORTUNITY if name != "Amount Currency"])
    with pytest.raises(IntakeRejected) as rejected:
        opportunities(tmp_path, text=text)
    assert any("state opportunities.currency" in problem.reason for problem in rejected.value.problems)
    file = partners(tmp_path, PARTNERS_YAML.replace("customer_kind", "currency: USD\n  customer_kind"))
    assert file.opportunities is not None
    found = read_opportunities(tmp_path / "opportunities.csv", file, file.opportunities)
    assert [deal.currency for deal in found.deals.values()] == ["usd"]


@pytest.mark.parametrize(
    "missing",
    [name for name in OPPORTUNITY if name not in ("Opportunity Name", "Account Name", "Close Date")],
)
def test_a_missing_column_is_told(tmp_path: Path, missing: str) -> None:
    with pytest.raises(IntakeRejected) as rejected:
        opportunities(tmp_path, text=csv_of([OPPORTUNITY], [name for name in OPPORTUNITY if name != missing]))
    listed, told = rejected.value.problems
    assert (told.line, told.column) == (1, missing)
    assert told.reason.startswith(
        "the column is missing; if it has another name, state opportunities.columns."
    )
    assert listed.reason.startswith("the report has the columns: ")
