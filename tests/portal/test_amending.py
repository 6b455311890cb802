"""An amendment is a draft that the parties of both agreements sign, and that says what it changes."""

from dataclasses import replace
from typing import Any

from fastapi.testclient import TestClient
from ledger_world import DAY, World
from signing_room import open_room

from ledger.terms.agreement import Payee
from ledger.terms.units import WHOLE


def test_leaving_parties_sign_too_and_the_successor_comes_into_force(
    client: TestClient, world: World
) -> None:
    vendor, agency, boutique = (world.partner(name) for name in ("Vendor", "Agency", "Boutique"))
    before = world.agreement([vendor, agency, boutique], {vendor: 2, agency: 1, boutique: 1})
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
    assert room.sign(boutique).json()["state"] == "collecting"
    room.sign(agency)
    draft = room.wait(_is_active)
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
