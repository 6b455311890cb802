"""Reports of a programme by territory, and reports under a new tag key: on the chain as the CRM has them."""

from pathlib import Path
from typing import Any

import pytest
from chain_files import DAY, Desk

from ledger.chain import anvil
from ledger.chain.anvil import Anvil
from ledger.chain.sender import Sender
from ledger.chain.tags import customer_of, tag
from ledger.errors import LedgerError
from ledger.intake.agreements import programme_id, territory_code
from ledger.terms.deals import State
from ledger.terms.deployment import Deployment
from ledger.terms.ids import ProgrammeId

GRACE = 30 * DAY


@pytest.fixture
def desk(tmp_path: Path, chain: Anvil, deployment: Deployment) -> Desk:
    return Desk(tmp_path, chain.node, deployment, conflicts="reject")


def row(opportunity: str, partner: str, customer: str, stage: str, created: str, region: str = "") -> Any:
    return {
        "Opportunity ID": opportunity,
        "Partner Account": f"{partner.title()} Ltd",
        "Website": customer,
        "Stage": stage,
        "Created Date": created,
        "Region": region,
    }


def states(desk: Desk) -> dict[str, State]:
    """By opportunity, what the registry has."""
    return {opportunity: deal.state for opportunity, deal in desk.plan().deals.deals.items()}


def by_territory(desk: Desk) -> None:
    """The programme goes by territory, and the report has a column for it."""
    text = desk.partners_path.read_text()
    for old, new in (
        ("name: Programme}", "name: Programme, rule: territory}"),
        ("    parties: [vendor, north]\n", "    parties: [vendor, north]\n    territories: [DE, AT]\n"),
        ("    parties: [vendor, south]\n", "    parties: [vendor, south]\n    territories: [CZ, DE]\n"),
        ("customer: Website}", "customer: Website, territory: Region}"),
    ):
        assert old in text
        text = text.replace(old, new)
    desk.partners_path.write_text(text)


def test_a_customer_is_held_in_its_territory_only(desk: Desk, chain: Anvil) -> None:
    by_territory(desk)
    desk.onboard()
    rows = [
        row("first", "north", "acme.example", "Closed Won", "1/2/2025", "DE"),
        row("second", "south", "acme.example", "Closed Won", "1/3/2025", "DE"),
        row("north", "north", "umbrella.example", "Negotiation/Review", "1/4/2025", "AT"),
        row("south", "south", "umbrella.example", "Closed Won", "1/5/2025", "CZ"),
    ]
    desk.write_deals(*rows, row("foreign", "north", "initech.example", "Closed Won", "1/6/2025", "CZ"))
    refused = desk.pledger("--opportunities", str(desk.opportunities), "--strict")
    assert refused.returncode == 1
    assert "opportunities.csv:6: Region: 'CZ' is not a territory of 'resale', which has" in refused.stderr
    assert "nothing was sent" in refused.stderr

    desk.write_deals(*rows)
    first = desk.pledger("--opportunities", str(desk.opportunities))
    assert first.returncode == 0, first.stderr
    assert set(states(desk).values()) == {State.REGISTERED}
    chain.increase_time(DAY + 1)
    desk.run()
    assert states(desk) == {
        "first": State.WON,
        "second": State.REJECTED,
        "north": State.APPROVED,
        "south": State.WON,
    }
    assert desk.run().rows == {}
    registry = desk.node.contract(desk.deployment, "DealRegistry").functions
    for opportunity, deal in desk.plan().deals.deals.items():
        region = next(each["Region"] for each in rows if each["Opportunity ID"] == opportunity)
        assert registry.territoryOf(deal.deal).call() == territory_code(region)


def open_epoch(desk: Desk) -> bytes:
    """The programme's second tag key begins. Returns the programme."""
    programme = programme_id(desk.account("vendor"), 1)
    agreements = desk.node.contract(desk.deployment, "AgreementRegistry").functions
    vendor = Sender(desk.node, anvil.wallet(1))
    vendor.send(agreements.openEpoch(desk.account("vendor"), programme, GRACE))
    return programme


def test_deals_are_tagged_again_and_keep_their_place(desk: Desk, chain: Anvil) -> None:
    """One that was registered under the first key is ahead of one that comes under the second."""
    desk.onboard()
    early = row("early", "north", "acme.example", "Qualification", "1/2/2025")
    done = row("done", "north", "umbrella.example", "Closed Won", "1/2/2025")
    desk.write_deals(early, done)
    desk.run()
    chain.increase_time(DAY + 1)
    desk.run()
    assert states(desk) == {"early": State.REGISTERED, "done": State.WON}

    programme = open_epoch(desk)
    late = row("late", "south", "acme.example", "Negotiation/Review", "1/4/2025")
    desk.write_deals(early | {"Stage": "Negotiation/Review"}, late, done)
    with pytest.raises(LedgerError, match="no tag key of epoch 2"):
        desk.plan()
    second = bytes.fromhex(f"{8:064x}")
    with desk.keys_path.open("a") as keys:
        keys.write(f'  2: "0x{second.hex()}"\n')

    tagged = desk.plan()
    actions = [(action.kind, action.opportunity) for action in tagged.deals.actions]
    assert {("retag", "early"), ("retag won", "done")} <= set(actions)
    assert tagged.deals.deals["early"].epoch == 1
    finished = desk.pledger("--opportunities", str(desk.opportunities))
    assert finished.returncode == 0, finished.stderr
    again = desk.plan()
    assert again.deals.actions == []
    customer = customer_of(ProgrammeId(programme), 2, tag(second, "domain", "acme.example"))
    assert {again.deals.deals[each].customer for each in ("early", "late")} == {customer}
    assert {deal.epoch for deal in again.deals.deals.values()} == {2}
    assert "may still be tagged again" in again.deals.standings["early"].why
    assert again.deals.standings["late"].other == "early"

    chain.increase_time(GRACE + 1)
    desk.run()
    assert states(desk) == {"early": State.APPROVED, "late": State.REJECTED, "done": State.WON}
