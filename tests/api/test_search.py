"""Search: what is found by a name, an address, an id, a transaction and a number, and what is not."""

from collections.abc import Callable
from typing import Any

import pytest
from answers import get
from ledger_actions import rotate
from ledger_world import World
from starlette.testclient import TestClient

Index = Callable[[], None]


def found(client: TestClient, sought: str) -> list[tuple[Any, ...]]:
    """Kind, name and whose it is, or which entry, of each result."""
    results = get(client, "/v1/search", q=sought)["results"]
    return [
        (each["kind"], each["name"], (each["partner"] or {}).get("name"))
        if each["entry"] is None
        else (each["kind"], each["entry"]["contract"], each["entry"]["seq"])
        for each in results
    ]


@pytest.fixture
def business(world: World, index: Index) -> dict[str, str]:
    vendor, agency = world.partner("Nördwind Vertriebs-GmbH"), world.partner("Nord")
    world.partner("Agentur Nordlicht & Söhne")
    programme = world.programme(vendor, "Partner 2026 (Nord)")
    agreement = world.agreement([vendor, agency], programme=programme)
    deal = world.registered_deal(agreement, agency, "acme.example")
    wallet, outsider = world.stranger(), world.stranger()
    paid = world.pay(vendor, world.agreement([vendor], {vendor: 1, outsider: 1}), 10)
    rotate(world, agency, wallet)
    index()
    return {
        "vendor": vendor.account,
        "agency": agency.account,
        "wallet": wallet.sender.address,
        "outsider": outsider.account,
        "agreement": "0x" + agreement.id.hex(),
        "deal": "0x" + deal.id.hex(),
        "programme": "0x" + programme.hex(),
        "transaction": "0x" + paid["transactionHash"].hex(),
    }


def test_names_are_found_by_how_their_words_begin(client: TestClient, business: dict[str, str]) -> None:
    nordlicht = ("partner", "Agentur Nordlicht & Söhne", "Agentur Nordlicht & Söhne")
    programme = ("programme", "Partner 2026 (Nord)", "Nördwind Vertriebs-GmbH")
    assert found(client, "nord") == [("partner", "Nord", "Nord"), programme, nordlicht]
    assert found(client, "  NORDL agentur ") == [nordlicht]
    assert found(client, "NÖRD vertriebs-gmbh")[0][1] == "Nördwind Vertriebs-GmbH"
    assert found(client, "söh & (!| :*'nord")[0][1] == nordlicht[1]
    assert found(client, "2026")[-1] == programme
    for nothing in ("ordwind", "&|!():*<->", "'", "\\", "%", "x" * 200):
        assert found(client, nothing) == [], nothing


def test_addresses_ids_and_numbers_are_found_however_they_are_written(
    client: TestClient, business: dict[str, str]
) -> None:
    at = business
    assert found(client, at["agency"].upper().replace("0X", "0x")) == [("partner", "Nord", "Nord")]
    assert found(client, at["wallet"]) == [("wallet", None, "Nord")]
    assert found(client, at["outsider"]) == [("account", None, None)]
    assert found(client, at["agreement"]) == [("agreement", None, None)]
    assert found(client, at["deal"][2:].upper()) == [("deal", None, "Nord")]
    assert found(client, at["programme"]) == [("programme", "Partner 2026 (Nord)", "Nördwind Vertriebs-GmbH")]
    assert ("entry", "RevenueLedger", 1) in found(client, at["transaction"])
    assert ("entry", "RevenueLedger", 1) in found(client, "1")
    assert {kind for kind, *_ in found(client, "1")} == {"entry"}
    for nothing in ("0x" + "12" * 20, "0x" + "12" * 32, "9" * 18, "9" * 60, "0x12", "0"):
        assert found(client, nothing) == [], nothing
    mistyped = at["vendor"].swapcase().replace("0X", "0x")
    answer = client.get("/v1/search", params={"q": mistyped})
    assert (answer.status_code, answer.json()["field"]) == (422, "q")


def test_the_page_of_one_result_is_gone_to(client: TestClient, business: dict[str, str]) -> None:
    def landed(sought: str) -> str:
        answer = client.get("/search", params={"q": sought}, follow_redirects=False)
        return answer.headers.get("location", "") or str(answer.status_code)

    at = business
    assert landed(at["agency"]) == landed(at["wallet"]) == f"/partners/{at['agency']}"
    assert landed(at["outsider"]) == f"/partners/{at['outsider']}"
    assert landed(at["agreement"]) == f"/agreements/{at['agreement']}"
    assert landed(at["deal"]) == f"/deals/{at['deal']}"
    assert landed(at["programme"]) == f"/partners/{at['vendor']}"
    for sought in ("nord", "1", "", at["transaction"], "nothing of that kind", "<script>alert(1)</script>"):
        assert landed(sought) == "200"
        assert "<script>alert" not in client.get("/search", params={"q": sought}).text
    page = client.get("/search", params={"q": "nord"}).text
    assert page.index(">Nord<") < page.index("Agentur Nordlicht")
    for path in (at["agency"], at["agreement"], at["deal"], at["transaction"]):
        assert client.get(client.get("/search", params={"q": path}).url.path).status_code == 200
