"""What becomes of deals when a row cannot be used, names another customer, or is gone."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from chain_files import DAY, Desk, charges
from rich.console import Console
from rpc_proxy import RpcProxy, without_logs

from ledger.chain import anvil
from ledger.chain.anvil import Anvil
from ledger.chain.node import connect
from ledger.cli.importing import ImportFiles, run_import
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.terms.deals import State
from ledger.terms.deployment import Deployment

NORTH = {"Opportunity ID": "north1", "Created Date": "2/3/2025", "Stage": "Negotiation/Review"}
SOUTH = {**NORTH, "Opportunity ID": "south1", "Created Date": "2/4/2025", "Partner Account": "South Ltd"}
OTHER = {**NORTH, "Opportunity ID": "north2", "Website": "other.example"}


@pytest.fixture
def desk(tmp_path: Path, chain: Anvil, deployment: Deployment) -> Desk:
    desk = Desk(tmp_path, chain.node, deployment)
    desk.onboard()
    desk.fund(1000)
    return desk


def first_of(desk: Desk) -> str:
    """Whose deal has the customer of the two rows first."""
    queue = [deal for _, deal in desk.plan().deal_state.registrations]
    first = min((deal for deal in queue if deal.state is not State.COMMITTED), key=lambda deal: deal.priority)
    return {desk.account("north"): "north", desk.account("south"): "south"}[first.account]


def test_nobody_comes_first_because_an_earlier_row_cannot_be_used(desk: Desk, chain: Anvil) -> None:
    desk.write_deals({**NORTH, "Amount": "1,200"}, SOUTH, OTHER)
    finished = desk.pledger("--opportunities", str(desk.opportunities))
    assert finished.returncode == 1
    assert "Left out: 1 row of opportunities.csv" in finished.stderr
    assert "line 2 of opportunities.csv names the same customer, and cannot be used: 1" in finished.stdout
    assert [own.state for own in desk.plan().deals.deals.values()] == [State.REGISTERED]
    desk.write_deals(NORTH, SOUTH, OTHER)
    desk.run()
    assert first_of(desk) == "north"


def test_an_agreement_that_is_not_signed_yet_loses_no_place_to_another(desk: Desk) -> None:
    text = desk.partners_path.read_text()
    more = "  pilot:\n    parties: [vendor, north]\n    shares: {vendor: 90%, north: 10%}\n"
    more += "    currencies: [usd]\n    valid_from: 2025-01-01\nopportunities:\n"
    text = text.replace("opportunities:\n", more, 1).replace(
        "customer: Website", "customer: Website, agreement: Agreement"
    )
    desk.partners_path.write_text(text)
    desk.write_deals(
        {**NORTH, "Agreement": "pilot"}, {**SOUTH, "Agreement": ""}, {**OTHER, "Agreement": "resale"}
    )
    plan = desk.plan()
    assert {action.opportunity for action in plan.deals.actions} == {"north2"}
    assert "'pilot' is not in force" in plan.deals.standings["north1"].why
    assert "names the same customer" in plan.deals.standings["south1"].why


@pytest.mark.parametrize(
    "broken", [{"Partner Account": "Nobody Ltd"}, {"Website": "-"}, {"Stage": "Whatever"}]
)
def test_nothing_is_rejected_because_its_rivals_row_cannot_be_used(
    tmp_path: Path, chain: Anvil, deployment: Deployment, broken: dict[str, str]
) -> None:
    """The holder's row may say that its deal is lost: then the other one is to be approved."""
    desk = Desk(tmp_path, chain.node, deployment, conflicts="reject")
    desk.onboard()
    desk.write_deals(NORTH)
    desk.run()
    chain.increase_time(DAY + 1)
    desk.write_deals(NORTH, SOUTH)
    desk.run()
    chain.increase_time(DAY + 1)
    chain.mine()
    desk.write_deals({**NORTH, "Stage": "Closed Lost", **broken}, SOUTH)
    assert desk.plan().deals.actions == []
    desk.write_deals({**NORTH, "Stage": "Closed Lost"}, SOUTH)
    assert [action.kind for action in desk.plan().deals.actions] == ["lost", "approve"]


def test_payments_of_a_deal_that_is_won_go_on_whatever_another_row_says(desk: Desk, chain: Anvil) -> None:
    won = {**NORTH, "Stage": "Closed Won"}
    desk.write_deals(won)
    desk.run()
    chain.increase_time(DAY + 1)
    desk.run()
    desk.write_deals(won, {**SOUTH, "Amount": "x"})
    paid = charges(1)[0] | {"opportunity_id (metadata)": "north1", "agreement (metadata)": ""}
    desk.write_charges(paid)
    assert desk.run().rows == {"payments": 1}


def test_a_deal_that_a_corrected_customer_left_behind_is_named_and_withdrawn(
    desk: Desk, chain: Anvil
) -> None:
    desk.write_deals(NORTH, OTHER)
    desk.run()
    before = desk.plan().deals.deals["north1"].deal
    desk.write_deals({**NORTH, "Website": "acme-group.example"})
    finished = desk.pledger("--opportunities", str(desk.opportunities))
    assert finished.returncode == 0, finished.stderr
    assert "north1 now names another customer or agreement, or is passed over." in finished.stdout
    assert f"The deal that it left behind, 0x{before.hex()}, is still registered" in finished.stdout
    assert "registered, and in no row of opportunities.csv: 1" in finished.stdout
    assert "acme" not in finished.stdout
    commands = re.findall(r"^ +pledger (deal withdraw .*)$", finished.stdout, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        done = withdraw(desk, command.split())
        assert done.returncode == 0, done.stderr
    assert desk.plan().leftovers.deals == []


@pytest.mark.parametrize("cells", [{"Amount": "x"}, {"Opportunity ID": "6.8E+14"}])
def test_a_row_that_cannot_be_used_leaves_no_deal_behind(desk: Desk, cells: dict[str, str]) -> None:
    """Whoever followed the advice to withdraw it would lose its place."""
    desk.write_deals(NORTH, OTHER)
    desk.run()
    desk.write_deals({**NORTH, **cells}, OTHER)
    assert desk.plan().leftovers.deals == []


def test_of_a_large_registry_the_partners_own_registrations_are_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write_deals(NORTH, OTHER)
    desk.run()
    desk.write_deals(OTHER)
    checked = desk.plan().leftovers
    monkeypatch.setattr("ledger.intake.left_behind._MOST_ENTRIES", 3)
    large = desk.plan().leftovers
    assert (large.deals, len(large.deals)) == (checked.deals, 1)
    assert "the registry has 4 entries" in large.unknown


def withdraw(desk: Desk, arguments: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    program = [sys.executable, "-c", "from ledger.cli.main import main; main()"]
    key = "0x" + bytes(anvil.wallet(2).key).hex()
    environment = {**desk.environment, "PLEDGER_PRIVATE_KEY": key}
    return subprocess.run(
        [*program, *arguments], env=environment, cwd=desk.folder, capture_output=True, text=True, check=False
    )


def test_deals_that_are_over_are_not_left_behind(desk: Desk, chain: Anvil) -> None:
    desk.write_deals({**NORTH, "Stage": "Closed Lost"})
    desk.run()
    chain.increase_time(DAY + 1)
    desk.run()
    desk.write_deals(OTHER)
    assert desk.plan().leftovers.deals == []


def test_a_pruned_node_is_not_taken_for_one_on_which_nothing_was_left_behind(desk: Desk) -> None:
    desk.write_deals(NORTH)
    desk.run()
    desk.write_deals(OTHER)
    with RpcProxy(desk.node.url) as proxy:
        proxy.alter = without_logs
        desk.node = connect(proxy.url)
        leftovers = desk.plan().leftovers
    assert (leftovers.deals, "does not give all logs of DealRegistry" in leftovers.unknown) == ([], True)


def test_a_person_is_asked_with_what_will_be_sent_and_a_no_sends_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLEDGER_DEPLOYMENT", desk.environment["PLEDGER_DEPLOYMENT"])
    monkeypatch.setenv("PLEDGER_RPC_URL", desk.node.url)
    desk.write_deals(NORTH)
    desk.write_charges(*charges(3))
    asked: list[Sequence[tuple[str, str]]] = []

    def no(lines: Sequence[tuple[str, str]]) -> None:
        asked.append(lines)
        raise LedgerError("Nothing was sent.")

    files = ImportFiles(desk.partners_path, desk.keys_path, desk.opportunities, desk.billing)
    with pytest.raises(LedgerError, match="Nothing was sent"):
        run_import(Settings(), files, Console(), ask=no)
    assert asked == [[("deals", "2 actions"), ("pays", "3 invoices, 3.03 usd in all"), ("chain", "31337")]]
    assert desk.payments() == []
    assert desk.run().rows == {"deals": 2, "payments": 3}
    run_import(Settings(), files, Console(), ask=no)  # there is nothing left to ask for
    assert len(asked) == 1


def test_signing_says_so_when_there_is_nothing_to_sign(desk: Desk) -> None:
    finished = desk.pledger("--sign")
    assert finished.returncode == 0, finished.stderr
    assert "Nothing to sign: all partners are registered, and all agreements in force." in finished.stdout
