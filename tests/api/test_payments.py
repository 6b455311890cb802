"""A reason for everything: where each payment is, why, and what an agreement owes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from answers import get, listed, problem
from forms import consent as consent_hash
from forms import form_of
from ledger_actions import payments_of, rotate
from ledger_world import DAY, Agreement, Partner, World
from starlette.testclient import TestClient

from ledger.actions.agreements import END
from ledger.chain.authorization import random_nonce, sign
from ledger.rules import plan
from ledger.terms.reasons import reason_code

Index = Callable[[], None]


class Trade:
    """An agreement with a hold, clawback and an arbiter; 10 and 20 dollars paid in one call."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.vendor, self.agency, self.judge = (world.partner(name) for name in ("Vendor", "Agency", "Judge"))
        self.agreement: Agreement = world.agreement(
            [self.vendor, self.agency], hold_seconds=3 * DAY, clawback=1, arbiter=self.judge.account
        )
        self.path = f"/v1/agreements/0x{self.agreement.id.hex()}"
        receipt = world.pay_batch(self.vendor, {self.agreement: (10_000_000, 20_000_000)})
        self.ten, self.twenty = payments_of(world, receipt)

    def send(self, who: Partner, function: str, *arguments: Any) -> None:
        who.sender.send(getattr(self.world.ledger.functions, function)(*arguments))

    @property
    def opening(self) -> tuple[Any, ...]:
        return plan.opening_of(self.agreement.terms)


@pytest.fixture
def trade(world: World) -> Trade:
    return Trade(world)


def states(client: TestClient, trade: Trade) -> dict[str, tuple[str, str]]:
    """Status and reason by amount."""
    rows = listed(client, f"{trade.path}/payments", "payments", limit=1)
    return {row["amount"]["display"]: (row["status"], row["because"]["code"]) for row in rows}


def test_each_payment_says_where_it_is_and_why(trade: Trade, index: Index, client: TestClient) -> None:
    index()
    assert states(client, trade) == {"20.00 tUSD": ("held", "HOLD"), "10.00 tUSD": ("held", "HOLD")}
    trade.send(trade.vendor, "refund", trade.ten.to_abi(), 10_000_000)
    code = reason_code("NOT_DELIVERED")
    trade.send(trade.agency, "dispute", trade.agency.account, trade.twenty.to_abi(), code, trade.opening)
    index()
    assert states(client, trade) == {
        "20.00 tUSD": ("disputed", "DISPUTE"),
        "10.00 tUSD": ("refunded", "REFUND"),
    }
    twenty, ten = listed(client, f"{trade.path}/payments", "payments")
    assert twenty["because"]["reason"] == "NOT_DELIVERED"
    assert twenty["rule_by"] is not None
    assert twenty["disputed"]["units"] == "20000000"
    assert [change["change"] for change in ten["changes"]] == ["refunded"]
    assert ten["changes"][0]["recipient"] == trade.vendor.account

    disputed_at = trade.world.node.timestamp()
    ruled = replace(trade.twenty, disputed_at=disputed_at)
    trade.send(trade.vendor, "refund", ruled.to_abi(), 1_000_000)
    index()
    twenty, _ = listed(client, f"{trade.path}/payments", "payments")
    assert (twenty["status"], twenty["disputed"]["units"]) == ("disputed", "19000000")
    ruled = replace(ruled, refunded=1_000_000)
    trade.send(trade.judge, "rule", trade.judge.account, ruled.to_abi(), 5_000_000, code, trade.opening)
    trade.world.chain.increase_time(5 * DAY)
    trade.world.chain.mine()
    index()
    (twenty, _) = listed(client, f"{trade.path}/payments", "payments")
    assert (twenty["status"], twenty["refunded"]["units"]) == ("released", "6000000")
    assert [(each["change"], each["by"]) for each in twenty["changes"]] == [
        ("disputed", {"account": trade.agency.account, "name": "Agency"}),
        ("refunded", None),
        ("ruled", {"account": trade.judge.account, "name": "Judge"}),
    ]
    (book,) = get(client, trade.path)["books"]
    assert {part: book[part]["units"] for part in ("received", "held", "disputed", "refunded")} == {
        "received": "30000000",
        "held": "0",
        "disputed": "0",
        "refunded": "16000000",
    }
    assert book["violation"] is None


def test_a_clawback_is_a_debt_that_later_revenue_serves(
    trade: Trade, index: Index, client: TestClient
) -> None:
    trade.world.chain.increase_time(5 * DAY)
    trade.world.chain.mine()
    code = reason_code("DEFECTIVE")
    paid, judge = trade.ten.to_abi(), trade.judge.account
    trade.send(trade.judge, "ruleClawback", judge, paid, 8_000_000, code, trade.opening)
    index()
    (debt,) = listed(client, f"{trade.path}/debts", "debts")
    parts = ("amount", "served", "paid", "payable")
    assert [debt[part]["units"] for part in parts] == ["8000000", "0", "0", "0"]
    assert (debt["by"]["name"], debt["reason"], debt["payer"]["name"]) == ("Judge", "DEFECTIVE", "Vendor")
    trade.world.pay(trade.vendor, trade.agreement, 6_000_000)
    trade.world.chain.increase_time(5 * DAY)
    trade.world.chain.mine()
    token = trade.world.token.address
    trade.send(trade.agency, "mature", trade.agreement.id, token, 64)
    trade.send(trade.agency, "payDebt", trade.agreement.id, token, 1)
    index()
    (debt,) = listed(client, f"{trade.path}/debts", "debts")
    assert [debt[part]["units"] for part in parts] == ["8000000", "6000000", "6000000", "0"]
    ten = listed(client, f"{trade.path}/payments", "payments")[-1]
    assert (ten["status"], ten["clawed_back"]["units"]) == ("released", "8000000")
    assert [change["change"] for change in ten["changes"]] == ["clawed_back", "debt_paid"]


def test_what_is_held_is_shown_with_the_day_it_is_released(
    trade: Trade, index: Index, client: TestClient
) -> None:
    index()
    (book,) = get(client, trade.path)["books"]
    assert [(day["matures_at"], day["amount"]["units"]) for day in book["held_until"]] == [
        (trade.ten.matures_at, "30000000")
    ]
    (line,) = get(client, f"/v1/partners/{trade.agency.account}/balances")["balances"]
    assert (line["held"]["units"], line["claimable"]["units"]) == ("30000000", "0")
    newest, *_ = get(client, f"/v1/partners/{trade.agency.account}/payouts")["lines"]
    (reason,) = newest["reasons"]
    assert (reason["code"], reason["until"]) == ("held", trade.twenty.matures_at)


def test_a_payer_is_known_by_every_wallet_it_had(trade: Trade, index: Index, client: TestClient) -> None:
    world, vendor, new = trade.world, trade.vendor, trade.world.stranger("New")
    consent = form_of("AcceptWallet")(
        world.deployment, vendor.account, new.account, nonce=random_nonce(), deadline=world.deadline()
    )
    call = world.partners.functions.rotate(vendor.account, new.account, sign(consent, new.key).to_abi())
    vendor.sender.send(call)
    world.pay(new, trade.agreement, 1_000_000)
    index()
    rows = listed(client, f"{trade.path}/payments", "payments", payer=vendor.account)
    assert [(row["payer"]["name"], row["wallet"]) for row in rows] == [
        ("Vendor", new.account),
        ("Vendor", vendor.account),
        ("Vendor", vendor.account),
    ]
    body = get(client, f"/v1/partners/{vendor.account}")
    assert (body["wallet"], body["owner"]) == (new.account, new.account)
    assert [span["wallet"] for span in body["wallets"]] == [vendor.account, new.account]
    assert body["wallets"][0]["until"] == body["wallets"][1]["since"]
    assert body["involvement"]["payments_made"] == 3


def test_versions_endings_and_an_unknown_agreement(trade: Trade, index: Index, client: TestClient) -> None:
    world = trade.world
    successor = replace(
        trade.agreement.terms,
        predecessor=trade.agreement.id,
        salt=world.unique("salt"),
        notice_seconds=30 * DAY,
    )
    parties = {each.account: each for each in (trade.vendor, trade.agency)}
    signed = [world.acceptance(parties[account], successor).to_abi() for account in successor.parties]
    world.relayer.send(world.agreements.functions.amend(successor.to_abi(), signed, trade.opening, []))
    index()
    old = get(client, trade.path)
    assert old["agreement"]["status"] == "superseded"
    new = get(client, f"/v1/agreements/{old['agreement']['successor']['agreement']}")
    assert new["agreement"]["predecessor"] == "0x" + trade.agreement.id.hex()
    assert new["versions"] == old["versions"]
    assert [version["status"] for version in new["versions"]] == ["superseded", "in_force"]
    assert new["conditions"]["hold_seconds"] == 3 * DAY
    assert new["conditions"]["arbiter"]["name"] == "Judge"
    current = bytes.fromhex(new["agreement"]["agreement"][2:])
    notice = world.agreements.functions.giveNotice(trade.agency.account, current, plan.opening_of(successor))
    trade.agency.sender.send(notice)
    index()
    (ending,) = get(client, f"/v1/agreements/0x{current.hex()}")["endings"]
    assert (ending["cause"], ending["by"]["name"]) == ("notice", "Agency")
    _parties_consent_to_different_ends(trade, current, client, index)
    for path in ("payments", "debts"):
        problem(client, f"/v1/agreements/0x{'07' * 32}/{path}", 404, "agreement-unknown")
        problem(client, f"/v1/agreements/none/{path}", 422, "id-invalid")


def _parties_consent_to_different_ends(
    trade: Trade, agreement: bytes, client: TestClient, index: Index
) -> None:
    """Each is missing at the other's end; who is not a party, or has another wallet since, is not shown."""
    world = trade.world
    ends = [world.node.timestamp() + days * DAY for days in (2, 3, 4)]
    for partner, ends_at in zip((trade.agency, trade.vendor, world.stranger()), ends, strict=True):
        call = world.agreements.functions.consentToEnd(partner.account, agreement, ends_at, ends_at)
        partner.sender.send(call)
    index()
    path = f"/v1/agreements/0x{agreement.hex()}"
    first, second = get(client, path)["pending_ends"]
    for end, at, here, missing in (
        (first, ends[0], "Agency", "Vendor"),
        (second, ends[1], "Vendor", "Agency"),
    ):
        (consent,) = end["consents"]
        assert (end["ends_at"], consent["deadline"], consent["party"]["name"]) == (at, at, here)
        assert [party["name"] for party in end["missing"]] == [missing]
    action = consent_hash(END, agreement, ends[0])
    trade.agency.sender.send(world.agreements.functions.withdrawConsent(trade.agency.account, action))
    rotate(world, trade.vendor, world.stranger())
    index()
    assert get(client, path)["pending_ends"] == []


def test_a_review_is_received_and_taken_back(world: World, index: Index, client: TestClient) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], programme=world.programme(vendor))
    deal = world.won_deal(agreement, agency, "acme.example", value=5)
    vendor.sender.send(world.deals.functions.review(vendor.account, deal.id, 4, bytes(32)))
    index()
    path = f"/v1/partners/{agency.account}"
    (review,) = listed(client, f"{path}/reviews", "reviews")
    assert (review["rating"], review["reviewer"]["name"], review["revoked_at"]) == (4, "Vendor", None)
    assert get(client, path)["reviews"] == {"count": 1, "ratings": {"1": 0, "2": 0, "3": 0, "4": 1, "5": 0}}
    assert [each["rating"] for each in get(client, f"/v1/deals/0x{deal.id.hex()}")["reviews"]] == [4]
    vendor.sender.send(world.deals.functions.revokeReview(vendor.account, deal.id))
    index()
    (review,) = listed(client, f"{path}/reviews", "reviews")
    assert review["revoked_at"] is not None
    assert get(client, path)["reviews"]["count"] == 0
