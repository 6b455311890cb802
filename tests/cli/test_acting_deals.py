"""A deal's whole life from the command line, each step by the key of who may take it."""

from typing import Any

import pytest
from acting_partners import Run
from ledger_actions import open_epoch
from ledger_world import DAY, EPOCH_KEY, World

from ledger.chain import tags
from ledger.errors import LedgerError
from ledger.intake.references import deal_salt
from ledger.terms.deals import State
from ledger.terms.deployment import Deployment
from ledger.terms.ids import AgreementId

IMPORT_KEY = b"\x11" * 32
OPPORTUNITY, ITS_CAPITALS = "0068d00000bCDvY", "0068D00000BCDVYAAW"


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEDGER_IMPORT_KEY", "0x" + IMPORT_KEY.hex())
    monkeypatch.setenv("PLEDGER_EPOCH_KEY", EPOCH_KEY.hex())


def deal_of(
    deployment: Deployment, account: str, agreement: AgreementId, customer: str, attempt: int = 0
) -> str:
    """The id that `pledger import` would give the opportunity's deal."""
    salt = deal_salt(IMPORT_KEY, OPPORTUNITY, attempt)
    own = tags.tag(EPOCH_KEY, "domain", customer)
    registry = deployment.address("DealRegistry")
    made = tags.commitment(deployment.chain_id, registry, account, agreement, own, salt)
    return "0x" + tags.deal_id(account, made).hex()


def test_from_its_registration_to_a_win(world: World, run: Run) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], programme=world.programme(vendor))
    register = (
        "deal",
        "register",
        "0x" + agreement.id.hex(),
        "https://www.Acme.example/",
        "--opportunity",
        OPPORTUNITY,
    )
    deal = deal_of(world.deployment, agency.account, agreement.id, "acme.example")
    assert f"The deal is {deal}, tagged by the key of epoch 1" in run(agency, *register)
    assert f"{deal} is registered already" in run(agency, *register[:-1], ITS_CAPITALS)
    with pytest.raises(LedgerError, match=r"gmail\.com gives addresses to everybody"):
        run(agency, *register[:3], "jane@gmail.com", *register[4:])
    with pytest.raises(LedgerError, match="a spreadsheet made a number of the id"):
        run(agency, *register[:-1], "1.23457E+11")
    with pytest.raises(LedgerError, match="may still be revealed"):
        run(vendor, "deal", "approve", deal)
    world.chain.increase_time(DAY + 1)
    world.chain.mine()
    with pytest.raises(LedgerError, match="decides on the deal, as the vendor"):
        run(agency, "deal", "approve", deal)
    with pytest.raises(LedgerError, match="does not go with won"):
        run(vendor, "deal", "win", deal, "10")
    assert "done: return" in run(vendor, "deal", "return", deal, "--reason", "WHICH_PRODUCT")
    assert "done: approve" in run(vendor, "deal", "approve", deal)
    with pytest.raises(LedgerError, match="A won deal has a value"):
        run(vendor, "deal", "win", deal, "0")
    assert "is won, for 1234.50 tUSD" in run(vendor, "deal", "win", deal, "1234.50", "--token", "tusd")
    with pytest.raises(LedgerError, match="The deal is won: it stays so"):
        run(agency, "deal", "withdraw", deal)
    assert "done: rate the other side" in run(agency, "deal", "review", deal, "5")
    with pytest.raises(LedgerError, match="a deal is reviewed once"):
        run(agency, "deal", "review", deal, "4")
    open_epoch(world, vendor, agreement.terms.programme, DAY)
    with pytest.raises(LedgerError, match="its vendor tags it again"):
        run(agency, "deal", "retag", deal, "0x" + world.unique("tag").hex())
    assert "done: tag one won deal again" in run(
        vendor, "deal", "retag", deal, "0x" + world.unique("tag").hex()
    )
    assert world.deals.functions.wonBehind(agreement.terms.programme).call() == 0


def test_what_lapsed_unrevealed_is_committed_to_anew_and_a_stop_is_gone_on_from(
    world: World, run: Run
) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], programme=world.programme(vendor))
    register = ("deal", "register", "0x" + agreement.id.hex(), "acme.example", "--opportunity", OPPORTUNITY)
    own = tags.tag(EPOCH_KEY, "domain", "acme.example")
    made = tags.commitment(
        world.node.chain_id,
        world.deals.address,
        agency.account,
        agreement.id,
        own,
        deal_salt(IMPORT_KEY, OPPORTUNITY, 0),
    )
    agency.sender.send(world.deals.functions.commit(agency.account, made))
    first = "0x" + tags.deal_id(agency.account, made).hex()
    with pytest.raises(LedgerError, match="committed to and not revealed"):
        run(agency, "deal", "withdraw", first)
    snapshot = world.chain.snapshot()
    output = run(agency, *register)  # stopped after the commitment: it is revealed only
    assert "done: take a place" not in output and f"The deal is {first}" in output
    world.chain.revert(snapshot)
    world.chain.increase_time(2 * DAY)
    world.chain.mine()
    second = deal_of(world.deployment, agency.account, agreement.id, "acme.example", attempt=1)
    output = run(agency, *register)
    assert "was not revealed within an hour and is lost" in output
    assert "done: take a place" in output and f"The deal is {second}" in output


def test_its_partner_takes_it_back_and_its_vendor_rejects_or_loses_it(world: World, run: Run) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], programme=world.programme(vendor))
    back = world.registered_deal(agreement, agency, "one.example")
    no = world.registered_deal(agreement, agency, "two.example")
    lost = world.approved_deal(agreement, agency, "three.example")
    with pytest.raises(LedgerError, match=f"was registered by {agency.account}"):
        run(vendor, "deal", "withdraw", "0x" + back.id.hex())
    assert "done: take the deal" in run(agency, "deal", "withdraw", "0X" + back.id.hex().upper())
    assert "done: reject" in run(
        vendor, "deal", "reject", "0x" + no.id.hex(), "--reason", "EXISTING_CUSTOMER"
    )
    assert "lost" in run(vendor, "deal", "lose", "0x" + lost.id.hex())
    for deal, state in ((back, State.WITHDRAWN), (no, State.REJECTED), (lost, State.LOST)):
        assert world.deals.functions.dealOf(deal.id).call()[1] == state


def test_nothing_is_consented_to_that_could_not_be_carried_out(world: World, run: Run) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    fields: dict[str, Any] = {"notice_seconds": 30 * DAY, "valid_until": world.node.timestamp() + 20 * DAY}
    agreement = world.agreement([vendor, agency], programme=world.programme(vendor), **fields)
    named = "0x" + agreement.id.hex()
    deal = world.registered_deal(agreement, agency, "acme.example")
    count = world.node.rpc("eth_getTransactionCount", [agency.account, "latest"])

    def refused(why: str, *arguments: str) -> None:
        with pytest.raises(LedgerError, match=why):
            run(agency, *arguments)

    refused(
        "The end would be on 2020-12-31 23:59 UTC, which is past",
        "agreement",
        "end",
        named,
        "--at",
        "2020-12-31",
    )
    refused("an end is only ever brought forward", "agreement", "end", named, "--at", "2199-12-31")
    refused("anyway, before a notice would be over", "agreement", "notice", named)
    refused(
        "only approved ones are exclusive", "deal", "extend", "0x" + deal.id.hex(), "--until", "2199-12-31"
    )
    world.chain.increase_time(DAY + 1)
    world.decide(vendor, deal, State.APPROVED)
    refused("which is past", "deal", "extend", "0x" + deal.id.hex(), "--until", "2020-12-31")
    refused("ten years at most", "deal", "extend", "0x" + deal.id.hex(), "--until", "2199-12-31")
    assert world.node.rpc("eth_getTransactionCount", [agency.account, "latest"]) == count


def test_a_partner_registers_itself_once(world: World, run: Run) -> None:
    newcomer = world.stranger("Newcomer")
    for name, why in (("", "1 to 100 bytes"), ("ä" * 51, "has 102"), ("Acme\u202eemcA", "cannot be seen")):
        with pytest.raises(LedgerError, match=why):
            run(newcomer, "register", name)
    with pytest.raises(LedgerError, match="must be a whole web address"):
        run(newcomer, "register", "Acme", "--uri", "javascript:alert(1)")
    output = run(newcomer, "register", "  Acme Ltd ", "--uri", "https://acme.example", "--yes")
    assert f"done: register {newcomer.account} under the public name “Acme Ltd”" in output
    assert world.partners.functions.isRegistered(newcomer.account).call()
    with pytest.raises(LedgerError, match="is registered already"):
        run(newcomer, "register", "Acme")
