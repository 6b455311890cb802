"""The billing report: rows by type, amounts exact, the same row the same invoice, faults by line."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_files import CHARGE, OPPORTUNITY, PARTNERS_YAML, billing, csv_of, opportunities, partners

from ledger.intake.billing import read_billing
from ledger.intake.matching import Matched, match
from ledger.intake.references import invoice_ref

KEY = bytes(range(32))


def _match(folder: Path, *rows: dict[str, str], deals: tuple[dict[str, str], ...] = ()) -> Matched:
    file = partners(folder)
    assert file.billing is not None
    return match(
        billing(folder, *rows), opportunities(folder, *deals) if deals else None, file, file.billing, KEY
    )


def test_rows_are_mapped_by_their_type(tmp_path: Path) -> None:
    out = {"Amount": "-10.00", "Fee": "0.00", "Net": "-10.00"}
    found = billing(
        tmp_path,
        CHARGE,
        {**CHARGE, "id": "txn_2", "Type": "Payment", "Source": "py_2"},
        {**CHARGE, **out, "id": "txn_3", "Type": "refund", "Source": "ch_1"},
        {**CHARGE, **out, "id": "txn_4", "Type": "refund", "Source": "re_9"},
        *(
            {**CHARGE, **out, "id": f"txn_{kind}", "Type": kind}
            for kind in ("stripe_fee", "payout", "transfer", "adjustment")
        ),
    )
    assert found.problems == []
    assert [(charge.id, charge.amount) for charge in found.charges.values()] == [
        ("txn_1", 100_000_000),
        ("txn_2", 100_000_000),
    ]
    assert [(refund.id, refund.amount, refund.of) for refund in found.refunds] == [
        ("txn_3", 10_000_000, "txn_1"),
        ("txn_4", 10_000_000, ""),
    ]
    assert found.skipped == {"stripe_fee": 1, "payout": 1, "transfer": 1, "adjustment": 1}


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
        ("id", "txn_0", "'txn_0' is on line 2 too"),
        ("Type", "issuing_authorization_hold", "unknown type 'issuing_authorization_hold'"),
        ("Type", "", "is empty"),
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


def test_the_same_invoice_with_another_amount_is_told(tmp_path: Path) -> None:
    other = {**CHARGE, "Amount": "120.00", "Net": "116.80"}
    (problem,) = billing(tmp_path, CHARGE, other).problems
    assert (problem.line, problem.reason) == (3, "'txn_1' is on line 2 too, with another amount")


def test_every_bad_row_is_told(tmp_path: Path) -> None:
    rows = [{**CHARGE, "id": f"txn_{number}", "Amount": "x"} for number in range(200)]
    assert [problem.line for problem in billing(tmp_path, *rows).problems] == list(range(2, 202))


@settings(deadline=None)  # it writes and reads files
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
        ({DEAL: "0068d00000ZZZZZ"}, DEAL, "no partner's opportunity"),
        ({DEAL: "0068d00000BBBBB"}, DEAL, "is not won (opportunities.csv:3)"),
        ({DEAL: "0068d00000AAAAA", AGREEMENT: "alliance"}, AGREEMENT, "is a deal of 'resale'"),
        ({"Currency": "jpy", "Amount": "10", "Fee": "0", "Net": "10"}, "Currency", "takes no jpy"),
    ],
)
def test_a_charge_that_fits_nothing_is_told(
    tmp_path: Path, cells: dict[str, str], column: str, reason: str
) -> None:
    lost = {**OPPORTUNITY, "Opportunity ID": "0068d00000BBBBB", "Stage": "Closed Lost"}
    found = _match(tmp_path, {**CHARGE, **cells}, deals=(OPPORTUNITY, lost))
    (problem,) = found.problems
    assert (problem.line, problem.column) == (2, column)
    assert reason in problem.reason
    assert found.due == []


def test_a_charge_follows_its_opportunity(tmp_path: Path) -> None:
    found = _match(tmp_path, {**CHARGE, DEAL: "0068d00000AAAAAAA5", AGREEMENT: ""}, deals=(OPPORTUNITY,))
    assert [(due.opportunity, due.agreement) for due in found.due] == [("0068d00000AAAAA", "resale")]


def test_100_000_rows_are_checked_row_by_row(tmp_path: Path) -> None:
    rows = [{**CHARGE, "id": f"txn_{number}", "Source": f"ch_{number}"} for number in range(100_000)]
    path = tmp_path / "billing.csv"
    path.write_text(csv_of(rows))
    file = partners(tmp_path)
    assert file.billing is not None
    found = read_billing(path, file, file.billing)
    matched = match(found, None, file, file.billing, KEY)
    assert len(matched.due) == 100_000
