"""An amendment is a draft that the parties of both agreements sign, and that says what it changes."""

from dataclasses import replace
from typing import Any

from business import mirror
from fastapi.testclient import TestClient
from ledger_world import DAY, Partner, World
from signed_in import sign_in
from signing_room import open_room

from ledger.store.database import Database
from ledger.terms.agreement import Payee
from ledger.terms.units import WHOLE


def listed(client: TestClient, who: Partner) -> list[Any]:
    """The drafts that wait, as a partner sees them."""
    assert sign_in(client, who.key).status_code == 201
    answer = client.get("/v1/agreements/drafts")
    assert answer.status_code == 200, answer.text
    drafts: list[Any] = answer.json()["drafts"]
    return drafts


def test_leaving_parties_sign_too_and_the_successor_comes_into_force(
    client: TestClient, world: World, database: Database
) -> None:
    vendor, agency, boutique = (world.partner(name) for name in ("Vendor", "Agency", "Boutique"))
    before = world.agreement([vendor, agency, boutique], {vendor: 2, agency: 1, boutique: 1})
    mirror(database, world)
    kept = sorted([vendor, boutique], key=lambda each: each.account.lower())
    terms = replace(
        before.terms,
        parties=tuple(each.account for each in kept),
        payees=tuple(Payee(each.account, (WHOLE // 2,)) for each in kept),
        hold_seconds=7 * DAY,
        predecessor=before.id,
        salt=world.unique("salt"),
    )
    room = open_room(client, terms)
    assert room.draft["amends"] == "0x" + before.id.hex()
    assert [each["leaves"] for each in room.draft["parties"]] == [False, False, True]
    changed = {each["label"]: each for each in room.draft["changes"]}
    assert changed["Hold before revenue is released"]["before"] == ["none"]
    assert changed["Hold before revenue is released"]["after"] == ["7 days"]
    assert "Paid in" not in changed
    page = client.get(room.draft["page"]).text
    assert "What it changes" in page
    assert "leaves the agreement" in page

    assert room.sign(vendor).json()["state"] == "collecting"
    [waiting] = listed(client, agency)
    assert (waiting["id"], waiting["needs_you"]) == (room.draft["id"], True), "who leaves must sign too"
    assert waiting["amends"] == "0x" + before.id.hex()
    assert set(waiting["missing"]) == {agency.account, boutique.account}
    shown = client.get("/yours").text
    assert "Amendment of" in shown and "needs your signature" in shown
    [own] = listed(client, vendor)
    assert not own["needs_you"] and "waits for others" in client.get("/yours").text
    assert listed(client, world.partner("Somebody else")) == []
    assert sign_in(client, vendor.key).status_code == 201
    assert room.sign(boutique).json()["state"] == "collecting"
    room.sign(agency)
    draft = room.wait(_is_active)
    mirror(database, world)
    assert listed(client, agency) == []
    standing = world.agreements.functions.standingOf(before.id).call()
    assert "0x" + standing[1].hex() == draft["agreement"]


def test_what_is_amended_already_is_not_amended_again(client: TestClient, world: World) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    before = world.agreement([vendor, agency])
    first, second = (
        replace(before.terms, predecessor=before.id, salt=world.unique("salt")) for _ in range(2)
    )
    room = open_room(client, first)
    room.sign(vendor)
    room.sign(agency)
    room.wait(_is_active)
    answer = client.post("/v1/agreements/drafts", json={"terms": second.to_json()})
    problem = answer.json()
    assert (answer.status_code, problem["field"]) == (422, "terms.predecessor")
    assert "amended already" in problem["detail"]
    assert "newest version" in problem["next"]


def _is_active(draft: dict[str, Any]) -> bool:
    return bool(draft["state"] == "active")
