"""What a partner does from the command line, on a real chain: it happens, or it is said what to do
next.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from acting_partners import Run, held, reference
from ledger_world import DAY, Partner, World

from ledger.errors import LedgerError
from ledger.terms.deals import State


def test_a_held_payment_is_taken_back_in_part_and_then_whole(
    world: World, run: Run, parties: tuple[Partner, Partner, Partner]
) -> None:
    vendor = parties[0]
    agreement = held(world, parties)
    world.pay(vendor, agreement, 10_000_000, ref="INV-1")
    invoice = reference(world, "INV-1")
    assert "done: take back 2.50" in run(vendor, "payment", "refund", invoice, "--amount", "2.5")
    with pytest.raises(LedgerError, match=r"not between nothing and 7\.50"):
        run(vendor, "payment", "refund", invoice, "--amount", "8")
    assert "done: take back 7.50" in run(vendor, "payment", "refund", invoice)
    assert world.token.functions.balanceOf(vendor.account).call() == 10_000_000
    with pytest.raises(LedgerError, match="paid no invoice"):
        run(parties[1], "payment", "refund", invoice)


def test_a_dispute_is_ruled_and_paid_out(
    world: World, run: Run, parties: tuple[Partner, Partner, Partner]
) -> None:
    vendor, agency, judge = parties
    agreement = held(world, parties)
    world.pay(vendor, agreement, 10_000_000, ref="INV-1")
    invoice = ("payment", "{}", reference(world, "INV-1"), "--payer", vendor.account)

    def on(what: str) -> list[str]:
        return [part.format(what) for part in invoice]

    assert judge.account in run(agency, *on("dispute"), "--reason", "NOT_DELIVERED")
    with pytest.raises(LedgerError, match="The arbiter has until"):
        run(agency, *on("drop"))
    elsewhere = world.stranger().account
    with pytest.raises(LedgerError, match="is the ledger's own RevenueLedger"):
        run(vendor, *on("refund")[:3], "--to", world.ledger.address)
    taken = run(vendor, *on("refund")[:3], "--amount", "1", "--to", elsewhere)  # also while it is in dispute
    assert "done: take back 1.00" in taken
    assert world.token.functions.balanceOf(elsewhere).call() == 1_000_000
    ruled = run(judge, *on("rule"), "--refund", "4", "--reason", "PARTLY_DELIVERED")
    assert "rule that 4.00 tUSD of the disputed payment" in ruled
    assert "pay out 4.00" in run(agency, *on("pay-out"))
    assert world.token.functions.balanceOf(vendor.account).call() == 4_000_000
    with pytest.raises(LedgerError, match="Nothing waits to be paid out"):
        run(agency, *on("pay-out"))
    with pytest.raises(LedgerError, match="Nobody disputes this payment"):
        run(judge, *on("rule"), "--refund", "1", "--reason", "AGAIN")
    with pytest.raises(LedgerError, match="and that is over"):
        run(agency, *on("dispute"), "--reason", "AGAIN")


def test_a_released_payment_is_clawed_back_by_all_payees_or_by_the_arbiter(
    world: World, run: Run, parties: tuple[Partner, Partner, Partner]
) -> None:
    vendor, agency, judge = parties
    agreement = held(world, parties)
    for ref in ("INV-1", "INV-2"):
        world.pay(vendor, agreement, 10_000_000, ref=ref)
    first = ("payment", "clawback", reference(world, "INV-1"), "--payer", vendor.account)
    with pytest.raises(LedgerError, match="held until"):
        run(vendor, *first)
    world.chain.increase_time(8 * DAY)
    world.chain.mine()
    assert "done: release what is due" in run(vendor, "payment", "mature", "0x" + agreement.id.hex())
    with pytest.raises(LedgerError, match="released on"):
        run(vendor, "payment", "refund", reference(world, "INV-1"))
    assert f"waiting for: {agency.account}" in run(vendor, *first, "--amount", "5")
    with pytest.raises(LedgerError, match="has no say in it"):
        run(world.partner("Stranger"), *first, "--amount", "5")
    assert "done: claw back 5.00" in run(agency, *first, "--amount", "5")
    second = ("payment", "clawback", reference(world, "INV-2"), "--payer", vendor.account)
    assert "done: rule that 10.00" in run(judge, *second, "--reason", "DEFECTIVE")
    world.pay(vendor, agreement, 6_000_000)
    world.chain.increase_time(8 * DAY)
    world.chain.mine()
    run(vendor, "payment", "mature", "0x" + agreement.id.hex())
    with pytest.raises(LedgerError, match="nothing waits"):
        run(agency, "payment", "pay-debt", "0x" + agreement.id.hex(), "1")  # what was ruled comes first
    run(agency, "payment", "pay-debt", "0x" + agreement.id.hex(), "2")
    assert world.token.functions.balanceOf(vendor.account).call() == 6_000_000


WRONG_MOMENTS = {
    "31.3.2027": "is not a moment",
    "20270331": "may be a day or unix seconds",  # 1970, were it seconds
    "1806451199": "may be a day or unix seconds",
    "@2027-03-31": "is not a moment",
    "@": "is not a moment",
    "9999-12-31": "is not a moment",  # the second after it is not a date
    "@1577836799": "which is past",
}


def test_an_agreement_ends_by_consent_notice_or_ruling(
    world: World, run: Run, parties: tuple[Partner, Partner, Partner]
) -> None:
    vendor, agency, judge = parties
    at = datetime.fromtimestamp(world.node.timestamp() + 10 * DAY, UTC).strftime("%Y-%m-%d")
    mutual, noticed = held(world, parties), held(world, parties, notice_seconds=30 * DAY)
    ruled = held(world, parties)
    end = ("agreement", "end", "0x" + mutual.id.hex(), "--at", at)
    other = ("agreement", "end", "0x" + mutual.id.hex(), "--at", f"{at}T12:00")
    until = datetime.fromtimestamp(world.node.timestamp() + 2 * DAY, UTC).strftime("%Y-%m-%d")
    with pytest.raises(LedgerError, match="The end of your consent would be on"):
        run(agency, *other, "--consent-until", "2020-01-01")
    assert f"the consent counts until {until} 23:59 UTC" in run(agency, *other, "--consent-until", until)
    asked = run(vendor, *end)
    assert f"{agency.account} consented to another end, on {at} 12:00 UTC" in asked
    assert f"waiting for: {agency.account}" in asked
    assert "done: end the agreement" in run(agency, *end)
    with pytest.raises(LedgerError, match="let nobody end the agreement alone"):
        run(vendor, "agreement", "notice", "0x" + mutual.id.hex())
    assert "It ends on" in run(vendor, "agreement", "notice", "0x" + noticed.id.hex())
    run(judge, "agreement", "rule-end", "0x" + ruled.id.hex(), "--at", at, "--reason", "BREACH")
    for agreement in (mutual, noticed, ruled):
        assert world.agreements.functions.standingOf(agreement.id).call()[2] > 0
    for text, why in WRONG_MOMENTS.items():
        with pytest.raises(LedgerError, match=why):
            run(vendor, "agreement", "end", "0x" + ruled.id.hex(), "--at", text)


def test_a_wallet_is_rotated_and_an_account_recovered(
    world: World, run: Run, parties: tuple[Partner, Partner, Partner], tmp_path: Path
) -> None:
    vendor, agency, _ = parties
    new, saved = world.stranger("New"), world.stranger("Saved")
    consortium = Partner("Consortium", world.relayer.key, world.relayer)
    path = str(tmp_path / "acceptance.json")
    assert "account rotate" in run(new, "account", "accept", vendor.account, "--out", path)
    with pytest.raises(LedgerError, match="Expected an acceptance to become the owner"):
        run(vendor, "account", "owner", path)
    run(vendor, "account", "rotate", path)
    assert world.partners.functions.walletOf(vendor.account).call() == new.account
    with pytest.raises(LedgerError, match="does not act for"):
        run(vendor, "agreement", "notice", "0x" + "01" * 32, "--for", vendor.account)

    run(consortium, "account", "propose-recovery", agency.account, saved.account)
    run(agency, "account", "cancel-recovery")
    path = str(tmp_path / "recovery.json")
    run(consortium, "account", "propose-recovery", agency.account, saved.account)
    run(saved, "account", "accept", agency.account, "--out", path)
    with pytest.raises(LedgerError, match="It can be completed from"):
        run(saved, "account", "recover", path)
    world.chain.increase_time(15 * DAY)
    world.chain.mine()
    with pytest.raises(LedgerError):  # the acceptance was good for a week
        run(saved, "account", "recover", path)
    world.chain.increase_time(30 * DAY)
    world.chain.mine()
    with pytest.raises(LedgerError, match="it has expired"):
        run(saved, "account", "recover", path)
    assert "It can be completed from" in run(
        consortium, "account", "propose-recovery", agency.account, saved.account
    )
    world.chain.increase_time(15 * DAY)
    world.chain.mine()
    run(saved, "account", "accept", agency.account, "--out", str(tmp_path / "again.json"))
    run(saved, "account", "recover", str(tmp_path / "again.json"))
    assert world.partners.functions.walletOf(agency.account).call() == saved.account


def test_a_deal_is_approved_by_default_extended_and_reviewed(
    world: World, run: Run, parties: tuple[Partner, Partner, Partner]
) -> None:
    vendor, agency, _ = parties
    agreement = held(world, parties, programme=world.programme(vendor), decision_seconds=2 * DAY)
    deal = world.registered_deal(agreement, agency, "acme.example")
    named = "0x" + deal.id.hex()
    with pytest.raises(LedgerError, match="The vendor has until"):
        run(agency, "deal", "approve-by-default", named)
    world.chain.increase_time(3 * DAY)
    world.chain.mine()
    run(agency, "deal", "approve-by-default", named)
    until = datetime.fromtimestamp(world.node.timestamp() + 200 * DAY, UTC).strftime("%Y-%m-%d")
    assert f"waiting for: {vendor.account}" in run(agency, "deal", "extend", named, "--until", until)
    assert "done: make the deal" in run(vendor, "deal", "extend", named, "--until", until)
    with pytest.raises(LedgerError, match="only won ones are reviewed"):
        run(agency, "deal", "review", named, "5")
    world.decide(vendor, deal, State.WON, value=5)
    assert "proves it" in run(agency, "deal", "review", named, "5", "--comment", "Quick to pay.")
    assert world.deals.functions.reviewOf(deal.id, agency.account).call()[0] == 5
    run(agency, "deal", "revoke-review", named)
    assert world.deals.functions.reviewOf(deal.id, agency.account).call()[2] is True
    with pytest.raises(LedgerError, match="There is no deal"):
        run(agency, "deal", "review", "0x" + "07" * 32, "5")


def test_what_is_not_an_acceptance_is_said_and_nothing_is_sent(
    world: World, run: Run, parties: tuple[Partner, Partner, Partner], tmp_path: Path
) -> None:
    vendor, new, path = parties[0], world.stranger("New"), tmp_path / "acceptance.json"
    run(new, "account", "accept", vendor.account, "--out", str(path))
    [good] = json.loads(path.read_text())["signed_actions"]

    def refused(why: str, **changed: object) -> None:
        path.write_text(json.dumps({"signed_actions": [good | changed]}))
        with pytest.raises(LedgerError, match=why):
            run(vendor, "account", "rotate", str(path))

    for content in ("", "[]", "5", '{"signed_actions": 5}', '{"signed_actions": [{}]}'):
        path.write_text(content)
        with pytest.raises(LedgerError, match="is not a file of signed actions"):
            run(vendor, "account", "rotate", str(path))
    refused("is not a file of signed actions", signature=5)
    refused("is not a file of signed actions", signature="0x1")
    message = good["typed_data"]["message"]
    late = good["typed_data"] | {"message": message | {"deadline": "9" * 90}}
    refused("is not a file of signed actions", typed_data=late)
    other = good["fields"] | {"account": new.account}
    refused("is not what the fields of accept_wallet say", fields=other)
    elsewhere = good["typed_data"] | {"domain": good["typed_data"]["domain"] | {"chainId": 1}}
    refused("was signed for .* on chain 1", typed_data=elsewhere)
    refused("did not sign these values", signature="0x" + "11" * 65)
    past = good["typed_data"] | {"message": message | {"deadline": "2"}}
    refused("was good until 1970-01-01", typed_data=past)
