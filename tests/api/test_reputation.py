"""Scores from a real ledger: what counts as evidence, for whom, when, and through whom."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

from answers import get, listed, problem
from ledger_world import DAY, Agreement, Partner, World
from starlette.testclient import TestClient

from ledger.terms.deals import State

Index = Callable[[], None]


def reputation(client: TestClient, partner: Partner, **query: Any) -> dict[str, Any]:
    body: dict[str, Any] = get(client, f"/v1/partners/{partner.account}/reputation", **query)
    return body


def kinds(client: TestClient, partner: Partner, **query: Any) -> list[str]:
    """The events, the newest first."""
    return [event["kind"] for event in reputation(client, partner, **query)["events"]]


class Trade:
    """A vendor and an agency, both verified, with deadlines for everything."""

    def __init__(self, world: World, *, level: int = 1) -> None:
        self.world = world
        self.vendor = world.partner("Vendor", level=level)
        self.agency = world.partner("Agency", level=level)
        self.agreement: Agreement = world.agreement(
            [self.vendor, self.agency],
            programme=world.programme(self.vendor),
            decision_seconds=7 * DAY,
            exclusivity_seconds=60 * DAY,
            payment_seconds=30 * DAY,
        )

    def won(self, customer: str, value: int = 100) -> Any:
        return self.world.won_deal(self.agreement, self.agency, customer, value=value)

    def pay(self, amount: int, deal: Any) -> None:
        self.world.pay(self.vendor, self.agreement, amount, deal=deal)

    def wait(self, days: int) -> None:
        self.world.chain.increase_time(days * DAY)
        self.world.chain.mine()


def test_a_deal_paid_in_time_speaks_for_both_sides_once_its_whole_value_is_there(
    world: World, index: Index, client: TestClient
) -> None:
    trade = Trade(world)
    deal = trade.won("acme.example")
    trade.pay(99, deal)
    world.pay(trade.vendor, trade.agreement, 1_000)
    index()
    assert kinds(client, trade.agency) == kinds(client, trade.vendor) == []
    trade.pay(1, deal)
    index()
    for partner, other in ((trade.agency, trade.vendor), (trade.vendor, trade.agency)):
        body = reputation(client, partner)
        assert body["score"] == 239
        assert [event["kind"] for event in body["events"]] == ["settled_on_time"]
        assert body["events"][0]["subject"] == "0x" + deal.id.hex()
        assert body["events"][0]["effect"] == 239
        assert body["events"][0]["entry"] == {"contract": "RevenueLedger", "seq": 3}
        (counterparty,) = body["counterparties"]
        assert counterparty["counterparty"]["account"] == other.account
        assert (counterparty["trust"], counterparty["effect"]) == ("1", 239)
    trade.wait(90)
    index()
    assert 0 < reputation(client, trade.agency)["score"] < 239


def test_late_revenue_speaks_against_the_owner_and_still_for_the_partner(
    world: World, index: Index, client: TestClient
) -> None:
    trade = Trade(world)
    deal = trade.won("acme.example")
    trade.wait(31)
    index()
    assert kinds(client, trade.vendor) == []
    trade.pay(100, deal)
    index()
    assert kinds(client, trade.vendor) == ["revenue_late"]
    assert kinds(client, trade.agency) == ["settled_late"]
    assert reputation(client, trade.vendor)["score"] == 0
    assert reputation(client, trade.agency)["score"] == 239


def test_revenue_missing_thirty_days_after_it_was_due_is_late_without_waiting_for_it(
    world: World, index: Index, client: TestClient
) -> None:
    trade = Trade(world)
    deal = trade.won("acme.example")
    trade.wait(59)
    index()
    assert kinds(client, trade.vendor) == []
    trade.wait(2)
    index()
    assert kinds(client, trade.vendor) == ["revenue_late"]
    assert kinds(client, trade.agency) == []
    (before,) = reputation(client, trade.vendor)["events"]
    trade.wait(10)
    trade.pay(100, deal)
    index()
    (after,) = reputation(client, trade.vendor)["events"]
    assert (after["at"], after["kind"]) == (before["at"], "revenue_late")
    assert kinds(client, trade.agency) == ["settled_late"]


def test_a_decision_after_its_deadline_speaks_against_the_vendor_whenever_it_comes(
    world: World, index: Index, client: TestClient
) -> None:
    # Ages are counted in UTC days.
    world.chain.set_time((world.node.timestamp() // DAY + 1) * DAY + DAY // 24)
    world.chain.mine()
    trade = Trade(world)
    in_time = world.registered_deal(trade.agreement, trade.agency, "in-time.example")
    withdrawn = world.registered_deal(trade.agreement, trade.agency, "withdrawn.example")
    late = world.registered_deal(trade.agreement, trade.agency, "late.example")
    world.decide(trade.vendor, in_time, State.RETURNED, reason="MORE_DETAIL")
    world.withdraw(withdrawn)
    trade.wait(6)
    index()
    assert kinds(client, trade.vendor) == []
    world.chain.increase_time(2 * DAY + DAY // 2)
    world.chain.mine()
    index()
    (overdue,) = reputation(client, trade.vendor)["events"]
    assert (overdue["kind"], overdue["subject"]) == ("decision_overdue", "0x" + late.id.hex())
    assert (overdue["days"], overdue["negative"]) == (1, "0.249519110893907185")
    world.decide(trade.vendor, late, State.REJECTED, reason="TOO_LATE")
    index()
    assert kinds(client, trade.vendor) == ["decision_overdue"]
    assert kinds(client, trade.agency) == []


def test_exclusivity_left_unused_speaks_against_the_partner_unless_it_wins_after_all(
    world: World, index: Index, client: TestClient
) -> None:
    trade = Trade(world)
    used, lost, unused, given_up = (
        world.approved_deal(trade.agreement, trade.agency, f"{name}.example")
        for name in ("used", "lost", "unused", "given-up")
    )
    world.decide(trade.vendor, lost, State.LOST)
    trade.wait(61)
    index()
    assert kinds(client, trade.agency) == ["expired_without_progress"] * 3
    world.decide(trade.vendor, used, State.WON, value=10)
    world.withdraw(given_up)
    index()
    subjects = {event["subject"] for event in reputation(client, trade.agency)["events"]}
    assert subjects == {"0x" + deal.id.hex() for deal in (unused, given_up)}
    assert kinds(client, trade.vendor) == []


def test_terms_without_deadlines_break_none(world: World, index: Index, client: TestClient) -> None:
    vendor, agency = world.partner("Vendor", level=1), world.partner("Agency", level=1)
    agreement = world.agreement(
        [vendor, agency], programme=world.programme(vendor), decision_seconds=0, exclusivity_seconds=0
    )
    deal = world.won_deal(agreement, agency, "acme.example", value=5)
    world.registered_deal(agreement, agency, "open.example")
    world.chain.increase_time(400 * DAY)
    world.attest(vendor)
    world.attest(agency)
    world.pay(vendor, agreement, 5, deal=deal)
    index()
    assert kinds(client, vendor) == kinds(client, agency) == ["settled_on_time"]


def test_only_verified_counterparties_count_and_the_body_says_when_nobody_is(
    world: World, index: Index, client: TestClient
) -> None:
    trade = Trade(world, level=0)
    trade.pay(100, trade.won("acme.example"))
    index()
    body = reputation(client, trade.agency)
    assert (body["score"], body["verified_partners"], body["events_in_all"]) == (0, 0, 1)
    assert body["counterparties"][0]["trust"] == "0"
    assert any("No partner is verified" in note for note in body["notes"])

    world.attest(trade.vendor, seconds=10 * DAY)
    index()
    assert reputation(client, trade.agency) | {"as_of_block": None} == body | {"as_of_block": None}
    trade.wait(1)  # trust is that of the day's beginning
    world.partner("Somebody")
    index()
    body = reputation(client, trade.agency)
    assert (body["score"], body["verified_partners"]) == (238, 1)
    assert not any("No partner is verified" in note for note in body["notes"])
    before = body["as_of_block"]["number"]

    trade.wait(11)
    index()
    assert reputation(client, trade.agency)["score"] == 0
    assert reputation(client, trade.agency, block=before) == body


def test_a_revoked_attestation_no_longer_counts(world: World, index: Index, client: TestClient) -> None:
    trade = Trade(world)
    trade.pay(100, trade.won("acme.example"))
    index()
    assert reputation(client, trade.agency)["score"] == 239
    reason = world.unique("reason")
    revoked_at = world.sent_at(
        world.relayer.send(world.partners.functions.revoke(trade.vendor.account, reason))
    )
    trade.wait(1)
    index()
    body = reputation(client, trade.agency)
    # the agency, verified still, vouches for the vendor, whose word counts four fifths of its own
    assert (body["score"], body["verified_partners"]) == (200, 1)
    assert body["counterparties"][0]["trust"][:7] == "0.79999"
    attestation = get(client, f"/v1/partners/{trade.vendor.account}")["partner"]["attestation"]
    assert (attestation["valid"], attestation["revoked_at"]) == (False, revoked_at)
    assert [row["name"] for row in listed(client, "/v1/partners", "partners", verified=True)] == ["Agency"]
    assert [row["name"] for row in listed(client, "/v1/partners", "partners", verified=False)] == ["Vendor"]


def test_events_are_paged_and_every_page_carries_the_whole_score(
    world: World, index: Index, client: TestClient
) -> None:
    trade = Trade(world)
    for number in range(3):
        trade.pay(100, trade.won(f"customer-{number}.example"))
    index()
    path = f"/v1/partners/{trade.agency.account}/reputation"
    whole = reputation(client, trade.agency)
    assert whole["events_in_all"] == len(whole["events"]) == 3
    assert listed(client, path, "events", limit=1) == whole["events"]
    page = get(client, path, limit=2)
    assert (page["score"], page["inputs_hash"]) == (whole["score"], whole["inputs_hash"])
    (vendor,) = whole["counterparties"]
    assert (vendor["effect"], whole["unattributed"]) == (whole["score"], 0), "who alone makes it, makes all"
    assert sum(event["effect"] for event in whole["events"]) != whole["score"], "what-ifs do not add up"
    assert sum(Decimal(event["points"]) for event in whole["events"]) == whole["score"], "points do"
    assert Decimal(vendor["points"]) == whole["score"]
    assert Decimal(whole["rulings"]["points"]) == Decimal(whole["other_counterparties_points"]) == 0
    tags = {each["name"]: (each["tag"], each["events"]) for each in whole["dimensions"]}
    assert tags == {
        "pays_on_time": ("unproven", 0),
        "decides_on_time": ("unproven", 0),
        "delivers": ("good", 3),
        "conduct": ("unproven", 0),
    }
    assert whole["flags"] == [], "three deals are too few for any"


def test_scores_are_ranked_seen_from_elsewhere_and_followed_over_time(
    world: World, index: Index, client: TestClient
) -> None:
    trade = Trade(world)
    third, newcomer = world.partner("Third", level=1), world.partner("Newcomer", level=1)
    other = world.agreement([trade.vendor, third], programme=trade.agreement.terms.programme)
    trade.pay(100, trade.won("one.example"))
    index()
    first = reputation(client, trade.vendor)
    deal = world.won_deal(other, third, "two.example", value=100)
    world.pay(trade.vendor, other, 100, deal=deal)
    trade.won("three.example")
    trade.wait(61)
    world.partner("Somebody")
    index()

    ranked = listed(client, "/v1/reputation", "scores")
    assert [(each["rank"], each["partner"]["account"]) for each in ranked][2:] == [(3, trade.vendor.account)]
    assert ranked[0]["score"] >= ranked[1]["score"] > ranked[2]["score"]
    assert listed(client, "/v1/reputation", "scores", limit=1) == ranked
    for each in ranked:
        alone = get(client, f"/v1/partners/{each['partner']['account']}/reputation")
        assert (alone["score"], alone["positive"], alone["negative"]) == (
            each["score"],
            each["positive"],
            each["negative"],
        )
    now = reputation(client, trade.vendor)
    assert [event["kind"] for event in now["events"]].count("revenue_late") == 1

    for viewpoint, trust in ((third, "1"), (newcomer, "0")):
        seen = reputation(client, trade.agency, viewpoint=viewpoint.account)
        assert (seen["viewpoint"]["account"], seen["counterparties"][0]["trust"]) == (
            viewpoint.account,
            trust,
        )
        place = listed(client, "/v1/reputation", "scores", viewpoint=viewpoint.account)
        assert {each["score"] for each in place if each["partner"] == seen["partner"]} == {seen["score"]}
    stranger = world.stranger()
    for path in ("/v1/reputation", f"/v1/partners/{trade.agency.account}/reputation"):
        problem(client, path, 404, "partner-unknown", viewpoint=stranger.account)
        problem(client, path, 404, "block-unknown", block=10**9)

    path = f"/v1/partners/{trade.vendor.account}/reputation"
    since = first["as_of_block"]["number"]
    why = get(client, f"{path}/change", since=since)
    assert (why["before"], why["after"]) == (first["score"], now["score"])
    effects = [event["effect"] for event in why["events"]]
    assert why["after"] == why["before"] + why["ageing"] + sum(effects) + why["trust"]
    assert sorted(event["kind"] for event in why["events"]) == ["revenue_late", "settled_on_time"]
    assert why["ageing"] < 0 and why["since_block"]["number"] == since
    none = get(client, f"{path}/change", since=now["as_of_block"]["number"])
    assert (none["events"], none["ageing"], none["trust"]) == ([], 0, 0)
    problem(client, f"{path}/change", 404, "block-unknown", since=10**9)

    series = get(client, f"{path}/history", moments=60, every=1)["history"]
    assert series[-1]["score"] == now["score"]
    assert [each["timestamp"] for each in series] == sorted(each["timestamp"] for each in series)
    assert {each["timestamp"] % DAY for each in series[:-1]} == {DAY - 1}
    late = [b["score"] < a["score"] - 20 for a, b in pairwise(series)]
    assert late.count(True) == 1, "the day on which the revenue was late"


def test_a_stranger_has_no_score_and_a_newcomer_has_zero(
    world: World, index: Index, client: TestClient
) -> None:
    newcomer, stranger = world.partner("Newcomer"), world.stranger()
    index()
    assert reputation(client, newcomer)["score"] == 0
    problem(client, f"/v1/partners/{stranger.account}/reputation", 404, "partner-unknown")
