"""The partners file: everything in it fits together, or each fault is told by line and path."""

from pathlib import Path

import pytest
from eth_utils.address import to_checksum_address
from intake_files import NORTH, PARTNERS_YAML, SOUTH, VENDOR, partners

from ledger.chain.terms import OPEN_ENDED, WHOLE
from ledger.intake.agreements import programme_id, terms_of
from ledger.intake.problems import IntakeRejected

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
            "date",
        ),
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
