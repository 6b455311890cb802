"""The sample files are what their script writes, and hold what the demonstration is to show."""

import importlib.util
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from ledger.cli.demonstration import actors
from ledger.cli.demonstration.stage import EXAMPLES
from ledger.intake.keys import Keyring
from ledger.intake.partners_check import read_partners_file
from ledger.intake.partners_file import PartnersFile
from ledger.intake.reports import Reports, read_reports


@pytest.fixture(scope="module")
def partners() -> PartnersFile:
    return read_partners_file(EXAMPLES / "partners.yaml")


@pytest.fixture(scope="module")
def reports(partners: PartnersFile) -> Reports:
    keys = Keyring({}, {name: actors.import_key(name) for name in partners.partners}, {})
    return read_reports(partners, EXAMPLES / "opportunities.csv", EXAMPLES / "billing.csv", keys)


def test_the_script_writes_exactly_these_files() -> None:
    spec = importlib.util.spec_from_file_location("generate", EXAMPLES / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    written = script.generate()
    assert sorted(written) == [
        "billing.csv",
        "opportunities.csv",
        "partners-amended.yaml",
        "partners.yaml",
    ]
    for name, text in written.items():
        assert (EXAMPLES / name).read_bytes() == text.encode(), f"run python examples/generate.py: {name}"


def test_there_are_enough_of_everything(partners: PartnersFile, reports: Reports) -> None:
    assert reports.opportunities is not None
    assert reports.billing is not None
    deals = reports.opportunities.deals.values()
    assert len(partners.partners) >= 8
    assert len(partners.agreements) == 5
    assert len(deals) == 120
    assert len(reports.billing.charges) == 300
    assert len(reports.billing.refunds) == 8
    assert set(reports.billing.skipped) == {"stripe_fee", "payout", "transfer", "adjustment"}
    assert {deal.target for deal in deals} == {"registered", "approved", "won", "lost"}
    claimants: dict[str, set[str]] = defaultdict(set)
    for deal in deals:
        claimants[deal.customer].add(deal.partner)
    assert Counter(map(len, claimants.values())) == {1: 90, 2: 13, 3: 1}


def test_the_accounts_are_those_of_the_local_chain(partners: PartnersFile) -> None:
    assert {key: own.account for key, own in partners.partners.items()} == {
        key: actors.account(key) for key in (*actors.WALLETS, actors.SAFE_PARTNER)
    }


def test_nobody_and_nothing_real_is_in_them() -> None:
    for path in Path(EXAMPLES).glob("*.csv"):
        text = path.read_text()
        assert "@" not in text
        assert "http://" not in text
        assert all(".example" in url.lower() for url in text.split(",") if "https://" in url)
