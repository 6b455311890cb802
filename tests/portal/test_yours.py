"""What waits for whoever has signed in, and where what they can withdraw comes from."""

import re

from business import Business, mirror
from fastapi.testclient import TestClient
from ledger_actions import dispute, payment_of
from ledger_world import DAY, Partner, World
from signed_in import sign_in

from ledger.store.database import Database


def yours(client: TestClient, partner: Partner) -> str:
    """The page's text, as one line."""
    assert sign_in(client, partner.key).status_code == 201
    answer = client.get("/yours")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", answer.text))


def test_each_sees_what_waits_for_them_and_what_they_are_owed_for(
    client: TestClient, world: World, business: Business, database: Database
) -> None:
    arbiter = world.partner("Concord")
    parties = {business.vendor: 0.6, business.second: 0.4}
    held = world.agreement(list(parties), parties, hold_seconds=3 * DAY, arbiter=arbiter.account)
    world.pay(business.vendor, held, 100_000_000)
    disputed = payment_of(world, world.pay(business.vendor, held, 50_000_000))
    dispute(world, business.second, held, disputed)
    world.pay(business.vendor, business.agreement, 7_000_000)
    world.registered_deal(business.agreement, business.first, "initech.example")
    mirror(database, world)

    page = yours(client, business.second)
    assert "Held for you40.00 tUSD of 100.00 tUSD held for all payees" in page
    assert "Nothing: no draft for your signature, no deal for your decision, no dispute" in page
    page = yours(client, business.first)
    assert "Earned under 1.40 tUSD: the agreement of Nordwind GmbH, Agentur Süd" in page.replace(
        "Agentur Süd, Nordwind GmbH", "Nordwind GmbH, Agentur Süd"
    )
    page = yours(client, arbiter)
    assert "Disputes to rule on 50.00 tUSD under the agreement" in page
    ruling = re.search(r'href="(/act/rule_payment\?[^"]+)"', client.get("/yours").text)
    assert ruling is not None
    assert client.get(ruling[1].replace("&amp;", "&")).status_code == 200
    page = yours(client, business.vendor)
    assert "Deals to decide" in page and "Disputes to rule on" not in page
    for act in ("approve_deal", "return_deal", "reject_deal"):
        assert f"/act/{act}?deal=0x" in client.get("/yours").text
