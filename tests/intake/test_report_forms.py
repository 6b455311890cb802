"""Reports as real programs export them, read by a ready profile or by what is stated."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from intake_files import CHARGE, OPPORTUNITY, PARTNERS_YAML, billing, csv_of, opportunities, partners

from ledger.intake.amounts import NumberFormat
from ledger.intake.billing import read_billing
from ledger.intake.opportunities import read_opportunities
from ledger.intake.problems import IntakeRejected
from ledger.intake.table import Separator
from ledger.intake.text_file import Encoding

DEALS = "  columns: {partner: Partner Account, customer: Website, agreement: Agreement}\n"
MONEY = "  columns: {opportunity: opportunity_id (metadata), agreement: agreement (metadata)}\n"
DATES = "  dates: M/D/YYYY\n"


def _yaml(deals: str = "", money: str = "", *, without: Sequence[str] = ()) -> str:
    """The partners file with other lines in place of columns (and of those in ``without``)."""
    text = PARTNERS_YAML
    for old, new in ((DEALS, deals), (MONEY, money)):
        text = text.replace(old, new) if new else text
    for old in without:
        text = text.replace(old, "")
    return text


@pytest.mark.parametrize(
    ("section", "report", "encoding"),
    [
        (
            "  profile: salesforce-german\n  encoding: windows-1252\n"
            "  columns: {partner: Partnerfirma, customer: Website, agreement: Vertrag}\n",
            "Opportunity-ID;Partnerfirma;Website;Vertrag;Phase;Betrag Währung;Betrag;Schlusstermin;"
            "Erstelldatum\n"
            "0068d00000AAAAA;North Ltd;www.acmé.example;resale;Closed Won;USD;12.345;04.03.2026;14.1.2026\n",
            "cp1252",
        ),
        (
            "  profile: salesforce-data-loader\n"
            "  columns: {partner: PARTNER__R.NAME, customer: ACCOUNT.WEBSITE, agreement: AGREEMENT__C}\n",
            '"ID","STAGENAME","CURRENCYISOCODE","AMOUNT","CREATEDDATE","PARTNER__R.NAME","ACCOUNT.WEBSITE",'
            '"AGREEMENT__C"\n"0068d00000AAAAAAA5","Closed Won","USD","1.2345E4","2026-01-14T15:04:00.000Z",'
            '"North Ltd","acmé.example","resale"\n',
            "utf-8",
        ),
        (
            "  profile: hubspot\n"
            "  columns: {partner: Partner, customer: Company Domain Name, agreement: Agreement}\n",
            "Record ID,Deal Name,Deal Stage,Amount,Currency,Close Date,Create Date,Partner,"
            "Company Domain Name,Agreement\n"
            "0068d00000AAAAA,Acme,Closed won (Sales Pipeline),12345.0,USD,,2026-01-14 15:04,North Ltd,"
            "acmé.example,resale\n",
            "utf-8-sig",
        ),
        (
            '  profile: salesforce\n  dates: D/M/YYYY\n  numbers: "1\'234.56"\n  encoding: macintosh\n'
            "  columns: {partner: Partner Account, customer: Website, agreement: Agreement, stage: State}\n",
            "Pipeline\n\nOpportunity ID\tState\tAmount Currency\tAmount\tCreated Date\tPartner Account"
            "\tWebsite\tAgreement\n"
            "0068d00000AAAAA\tClosed Won\tUSD\t12'345\t14/1/2026\tNorth Ltd\tacmé.example\tresale\n"
            "\nConfidential\n",
            "mac_roman",
        ),
        (
            "  stages: {Gewonnen: won}\n  currency: usd\n  dates: YYYY/M/D\n"
            "  columns: {partner: P, customer: C, agreement: A, id: N, stage: S, amount: V, created: D}\n",
            "sep=;\nN;S;V;D;P;C;A\n"
            "0068d00000AAAAA;GEWONNEN;12 345,00;2026/1/14;NORTH LIMITED;acmé.example;Resale\n",
            "utf-16",
        ),
    ],
    ids=["salesforce-german", "data-loader", "hubspot", "salesforce", "none"],
)
def test_an_opportunity_report_of_each_program(
    tmp_path: Path, section: str, report: str, encoding: str
) -> None:
    yaml = _yaml(section, without=[DATES])
    found = opportunities(tmp_path, text=report, encoding=encoding, yaml=yaml)
    assert found.problems == []
    (deal,) = found.deals.values()
    assert (deal.id, deal.partner, deal.agreement, deal.target) == (
        "0068d00000AAAAA",
        "north",
        "resale",
        "won",
    )
    assert (deal.value, deal.currency, deal.created) == (12_345_000_000, "usd", date(2026, 1, 14))
    assert deal.customer == "xn--acm-dma.example"


@pytest.mark.parametrize(
    ("section", "report"),
    [
        (
            "  profile: stripe-balance\n" + MONEY,
            "id,Type,Source,Amount,Fee,Destination Platform Fee,Destination Platform Fee Currency,Net,"
            "Currency,Created (UTC),Available On (UTC),Description,Customer Facing Amount,"
            "Customer Facing Currency,Transfer,Transfer Date (UTC),Transfer Group,"
            "opportunity_id (metadata),agreement (metadata)\n"
            'txn_1,charge,ch_1,"1,100.00",3.20,,,1096.80,usd,2025-04-01 10:30,,,,,,,,,resale\n'
            "txn_2,refund,ch_1,-100.00,0.00,,,-100.00,usd,2025-04-02 10:30\n",
        ),
        (
            "  profile: stripe-itemized\n  columns: {agreement: 'payment_metadata[agreement]'}\n",
            "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,"
            "source_id,description,charge_id,payment_metadata[agreement]\n"
            "txn_1,2025-04-01 10:30:00,2025-04-03 00:00:00,usd,1100.00,3.20,1096.80,charge,"
            "ch_1,,ch_1,resale\n"
            "txn_2,2025-04-02 10:30:00,2025-04-03 00:00:00,usd,-100.00,0.00,-100.00,refund,"
            "re_1,,ch_1,resale\n",
        ),
        (
            '  dates: D.M.YYYY\n  separator: ";"\n  numbers: "1.234,56"\n'
            "  columns: {agreement: Vertrag, id: Beleg, type: Art, source: Zahlung, amount: Brutto, "
            "fee: Gebühr, net: Netto, currency: Währung, created: Datum}\n",
            "Beleg;Art;Zahlung;Brutto;Gebühr;Netto;Währung;Datum;Vertrag\n"
            "txn_1;Charge;ch_1;1.100;3,20;1.096,80;USD;1.4.2025 10:30;Resale\n"
            "Beleg;Art;Zahlung;Brutto;Gebühr;Netto;Währung;Datum;Vertrag\n"
            "txn_2;Refund;ch_1;(100,00);0;\u2212100,00;USD;2.4.2025 10:30;resale\n",
        ),
    ],
    ids=["stripe-balance", "stripe-itemized", "none"],
)
def test_a_billing_report_of_each_program(tmp_path: Path, section: str, report: str) -> None:
    found = billing(tmp_path, text=report, yaml=_yaml(money=section))
    assert found.problems == []
    (charge,), (refund,) = found.charges.values(), found.refunds
    assert (charge.id, charge.source, charge.agreement) == ("txn_1", "ch_1", "resale")
    assert (charge.amount, charge.currency, charge.created) == (1_100_000_000, "usd", 1_743_503_400)
    assert (refund.of, refund.amount) == ("txn_1", 100_000_000)


def test_an_export_of_another_kind_is_told_with_its_profile(tmp_path: Path) -> None:
    itemized = (
        "balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,agreement\n"
    )
    with pytest.raises(IntakeRejected) as rejected:
        billing(tmp_path, text=itemized)
    told = [str(problem) for problem in rejected.value.problems]
    assert any(
        "it looks like the profile stripe-itemized: state billing.profile: stripe-itemized" in each
        for each in told
    )
    assert any("the report has the columns: balance_transaction_id, created_utc" in each for each in told)
    german = "Opportunity-ID,Website,Partner Account,Phase,Betrag Währung,Betrag,Schlusstermin,Erstelldatum\n"
    with pytest.raises(IntakeRejected) as rejected:
        opportunities(tmp_path, text=german)
    assert any(
        "state opportunities.profile: salesforce-german" in str(each) for each in rejected.value.problems
    )


def test_a_german_export_is_read_as_far_as_it_can_be_read_in_one_way_only(tmp_path: Path) -> None:
    yaml = PARTNERS_YAML.replace(DATES, "  dates: D.M.YYYY\n")
    row = {**OPPORTUNITY, "Amount": "12.345,60", "Created Date": "14.01.2026"}
    text = csv_of([row, {**row, "Opportunity ID": "0068d00000BBBBB", "Amount": "12.345"}]).replace(
        '","', '";"'
    )
    found = opportunities(tmp_path, text=text, yaml=yaml)
    assert [deal.value for deal in found.deals.values()] == [12_345_600_000]
    assert [str(problem) for problem in found.problems] == [
        "opportunities.csv:3: Amount: '12.345' is 12345 for some and 12.3450 for others: "
        'state which, as opportunities.numbers: "1,234.56" or "1.234,56"'
    ]


@pytest.mark.parametrize(
    ("numbers", "amounts"), [("", []), ('"1.234,56"', [1_234_000_000]), ('"1,234.56"', [])]
)
def test_thousands_and_thousandths_are_not_guessed(tmp_path: Path, numbers: str, amounts: list[int]) -> None:
    yaml = PARTNERS_YAML.replace(
        "  amount: gross\n", f"  amount: gross\n  numbers: {numbers}\n" if numbers else "  amount: gross\n"
    )
    found = billing(tmp_path, {**CHARGE, "Amount": "1.234", "Fee": "0", "Net": "1.234"}, yaml=yaml)
    assert [charge.amount for charge in found.charges.values()] == amounts
    assert all("'1.234'" in problem.reason for problem in found.problems)
    assert bool(found.problems) == (not amounts)


def test_cells_left_out_at_a_rows_end_are_empty(tmp_path: Path) -> None:
    text = csv_of([CHARGE]) + '"txn_2","charge","ch_2","100.00","3.20","96.80","usd","2025-04-01 10:30"\n'
    found = billing(tmp_path, text=text)
    assert [(own.id, own.agreement) for own in found.charges.values()] == [("txn_1", "resale"), ("txn_2", "")]


@pytest.mark.parametrize(
    ("setting", "stated", "meant"),
    [
        ("encoding", "Windows-1252", "windows-1252"),
        ("encoding", "cp1252", "windows-1252"),
        ("encoding", "Latin1", "iso-8859-1"),
        ("encoding", "UTF8", "utf-8"),
        ("encoding", "UTF-16LE", "utf-16-le"),
        ("separator", "semicolon", ";"),
        ("separator", '"\\t"', "tab"),
        ("dates", "DD.MM.YYYY", "D.M.YYYY"),
        ("dates", "mm/dd/yyyy", "M/D/YYYY"),
        ("dates", "YYYY-M-D", "YYYY-MM-DD"),
    ],
)
def test_a_setting_goes_by_each_of_its_names(tmp_path: Path, setting: str, stated: str, meant: str) -> None:
    yaml = PARTNERS_YAML.replace(DATES, (DATES if setting != "dates" else "") + f"  {setting}: {stated}\n")
    assert getattr(partners(tmp_path, yaml).opportunities, setting) == meant


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "reason"),
    [
        (DATES, "", 22, "opportunities.dates", "Field required"),
        (
            DATES,
            "  profile: sugar\n" + DATES,
            24,
            "opportunities.profile",
            "'salesforce', 'salesforce-german'",
        ),
        (DATES, DATES + "  numbers: 1234\n", 25, "opportunities.numbers", "'1,234.56', '1.234,56'"),
        (DATES, DATES + "  encoding: ansi\n", 25, "opportunities.encoding", "'utf-8', 'utf-16'"),
        (DATES, DATES + "  separator: ':'\n", 25, "opportunities.separator", "',', ';', 'tab' or '|'"),
        (
            DATES,
            DATES + "  stages: {Won: won, WON: lost}\n",
            25,
            "opportunities.stages.WON",
            "is there twice",
        ),
        (
            "decimals: 6",
            "decimals: 6, places: 7",
            7,
            "currencies.usd.places",
            "more than the token's decimals",
        ),
    ],
)
def test_a_setting_that_cannot_be_is_told(
    tmp_path: Path, old: str, new: str, line: int, path: str, reason: str
) -> None:
    assert old in PARTNERS_YAML
    with pytest.raises(IntakeRejected) as rejected:
        partners(tmp_path, PARTNERS_YAML.replace(old, new, 1))
    told = [(problem.line, problem.column, problem.reason) for problem in rejected.value.problems]
    assert any(at == line and where == path and reason in why for at, where, why in told), told


DAMAGE = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [b'"', b"\n", b"\r", b",", b";", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=;\n", b"1E9", b'="']
    ),
)


@given(
    places=st.lists(st.tuples(st.integers(0, 700), st.integers(0, 30), DAMAGE), min_size=1, max_size=4),
    encoding=st.sampled_from([None, *get_args(Encoding)]),
    separator=st.sampled_from([None, *get_args(Separator)]),
    numbers=st.sampled_from([None, *get_args(NumberFormat)]),
)
def test_whatever_a_file_holds_it_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory,
    places: list[tuple[int, int, bytes]],
    encoding: Encoding | None,
    separator: Separator | None,
    numbers: NumberFormat | None,
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    file = partners(folder)
    assert file.opportunities is not None and file.billing is not None
    stated = {"encoding": encoding, "separator": separator, "numbers": numbers}
    path = folder / "report.csv"
    for text, read, config in (
        (csv_of([OPPORTUNITY] * 2), read_opportunities, file.opportunities.model_copy(update=stated)),
        (csv_of([CHARGE] * 2), read_billing, file.billing.model_copy(update=stated)),
    ):
        data = text.encode()
        for start, length, damage in places:
            data = data[:start] + damage + data[start + length :]
        path.write_bytes(data)
        try:
            found = read(path, file, config)  # type: ignore[arg-type]  # each with its own
        except IntakeRejected as rejected:
            assert all(str(problem) for problem in rejected.problems)
        else:
            assert all(problem.line > 0 for problem in found.problems)
