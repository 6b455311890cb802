"""The partners file: everything in it fits together, or each fault is told by line and path."""

from pathlib import Path

import pytest
from eth_utils.address import to_checksum_address
from intake_files import NORTH, PARTNERS_YAML, SOUTH, VENDOR, partners

from ledger.intake.agreements import programme_id, terms_by_key, terms_of
from ledger.intake.problems import IntakeRejected
from ledger.terms.agreement import OPEN_ENDED, UNBOUNDED
from ledger.terms.ids import AgreementId
from ledger.terms.units import WHOLE

TOKENS = {code: to_checksum_address("0x" + byte * 20) for code, byte in (("usd", "55"), ("jpy", "44"))}


def test_terms_are_those_that_the_file_describes(tmp_path: Path) -> None:
    file = partners(tmp_path)
    terms = terms_of(file, file.agreements["alliance"], TOKENS)
    assert terms.parties == (VENDOR, NORTH, SOUTH)
    assert [(payee.account, payee.weights[0]) for payee in terms.payees] == [
        (VENDOR, WHOLE // 2),
        (NORTH, WHOLE // 8),
        (SOUTH, 3 * WHOLE // 8),
    ]
    assert terms.tokens == (TOKENS["jpy"], TOKENS["usd"])
    assert terms.programme == programme_id(VENDOR, 1)
    assert (terms.decision_seconds, terms.exclusivity_seconds) == (14 * 86_400, 90 * 86_400)
    assert (terms.valid_from, terms.valid_until) == (1_735_689_600, 1_924_991_999)
    assert terms_of(file, file.agreements["resale"], TOKENS).valid_until == OPEN_ENDED


WATERFALL = """\
    tranches:
      - {up_to: "1000", shares: {vendor: 100%}}
      - {up_to: "5000.50", shares: {vendor: 70%, north: 30%}}
      - {shares: {vendor: 50%, north: 50%}}
    period_days: 365
    hold_days: 30
    clawback: yes
    arbiter: south
    notice_days: 90
    after_end: finish
"""
SHARES = "    shares: {vendor: 70%, north: 30%}\n"


def test_a_waterfall_with_everything_that_terms_can_say(tmp_path: Path) -> None:
    file = partners(tmp_path, PARTNERS_YAML.replace(SHARES, WATERFALL, 1))
    terms = terms_of(file, file.agreements["resale"], TOKENS)
    assert [(each.up_to, each.period_seconds) for each in terms.tranches] == [
        (1_000_000_000, 365 * 86_400),
        (5_000_500_000, 365 * 86_400),
        (UNBOUNDED, 365 * 86_400),
    ]
    assert [payee.weights for payee in terms.payees] == [
        (WHOLE, 7 * WHOLE // 10, WHOLE // 2),
        (0, 3 * WHOLE // 10, WHOLE // 2),
    ]
    assert (terms.hold_seconds, terms.clawback, terms.arbiter) == (30 * 86_400, 1, SOUTH)
    assert (terms.notice_seconds, terms.after_end) == (90 * 86_400, 2)


def test_an_amendment_names_its_predecessor_and_follows_it_in_the_line(tmp_path: Path) -> None:
    amended = PARTNERS_YAML.replace(
        "opportunities:\n",
        "  resale-2: {parties: [vendor, north], shares: {vendor: 60%, north: 40%}, currencies: [usd],\n"
        "    valid_from: 2026-01-01, amends: resale, clawback: inherited}\nopportunities:\n",
        1,
    )
    file = partners(tmp_path, amended)
    terms = terms_by_key(file, TOKENS, lambda own: AgreementId(bytes([own.payees[0].weights[0] % 251]) * 32))
    assert list(terms) == ["resale", "alliance", "resale-2"]
    assert terms["resale"].predecessor == bytes(32)
    assert terms["resale-2"].predecessor == bytes([7 * WHOLE // 10 % 251]) * 32
    assert file.versions_of("resale") == ["resale", "resale-2"]
    assert file.line_of("resale-2") == "resale"


@pytest.mark.parametrize(
    ("old", "new", "path", "reason"),
    [
        ('up_to: "1000"', 'up_to: "1000.001"', "tranches.0.up_to", "amounts in this currency have 2"),
        ('up_to: "1000"', 'up_to: "1,000"', "tranches.0.up_to", "1000 for some and 1.0000 for others"),
        ('up_to: "1000"', 'up_to: "9000"', "tranches.1.up_to", "not above the boundary before it"),
        ('up_to: "1000", ', "", "tranches.0.up_to", "only the last tranche has no boundary"),
        (
            "- {shares: {vendor: 50%",
            '- {up_to: "9", shares: {vendor: 50%',
            "tranches.2.up_to",
            "leave it out",
        ),
        ("north: 50%", "north: 49%", "tranches.2.shares", "sum to 99%"),
        ("arbiter: south", "arbiter: judge", "arbiter", "no partner 'judge'"),
        ("hold_days: 30", "hold_days: 3651", "hold_days", "less than or equal to 3650"),
        ("clawback: yes", "clawback: maybe", "clawback", "'yes'"),
        ("clawback: yes", "clawback: inherited", "clawback", "it amends none"),
        ("after_end: finish", "amends: other", "amends", "no agreement 'other'"),
        ("after_end: finish", "amends: resale", "amends", "cannot amend itself"),
        ("after_end: finish", "territories: [DE]", "territories", "it knows no territories"),
        ("after_end: finish", "shares: {vendor: 100%}", "", "give shares, or tranches, and not both"),
    ],
)
def test_each_fault_of_a_waterfall_is_told(
    tmp_path: Path, old: str, new: str, path: str, reason: str
) -> None:
    assert old in WATERFALL
    with pytest.raises(IntakeRejected) as rejected:
        partners(tmp_path, PARTNERS_YAML.replace(SHARES, WATERFALL.replace(old, new, 1), 1))
    told = [(problem.column, problem.reason) for problem in rejected.value.problems]
    where = f"agreements.resale.{path}".rstrip(".")
    assert any(at == where and reason in why for at, why in told), told


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "reason"),
    [
        ('account: "' + NORTH, 'account: "0x12', 3, "partners.north.account", "not an address"),
        (NORTH, "0x" + "0" * 40, 3, "partners.north.account", "zero address"),
        (NORTH, VENDOR, 3, "partners.north.account", "is the account of 'vendor' too"),
        ("[North Limited]", "[Vendor AB]", 3, "partners.north", "is that of 'vendor' too"),
        ("owner: vendor", "owner: nobody", 5, "programme.owner", "there is no partner 'nobody'"),
        ("decimals: 6", "decimals: six", 7, "currencies.usd.decimals", "valid integer"),
        ("north: 30%", "north: 30", 12, "agreements.resale.shares.north", "not a share in per cent"),
        ("north: 30%", "north: 29.9%", 12, "agreements.resale.shares", "sum to 99.9%, not to 100%"),
        ("north: 30%", "nobody: 30%", 12, "agreements.resale.shares.nobody", "there is no partner"),
        ("[vendor, north]", "[north]", 11, "agreements.resale.parties", "owner 'vendor' is not a party"),
        ("[vendor, north]", "[vendor, vendor]", 11, "agreements.resale.parties.1", "is there twice"),
        ("currencies: [usd]", "currencies: [eur]", 13, "agreements.resale.currencies.0", "no currency 'eur'"),
        (
            "valid_from: 2025-01-01\n  all",
            "valid_from: 1/1/2025\n  all",
            14,
            "agreements.resale.valid_from",
            "not a date like 2025-01-31",
        ),
        ("2030-12-31", "1924905600", 20, "agreements.alliance.valid_until", "not a date like 2025-01-31"),
        ("2030-12-31", "2020-12-31", 20, "agreements.alliance.valid_until", "before valid_from"),
        ("amount: gross", "amount: brutto", 28, "billing.amount", "'gross' or 'net'"),
        ("payer: vendor", "payer: bank", 27, "billing.payer", "there is no partner 'bank'"),
        ("source: stripe:vendor", "source: 'a|b'", 26, "billing.source", "pattern"),
        ("amount: gross", "amount: gross\n  colour: red", 29, "billing.colour", "not permitted"),
        ("  south: {", "  north: {", 4, "partners.north", "is there twice"),
        ("programme: {", "programme: [", 5, "", "not YAML"),
    ],
)
def test_each_fault_is_told_by_line_and_path(
    tmp_path: Path, old: str, new: str, line: int, path: str, reason: str
) -> None:
    assert old in PARTNERS_YAML
    with pytest.raises(IntakeRejected) as rejected:
        partners(tmp_path, PARTNERS_YAML.replace(old, new, 1))
    told = [(problem.line, problem.column, problem.reason) for problem in rejected.value.problems]
    assert any(at == line and where == path and reason in why for at, where, why in told), told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = PARTNERS_YAML.replace("decimals: 6", "decimals: x").replace("amount: gross", "amount: x")
    with pytest.raises(IntakeRejected) as rejected:
        partners(tmp_path, text)
    assert [problem.line for problem in rejected.value.problems] == [7, 28]
