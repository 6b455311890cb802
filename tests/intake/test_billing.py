"""The billing report: rows by type, amounts exact, the same row the same invoice, faults by line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake_files import CHARGE, OPPORTUNITY, PARTNERS_YAML, billing, csv_of, opportunities, partners

from ledger.intake.billing import read_billing
from ledger.intake.matching import NEEDS_OPPORTUNITIES, Matched, match
from ledger.intake.problems import IntakeRejected, told
from ledger.intake.references import invoice_ref
from ledger.intake.row_kinds import MEANINGS

KEY = bytes(range(32))


def _match(folder: Path, *rows: dict[str, str], deals: tuple[dict[str, str], ...] = ()) -> Matched:
    file = partners(folder)
    assert file.billing is not None
    return match(
        billing(folder, *rows), opportunities(folder, *deals) if deals else None, file, file.billing, KEY
    )


OUT = {"Amount": "-10.00", "Fee": "0.00", "Net": "-10.00"}
BACK = {"Amount": "10.00", "Fee": "0.00", "Net": "10.00"}


@pytest.mark.parametrize(
    ("cells", "amount"),
    [
        ({**OUT, "Type": "refund", "Source": "ch_1"}, 10_000_000),
        ({**OUT, "Type": "payment_refund", "Source": "ch_1"}, 10_000_000),
        ({**OUT, "Type": "Payment Refund", "Source": "ch_1"}, 10_000_000),
        ({**OUT, "Type": "payment_failure_refund", "Source": "ch_1"}, 10_000_000),
        ({**OUT, "Type": "payment_reversal", "Source": "ch_1"}, 10_000_000),
        ({**OUT, "Type": "charge_failure", "Source": "ch_1"}, 10_000_000),
        ({**OUT, "Type": "partial_capture_reversal", "Source": "ch_1"}, 10_000_000),
        ({**OUT, "Type": "dispute", "Source": "ch_1"}, 10_000_000),
        ({**OUT, "Type": "adjustment", "Source": "ch_1"}, 10_000_000),
        ({**OUT, "Type": "refund", "Source": "txn_1"}, 10_000_000),
        (
            {
                **OUT,
                "Type": "adjustment",
                "Source": "du_1",
                "Description": "Chargeback withdrawal for ch_1",
            },
            10_000_000,
        ),
        ({**BACK, "Type": "refund_failure", "Source": "ch_1"}, -10_000_000),
        ({**BACK, "Type": "dispute_reversal", "Source": "ch_1"}, -10_000_000),
        ({**BACK, "Type": "adjustment", "Source": "ch_1"}, -10_000_000),
        (
            {**BACK, "Type": "adjustment", "Source": "du_1", "Description": "Chargeback reversal for ch_1"},
            -10_000_000,
        ),
    ],
    ids=lambda value: value["Type"] if isinstance(value, dict) else None,
)
def test_rows_take_from_their_charge_or_give_back_to_it(
    tmp_path: Path, cells: dict[str, str], amount: int
) -> None:
    found = billing(tmp_path, {**CHARGE, "Description": ""}, {**CHARGE, **cells, "id": "txn_2"})
    assert found.problems == []
    assert [(row.id, row.of, row.amount) for row in found.refunds] == [("txn_2", "txn_1", amount)]


def test_what_is_nobodys_revenue_is_passed_over_with_count_and_sum_and_the_unknown_told(
    tmp_path: Path,
) -> None:
    kinds = [kind for kind, meaning in MEANINGS.items() if meaning == "nobody's"]
    found = billing(
        tmp_path,
        {**CHARGE, "id": "txn_2", "Type": "Payment", "Source": "py_2", "Description": ""},
        *({**CHARGE, **OUT, "id": f"txn_{kind}", "Type": kind, "Source": ""} for kind in kinds),
        {**CHARGE, **OUT, "id": "txn_3", "Type": "payout"},
        {**CHARGE, **OUT, "id": "txn_4", "Type": "payout", "Currency": "chf"},
        {**CHARGE, **OUT, "id": "", "Type": "payout", "Amount": "x", "Created (UTC)": "x"},
        {**CHARGE, **OUT, "id": "txn_5", "Type": "adjustment", "Source": "", "Description": "Correction"},
        {
            **CHARGE,
            **OUT,
            "id": "txn_6",
            "Type": "adjustment",
            "Source": "du_1",
            "Description": "Dispute fee",
        },
        {**CHARGE, **OUT, "id": "txn_7", "Type": "moon_landing", "Source": "", AGREEMENT: ""},
    )
    assert (found.problems, found.refunds) == ([], [])
    assert list(found.charges) == ["txn_2"]
    assert set(found.skipped) == {*kinds, "adjustment", "moon_landing"}
    payouts = found.skipped["payout"]
    assert (payouts.count, payouts.sums, payouts.unread) == (4, {"usd": -20_000_000}, 2)
    assert [kind for kind, passed in found.skipped.items() if not passed.is_known] == ["moon_landing"]


def test_types_can_be_stated_and_unknown_ones_that_name_whose_they_are_are_told(tmp_path: Path) -> None:
    stated = "amount: gross\n  types: {Zahlung: revenue, Gut Schrift: takes, payout: gives back}"
    yaml = PARTNERS_YAML.replace("amount: gross", stated)
    rows = [
        {**CHARGE, "Type": "zahlung"},
        {**CHARGE, **OUT, "id": "txn_2", "Type": "Gut-Schrift"},
        {**CHARGE, **BACK, "id": "txn_3", "Type": "payout"},
    ]
    found = billing(tmp_path, *rows, yaml=yaml)
    assert (list(found.charges), [row.amount for row in found.refunds]) == (
        ["txn_1"],
        [10_000_000, -10_000_000],
    )
    assert (found.skipped, found.problems) == ({}, [])
    (problem,) = billing(tmp_path, {**CHARGE, "Type": "Zahlung"}).problems
    assert (problem.line, problem.column) == (2, "Type")
    assert "the type 'Zahlung' is not known: state what it is under billing.types" in problem.reason


def test_a_failed_refund_is_of_the_charge_that_its_refund_names(tmp_path: Path) -> None:
    yaml = PARTNERS_YAML.replace("agreement (metadata)}", "agreement (metadata), charge: of}")
    found = billing(
        tmp_path,
        {**CHARGE, **BACK, "id": "txn_2", "Type": "refund_failure", "Source": "re_1", "of": ""},
        {**CHARGE, "of": ""},
        {**CHARGE, **OUT, "id": "txn_3", "Type": "refund", "Source": "re_1", "of": "ch_1"},
        yaml=yaml,
    )
    assert [(row.id, row.of, row.amount) for row in found.refunds] == [
        ("txn_2", "txn_1", -10_000_000),
        ("txn_3", "txn_1", 10_000_000),
    ]


@pytest.mark.parametrize(
    ("sources", "cells", "why"),
    [
        (("", ""), {"Source": ""}, "it names no charge of this report: name it in a column, and state that"),
        (("ch_1", "ch_1"), {"Source": "ch_1"}, "'ch_1' could be any of txn_0, txn_1"),
        (("ch_1", "ch_2"), {"Source": "re_77"}, "(its source is 're_77')"),
        (("ch_1", "ch_2"), {"Source": "ch_9"}, "its charge 'ch_9' is not in this report"),
        (("ch_1", "ch_2"), {"Source": "ch_1", "of": "ch_9"}, "its charge 'ch_9' is not in this report"),
        (
            ("ch_1", "ch_2"),
            {"Source": "ch_1", "of": "ch_2"},
            "'ch_2' and 'ch_1' could be any of txn_0, txn_1",
        ),
        (("txn_1", "ch_2"), {"Source": "txn_1"}, "'txn_1' could be any of txn_0, txn_1"),
        (
            ("ch_1", "ch_2"),
            {"Type": "adjustment", "Source": "du_1", "Description": "Chargeback withdrawal for ch_9"},
            "its charge 'ch_9' is not in this report",
        ),
        (
            ("ch_1", "ch_2"),
            {"Type": "moon_landing", "Source": "ch_2"},
            "the type 'moon_landing' is not known",
        ),
    ],
)
def test_a_row_that_names_no_charge_or_several_takes_from_none(
    tmp_path: Path, sources: tuple[str, str], cells: dict[str, str], why: str
) -> None:
    blank = {"of": "", "Description": ""}
    rows = [{**CHARGE, **blank, "id": f"txn_{at}", "Source": source} for at, source in enumerate(sources)]
    last = {**CHARGE, **blank, **OUT, "id": "txn_9", "Type": "refund", **cells}
    yaml = PARTNERS_YAML
    if "of" in cells:
        yaml = yaml.replace("agreement (metadata)}", "agreement (metadata), charge: of}")
    found = billing(tmp_path, *rows, last, yaml=yaml)
    (row,) = found.refunds
    assert row.of == ""
    assert why in row.why
    assert found.unsure == ({"txn_1": 4} if "is not known" in why else {})


@pytest.mark.parametrize(
    "cells",
    [
        {"Amount": "x"},
        {"Net": "-9.99"},
        {"Currency": ""},
        {"Type": ""},
        {"id": ""},
        {"Amount": "10.00", "Net": "10.00"},
        {"Type": "refund_failure"},
        {"Amount": "-10.00", "Fee": "-15.00", "Net": "5.00"},
    ],
    ids=str,
)
def test_a_row_about_a_charge_that_cannot_be_used_leaves_the_charge_in_doubt(
    tmp_path: Path, cells: dict[str, str]
) -> None:
    yaml = PARTNERS_YAML.replace("amount: gross", "amount: net")
    found = billing(tmp_path, CHARGE, {**CHARGE, **OUT, "id": "txn_2", "Type": "refund", **cells}, yaml=yaml)
    assert {problem.line for problem in found.problems} == {3}
    assert (found.refunds, found.unsure) == ([], {"txn_1": 3})


@pytest.mark.parametrize("stated", [False, True])
def test_a_description_that_nobody_stated_may_be_there_twice(tmp_path: Path, stated: bool) -> None:
    yaml = PARTNERS_YAML.replace("agreement (metadata)}", "agreement (metadata), description: Description}")
    twice = csv_of([{**CHARGE, "Description": "", "Text": ""}]).replace('"Text"', '"description"')
    file = partners(tmp_path, yaml if stated else PARTNERS_YAML)
    assert file.billing is not None
    path = tmp_path / "billing.csv"
    path.write_text(twice)
    if stated:
        with pytest.raises(IntakeRejected, match="1 problem in billing"):
            read_billing(path, file, file.billing)
    else:
        assert list(read_billing(path, file, file.billing).charges) == ["txn_1"]


def test_a_charge_that_cannot_be_used_keeps_its_name(tmp_path: Path) -> None:
    """Else a refund of it could be taken for another charge's, of the same source."""
    found = billing(
        tmp_path,
        {**CHARGE, "Amount": "x"},
        {**CHARGE, "id": "", "Source": "ch_2"},
        {**CHARGE, **OUT, "id": "txn_2", "Type": "refund", "Source": "ch_1"},
        {**CHARGE, **OUT, "id": "txn_3", "Type": "refund", "Source": "ch_2"},
    )
    assert found.left_out == {"txn_1": 2, "line 3": 3}
    assert [row.of for row in found.refunds] == ["txn_1", "line 3"]


def test_a_row_that_is_there_twice_is_one_and_one_that_says_two_things_is_none(tmp_path: Path) -> None:
    refund = {**CHARGE, **OUT, "id": "txn_2", "Type": "refund"}
    once = billing(tmp_path, CHARGE, refund, CHARGE, refund)
    assert (len(once.charges), len(once.refunds), once.repeated, once.problems) == (1, 1, 2, [])
    other = {**CHARGE, "Amount": "120.00", "Net": "116.80"}
    twice = billing(tmp_path, CHARGE, refund, other)
    assert [(problem.line, problem.reason) for problem in sorted(twice.problems)] == [
        (line, f"'txn_1' is on line {of} too, and says something else there") for line, of in ((2, 4), (4, 2))
    ]
    assert (twice.charges, set(twice.left_out)) == ({}, {"txn_1"})


def test_net_or_gross_is_as_configured(tmp_path: Path) -> None:
    found = billing(tmp_path, CHARGE, yaml=PARTNERS_YAML.replace("amount: gross", "amount: net"))
    assert [charge.amount for charge in found.charges.values()] == [96_800_000]


def test_nothing_is_converted(tmp_path: Path) -> None:
    yen = {
        "Amount": "5000",
        "Fee": "180",
        "Net": "4820",
        "Currency": "JPY",
        "agreement (metadata)": "alliance",
    }
    found = _match(tmp_path, {**CHARGE, **yen})
    assert [(due.currency, due.amount) for due in found.due] == [("jpy", 5000)]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("id", "", "is empty"),
        ("id", "1.23457E+11", "a spreadsheet made a number of the id"),
        ("id", "24952000000010900000", "a spreadsheet made a number of the id"),
        ("id", "123456789.0", "a spreadsheet made a number of the id"),
        ("id", "#N/A", "a spreadsheet's error"),
        ("id", "txn\ufffd1", "has lost a character"),
        ("id", "txn_\n1", "has a line break"),
        ("Amount", "12.34.5", "not a plain number"),
        ("Amount", "100.0000001", "decimals"),
        ("Amount", "-100.00", "not the amount less the fee"),
        ("Fee", "", "is empty"),
        ("Net", "96.81", "not the amount less the fee"),
        ("Currency", "eur", "unknown currency 'eur'"),
        ("Currency", "", "is empty"),
        ("Created (UTC)", "4/1/2025 10:30", "spreadsheet programs rewrite dates"),
    ],
)
def test_a_bad_cell_is_told_by_line_column_and_reason(
    tmp_path: Path, column: str, value: str, reason: str
) -> None:
    found = billing(tmp_path, {**CHARGE, "id": "txn_0"}, {**CHARGE, column: value})
    told = [(problem.line, problem.reason) for problem in found.problems]
    assert any(line == 3 and reason in why for line, why in told), told
    assert list(found.charges) == ["txn_0"]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"Amount": "-96.80", "Fee": "0", "Net": "-96.80"}, "Amount", "a charge is more than zero"),
        ({"Amount": "0", "Fee": "0", "Net": "0"}, "Amount", "a charge is more than zero"),
        ({"Type": "refund"}, "Amount", "a refund is less than zero"),
    ],
)
def test_a_wrong_sign_is_told(tmp_path: Path, cells: dict[str, str], column: str, reason: str) -> None:
    (problem,) = billing(tmp_path, {**CHARGE, **cells}).problems
    assert (problem.line, problem.column, problem.reason) == (2, column, reason)


def test_every_bad_row_is_told(tmp_path: Path) -> None:
    rows = [{**CHARGE, "id": f"txn_{number}", "Amount": "x"} for number in range(200)]
    assert [problem.line for problem in billing(tmp_path, *rows).problems] == list(range(2, 202))


@given(
    order=st.permutations(range(6)),
    blanks=st.lists(st.sampled_from(["", " ", "\t", "\u00a0"]), min_size=10, max_size=10),
)
def test_a_re_export_with_other_white_space_and_order_is_the_same_invoices(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], blanks: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("export")
    rows = [{**CHARGE, "id": f"txn_{number}", "Source": f"ch_{number}"} for number in range(6)]
    first = _match(folder, *rows).due
    again = [
        {name: blank + cell + blank for (name, cell), blank in zip(rows[at].items(), blanks, strict=True)}
        for at in order
    ]
    second = _match(folder, *again).due
    assert [(due.invoice_ref, due.amount) for due in first] == [
        (due.invoice_ref, due.amount) for due in second
    ]


def test_a_reference_is_of_one_payer_one_source_and_one_row() -> None:
    refs = {
        invoice_ref(KEY, "stripe", "txn_1"),
        invoice_ref(KEY[::-1], "stripe", "txn_1"),
        invoice_ref(KEY, "other", "txn_1"),
        invoice_ref(KEY, "stripe", "txn_2"),
    }
    assert len(refs) == 4
    # HMAC-SHA256 of "stripe|txn_1", by another program.
    assert invoice_ref(KEY, "stripe", "txn_1").hex() == (
        "53706746499ac2a5eb0c985a9af8e9d968e7e350ce20da375a7c4c529076cf96"
    )


DEAL = "opportunity_id (metadata)"
AGREEMENT = "agreement (metadata)"


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({AGREEMENT: ""}, DEAL, "names neither opportunity nor agreement"),
        ({AGREEMENT: "other"}, AGREEMENT, "unknown agreement 'other'"),
        ({DEAL: "0068d00000ZZZZZ"}, DEAL, "is not an opportunity in opportunities.csv"),
        ({DEAL: "0068d00000aaaaa"}, DEAL, "has '0068d00000AAAAA': the case of letters was changed"),
        ({DEAL: "0068d00000DIRCT"}, DEAL, "is passed over: no partner (opportunities.csv:4)"),
        (
            {DEAL: "0068d00000CCCCC"},
            DEAL,
            "the row of '0068d00000CCCCC' cannot be used (opportunities.csv:5)",
        ),
        ({DEAL: "6.8E+14"}, DEAL, "a spreadsheet made a number of the id"),
        ({DEAL: "0068d00000BBBBB"}, DEAL, "is not won (opportunities.csv:3)"),
        ({DEAL: "0068d00000AAAAA", AGREEMENT: "alliance"}, AGREEMENT, "is a deal of 'resale'"),
        ({"Currency": "jpy", "Amount": "10", "Fee": "0", "Net": "10"}, "Currency", "takes no jpy"),
    ],
)
def test_a_charge_that_fits_nothing_is_told(
    tmp_path: Path, cells: dict[str, str], column: str, reason: str
) -> None:
    lost = {**OPPORTUNITY, "Opportunity ID": "0068d00000BBBBB", "Stage": "Closed Lost"}
    direct = {**OPPORTUNITY, "Opportunity ID": "0068d00000DIRCT", "Partner Account": ""}
    broken = {**OPPORTUNITY, "Opportunity ID": "0068d00000CCCCC", "Amount": "x"}
    found = _match(tmp_path, {**CHARGE, **cells}, deals=(OPPORTUNITY, lost, direct, broken))
    (problem,) = found.problems
    assert (problem.line, problem.column) == (2, column)
    assert reason in problem.reason
    assert found.due == []


@pytest.mark.parametrize(
    ("cells", "passed"),
    [
        ({AGREEMENT: ""}, "of no agreement"),
        ({AGREEMENT: "", "Currency": "chf", "Amount": "x"}, "of no agreement"),
        ({DEAL: "0068d00000DIRCT"}, "of opportunities that are passed over themselves (no partner)"),
        ({DEAL: "0068d00000ZZZZZ"}, "of opportunities that opportunities.csv does not have"),
        ({DEAL: "0068d00000CCCCC"}, ""),
        ({DEAL: "6.8E+14"}, ""),
        ({DEAL: "0068D00000AAAAA"}, ""),
        ({AGREEMENT: "other"}, ""),
    ],
)
@pytest.mark.parametrize("damaged", [False, True])
def test_where_not_all_are_partners_what_is_surely_nobodys_is_passed_over(
    tmp_path: Path, cells: dict[str, str], passed: str, damaged: bool
) -> None:
    """An opportunity that the report does not have may be that of a row which cannot be read."""
    direct = {**OPPORTUNITY, "Opportunity ID": "0068d00000DIRCT", "Partner Account": ""}
    broken = {**OPPORTUNITY, "Opportunity ID": "0068d00000CCCCC", "Amount": "x"}
    nameless = [{**OPPORTUNITY, "Opportunity ID": ""}] if damaged else []
    yaml = PARTNERS_YAML.replace("amount: gross", "amount: gross\n  unmatched: skip")
    file = partners(tmp_path, yaml)
    assert file.billing is not None
    refund = {**CHARGE, **OUT, "id": "txn_2", "Type": "refund"}
    read = billing(tmp_path, {**CHARGE, **cells}, refund, yaml=yaml)
    deals = opportunities(tmp_path, OPPORTUNITY, direct, broken, *nameless)
    found = match(read, deals, file, file.billing, KEY)
    if damaged and "ZZZZZ" in cells.get(DEAL, ""):
        passed = ""
    assert list(found.skipped) == ([passed] if passed else [])
    assert (set(found.passed), set(found.left_out)) == (({"txn_1"}, set()) if passed else (set(), {"txn_1"}))
    assert len([*read.problems, *found.problems]) == (0 if passed else 1)


def test_one_cause_of_many_lines_is_told_once(tmp_path: Path) -> None:
    rows = [{**CHARGE, "id": f"txn_{at}", DEAL: f"0068d00000AAA{at:02}"} for at in range(30)]
    assert list(told(_match(tmp_path, *rows).problems)) == [
        f"billing.csv: {DEAL}: {NEEDS_OPPORTUNITIES} (30 lines: 2, 3, 4, 5, 6, …)"
    ]


def test_a_charge_follows_its_opportunity(tmp_path: Path) -> None:
    found = _match(tmp_path, {**CHARGE, DEAL: "0068d00000AAAAAAA5", AGREEMENT: ""}, deals=(OPPORTUNITY,))
    assert [(due.opportunity, due.agreement) for due in found.due] == [("0068d00000AAAAA", "resale")]


def test_10_000_rows_are_checked_row_by_row(tmp_path: Path) -> None:
    rows = [{**CHARGE, "id": f"txn_{number}", "Source": f"ch_{number}"} for number in range(10_000)]
    path = tmp_path / "billing.csv"
    path.write_text(csv_of(rows))
    file = partners(tmp_path)
    assert file.billing is not None
    found = read_billing(path, file, file.billing)
    matched = match(found, None, file, file.billing, KEY)
    assert len(matched.due) == 10_000
