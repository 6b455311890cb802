"""Lists: every row once, in a stable order, whatever the size of pages and whatever comes in meanwhile."""

from collections.abc import Callable

import pytest
from answers import get, listed, problem
from ledger_world import World
from starlette.testclient import TestClient

from ledger.chain.anvil import Anvil
from ledger.indexer.run import indexing
from ledger.store.database import Database

Index = Callable[[], None]


@pytest.fixture(scope="module")
def business(module_world: World, original: Database) -> World:
    world = module_world
    vendor = world.partner("Vendor", level=1)
    programme = world.programme(vendor)
    for number in range(3):
        agency = world.partner(f"Agency {number}")
        agreement = world.agreement([vendor, agency], programme=programme)
        world.registered_deal(agreement, agency, f"customer-{number}.example")
        world.pay_batch(vendor, {agreement: [1, 2]})
    with indexing(original, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    return world


@pytest.fixture
def database(business: World, chain: Anvil, copy: Database) -> Database:
    """Its mirror."""
    return copy


LISTS = [
    ("/v1/partners", {}, "partners", 4),
    ("/v1/agreements", {}, "agreements", 3),
    ("/v1/deals", {}, "deals", 3),
    ("/v1/entries", {}, "entries", 5 + 4 + 6 + 3),
    ("/v1/entries", {"contract": "RevenueLedger"}, "entries", 3),
    ("/v1/entries", {"event": "AgreementActivated"}, "entries", 3),
]


def test_pages_of_any_size_make_the_same_list(business: World, client: TestClient) -> None:
    for path, filters, key, count in LISTS:
        whole = get(client, path, limit=200, **filters)
        assert whole["next_cursor"] is None
        assert len(whole[key]) == count
        for limit in (1, 2, count):
            assert listed(client, path, key, limit=limit, **filters) == whole[key]


def test_a_list_goes_on_where_it_was_when_rows_are_added_meanwhile(
    business: World, index: Index, client: TestClient
) -> None:
    known = [listed(client, path, key, **filters) for path, filters, key, _ in LISTS]
    firsts = [get(client, path, limit=2, **filters) for path, filters, _, _ in LISTS]
    vendor, newcomer = business.partner("Second"), business.partner("Newcomer")
    agreement = business.agreement([vendor, newcomer], programme=business.programme(vendor))
    business.registered_deal(agreement, newcomer, "newcomer.example")
    business.pay(vendor, agreement, 1)
    index()
    for (path, filters, key, _), before, first in zip(LISTS, known, firsts, strict=True):
        rest = listed(client, path, key, limit=200, cursor=first["next_cursor"], **filters)
        assert (first[key] + rest)[: len(before)] == before, path
        assert len(rest) <= len(before) - 2 + (2 if key == "partners" else 0), path


def test_partners_are_listed_in_the_order_of_their_registration(business: World, client: TestClient) -> None:
    names = [row["name"] for row in listed(client, "/v1/partners", "partners", limit=1)]
    assert names == ["Vendor", "Agency 0", "Agency 1", "Agency 2"]


def test_agreements_are_found_by_party_payee_and_programme(business: World, client: TestClient) -> None:
    vendor, agency = (row["account"] for row in listed(client, "/v1/partners", "partners")[:2])
    everything = listed(client, "/v1/agreements", "agreements")
    assert listed(client, "/v1/agreements", "agreements", party=vendor.lower()) == everything
    assert listed(client, "/v1/agreements", "agreements", payee=agency) == everything[2:]
    programme = everything[0]["programme"]["programme"]
    assert listed(client, "/v1/agreements", "agreements", programme=programme) == everything
    assert listed(client, "/v1/agreements", "agreements", programme="0x" + "00" * 32) == []


def test_entries_are_found_by_what_they_are_about(business: World, client: TestClient) -> None:
    agreement = listed(client, "/v1/agreements", "agreements")[0]
    rows = listed(client, "/v1/entries", "entries", about=agreement["agreement"], limit=2)
    assert [row["event"] for row in rows] == [
        "PaymentsReceived",
        "DealRegistered",
        "AgreementActivated",
    ]
    assert rows[-1]["args"]["terms"]["parties"] == [each["account"] for each in agreement["parties"]]
    assert ([each["amount"] for each in rows[0]["args"]["invoices"]], rows[0]["seq"]) == (["1", "2"], 3)
    of_ledger = listed(
        client, "/v1/entries", "entries", about=agreement["agreement"], contract="RevenueLedger", limit=1
    )
    assert of_ledger == rows[:1]
    account = agreement["parties"][0]["account"]
    for row in listed(client, "/v1/entries", "entries", about=account.upper().replace("0X", "0x")):
        assert account.lower()[2:] in "".join(row["topics"])
    (entry,) = get(client, "/v1/entries", contract="RevenueLedger", seq=2)["entries"]
    assert entry["event"] == "PaymentsReceived"
    problem(client, "/v1/entries", 422, "id-invalid", about="acme")


def test_a_cursor_of_another_list_or_filter_is_refused(business: World, client: TestClient) -> None:
    cursor = get(client, "/v1/partners", limit=1)["next_cursor"]
    for path, query in (
        ("/v1/deals", {}),
        ("/v1/partners", {"verified": "true"}),
        ("/v1/entries", {}),
    ):
        body = problem(client, path, 400, "cursor-invalid", cursor=cursor, **query)
        assert body["field"] == "cursor"
    for broken in ("", "x", "eyJhIjoxfQ", "bm90IGpzb24", cursor + "A", cursor[:-2], "é", "W10", "WzEsMl0"):
        problem(client, "/v1/partners", 400, "cursor-invalid", cursor=broken)


def test_a_limit_is_1_to_200(index: Index, client: TestClient) -> None:
    index()
    for limit in ("0", "201", "-1", "many", ""):
        assert problem(client, "/v1/partners", 422, "request-invalid", limit=limit)["field"] == "limit"


def test_an_answer_is_not_sent_again_to_whoever_has_it(
    business: World, index: Index, client: TestClient
) -> None:
    first = client.get("/v1/partners")
    tag = first.headers["etag"]
    again = client.get("/v1/partners", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    business.partner("Newcomer")
    index()
    changed = client.get("/v1/partners", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
