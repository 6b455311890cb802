"""Who came first and why: the queue of a customer, as a function of the entries and of time."""

from collections.abc import Callable
from typing import Any

from answers import get, listed, problem
from ledger_world import DAY, Deal, World
from starlette.testclient import TestClient

from ledger.terms.deals import State

Index = Callable[[], None]


def conflict(client: TestClient, deal: Deal) -> dict[str, Any]:
    found: dict[str, Any] = get(client, f"/v1/deals/0x{deal.id.hex()}")["conflict"]
    return found


def statuses(found: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Partner, status and whether it leads, in the order of the queue."""
    return [(each["partner"]["name"], each["status"], each["leads"]) for each in found["registrations"]]


def test_the_first_commitment_leads_until_it_is_decided_then_who_is_exclusive_then_who_won(
    world: World, index: Index, client: TestClient
) -> None:
    vendor, first, second = (world.partner(name) for name in ("Vendor", "First", "Second"))
    programme = world.programme(vendor)
    ours = world.agreement([vendor, first], programme=programme, exclusivity_seconds=10 * DAY)
    theirs = world.agreement([vendor, second], programme=programme)
    early = world.commit(ours, first, "acme.example")
    late = world.registered_deal(theirs, second, "acme.example")
    index()
    found = conflict(client, late)
    assert statuses(found) == [("Second", "registered", True)]
    assert found["leader"]["lead"] == "first_registered"
    assert found["leader"]["final_from"] is not None
    assert "could still be revealed" in found["why"]
    assert conflict(client, early) is None

    world.reveal(early)
    index()
    found = conflict(client, late)
    assert statuses(found) == [("First", "registered", True), ("Second", "registered", False)]
    assert found == conflict(client, early)

    world.chain.increase_time(DAY + 1)
    world.decide(vendor, early, State.APPROVED)
    index()
    found = conflict(client, late)
    assert statuses(found) == [("First", "approved", True), ("Second", "registered", False)]
    assert found["leader"]["lead"] == "exclusive"
    assert found["leader"]["until"] == get(client, f"/v1/deals/0x{early.id.hex()}")["deal"]["exclusive_until"]

    world.chain.increase_time(11 * DAY)
    world.chain.mine()
    index()
    found = conflict(client, late)
    assert statuses(found) == [("First", "expired", False), ("Second", "registered", True)]
    assert found["leader"]["final_from"] is None

    world.decide(vendor, late, State.APPROVED)
    world.decide(vendor, late, State.WON, value=5)
    index()
    found = conflict(client, late)
    assert statuses(found) == [("First", "expired", False), ("Second", "won", True)]
    assert (found["leader"]["lead"], found["leader"]["until"]) == ("won", None)


def test_nobody_leads_a_customer_that_all_gave_up(world: World, index: Index, client: TestClient) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], programme=world.programme(vendor))
    rejected = world.registered_deal(agreement, agency, "acme.example")
    world.decide(vendor, rejected, State.REJECTED, reason="EXISTING_CUSTOMER")
    withdrawn = world.registered_deal(agreement, agency, "acme.example")
    world.withdraw(withdrawn)
    index()
    found = conflict(client, withdrawn)
    assert statuses(found) == [("Agency", "rejected", False), ("Agency", "withdrawn", False)]
    assert found["leader"] is None
    assert found["why"].startswith("Nobody leads")
    body = get(client, f"/v1/deals/0x{rejected.id.hex()}")
    assert body["deal"]["reason"] == "EXISTING_CUSTOMER"
    assert [(each["outcome"], each["vendor"]["name"]) for each in body["decisions"]] == [
        ("rejected", "Vendor")
    ]
    (decision,) = get(client, f"/v1/deals/0x{withdrawn.id.hex()}")["decisions"]
    assert (decision["outcome"], decision["vendor"]) == ("withdrawn", None)


def test_statuses_are_functions_of_time_and_the_filter_knows_them(
    world: World, index: Index, client: TestClient
) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement(
        [vendor, agency], programme=world.programme(vendor), exclusivity_seconds=10, decision_seconds=2 * DAY
    )
    expired = world.approved_deal(agreement, agency, "expired.example")
    lapsed = world.commit(agreement, agency, "lapsed.example")
    world.registered_deal(agreement, agency, "overdue.example")
    world.chain.increase_time(3 * DAY)
    won = world.won_deal(agreement, agency, "won.example", value=7)
    registered = world.registered_deal(agreement, agency, "new.example")
    committed = world.commit(agreement, agency, "committed.example")
    index()
    rows = listed(client, "/v1/deals", "deals", limit=2)
    assert [row["status"] for row in rows] == [
        "committed",
        "registered",
        "won",
        "registered",
        "lapsed",
        "expired",
    ]
    assert [row["overdue"] for row in rows] == [False, False, False, True, False, False]
    for status in ("committed", "lapsed", "registered", "approved", "expired", "won", "lost"):
        wanted = [row for row in rows if row["status"] == status]
        assert listed(client, "/v1/deals", "deals", status=status, limit=1) == wanted
    assert [row["deal"] for row in rows if row["customer"] is None] == [
        "0x" + deal.id.hex() for deal in (committed, lapsed)
    ]
    assert {row["deal"] for row in rows} >= {"0x" + deal.id.hex() for deal in (expired, registered)}
    declared = get(client, f"/v1/deals/0x{won.id.hex()}")["declared"]
    assert (declared["value"]["units"], declared["paid"]["units"]) == ("7", "0")
    assert listed(client, "/v1/deals", "deals", account=vendor.account) == []
    assert len(listed(client, "/v1/deals", "deals", account=agency.account.lower())) == 6
    assert len(listed(client, "/v1/deals", "deals", agreement="0x" + agreement.id.hex())) == 4


def test_a_deal_that_does_not_exist_is_a_problem(index: Index, client: TestClient) -> None:
    index()
    assert problem(client, "/v1/deals/0x" + "00" * 32, 404, "deal-unknown")["field"] == "deal"
    problem(client, "/v1/deals/acme", 422, "id-invalid")
    problem(client, "/v1/deals", 422, "request-invalid", status="sold")
