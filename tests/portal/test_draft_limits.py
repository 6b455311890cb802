"""Drafts cost something: how many one address may make, and what nobody signs, is limited."""

from typing import Any

import pytest
from eth_utils.address import to_checksum_address
from fastapi.testclient import TestClient
from ledger_world import DAY, World
from signed_in import Visitor
from signing_room import open_room

from api.app import create_app
from api.http.flood import Allowance, client_of
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.terms.agreement import NATIVE_COIN, Terms


def post(client: TestClient, terms: Terms, **headers: str) -> Any:
    return client.post("/v1/agreements/drafts", json={"terms": terms.to_json()}, headers=headers)


def test_a_flood_of_drafts_is_limited_by_address(
    world: World, settings: Settings, database: Database
) -> None:
    pair = (world.partner("Nordwind"), world.partner("Agentur"))
    limited = settings.model_copy(update={"drafts_per_hour": 6})
    with Visitor(create_app(limited, database)) as client:
        for _ in range(3):
            assert post(client, world.terms(pair)).status_code == 201
        refused = post(client, world.terms(pair))
        assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-requests")
        assert refused.json()["detail"] == "Too many drafts from here: try again in 10 minutes."
        assert 0 < int(refused.headers["retry-after"]) <= 600
        forged = post(client, world.terms(pair), **{"X-Forwarded-For": "203.0.113.7"})
        assert forged.status_code == 429, "anybody can send that header"
        assert client.get("/v1/agreements/drafts/none").status_code == 404, "reading is not limited"
        assert client.post("/v1/agreements/drafts", content=b"{").status_code == 429, "nothing of it is read"
    proxied = {"trusted_proxies": "127.0.0.1", "public_url": "http://127.0.0.1"}
    behind = limited.model_copy(update=proxied)
    with Visitor(create_app(behind, database)) as client:
        for number in range(4):
            said = {"X-Forwarded-For": f"203.0.113.{number}"}
            assert post(client, world.terms(pair), **said).status_code == 201


def test_mistakes_are_no_drafts_but_a_flood_of_them_is_limited(
    world: World, settings: Settings, database: Database
) -> None:
    pair = (world.partner("Nordwind"), world.partner("Agentur"))
    limited = settings.model_copy(update={"drafts_per_hour": 6})
    with Visitor(create_app(limited, database)) as client:
        drafts = "/v1/agreements/drafts"
        mistakes = [client.post(drafts, json={"terms": {}}).status_code for _ in range(20)]
        assert mistakes == [422] * 20
        stored = [post(client, world.terms(pair)).status_code for _ in range(4)]
        assert stored == [201, 201, 201, 429], "each stored one counts, and what was refused before does not"
    with Visitor(create_app(limited, database)) as client:
        answers = [client.post(drafts, json={"terms": {}}) for _ in range(31)]
        assert [each.status_code for each in answers] == [422] * 30 + [429]
        asked = [client.post("/v1/passkeys/account", json={}).status_code for _ in range(31)]
        assert asked == [422] * 30 + [429]
        body = answers[-1].json()
        assert body["detail"] == "Too many drafts from here: try again in a minute."
        assert "Retry-After" not in body["next"]
    with Visitor(create_app(limited, database)) as client:
        acts = [client.post("/v1/actions/none", json={"fields": {}}).status_code for _ in range(31)]
        assert acts == [404] * 30 + [429]


def test_an_allowance_comes_back_as_time_passes() -> None:
    allowance = Allowance(per_hour=60)
    assert [allowance.take("a", 0.0) for _ in range(30)] == [0.0] * 30
    assert allowance.take("a", 0.0) == 60.0
    assert allowance.take("b", 0.0) == 0.0
    assert allowance.take("a", 59.0) == pytest.approx(1.0)
    assert allowance.take("a", 60.0) == 0.0
    assert [allowance.take("a", 1e6) for _ in range(31)].count(0.0) == 30, "no more than half at once"


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("unix", "unix"),
    ],
)
def test_a_subscriber_counts_once_however_many_addresses_it_has(host: str, counted: str) -> None:
    assert client_of({"type": "http", "client": (host, 1)}) == counted


def test_drafts_that_nobody_signs_go_and_are_never_too_many(
    world: World, settings: Settings, database: Database
) -> None:
    pair = (world.partner("Nordwind"), world.partner("Agentur"))
    full = settings.model_copy(update={"unsigned_drafts": 2})
    with Visitor(create_app(full, database)) as client:
        signed, waiting = (open_room(client, world.terms(pair)) for _ in range(2))
        again = world.terms(pair)
        assert signed.sign(pair[0]).status_code == 201
        open_room(client, again)
        refused = post(client, world.terms(pair))
        assert (refused.status_code, refused.json()["type"]) == (503, "/problems/drafts-full")
        assert post(client, again).status_code == 201, "one that is there is given again"
        world.chain.increase_time(32 * DAY)
        open_room(client, world.terms(pair))
        assert client.get(waiting.path).status_code == 404
        assert client.get(signed.path).status_code == 200


def test_a_token_that_is_none_on_this_chain_is_refused_by_name(client: TestClient, world: World) -> None:
    pair = (world.partner("Nordwind"), world.partner("Agentur"))
    for token, why in (
        (pair[0].account, "there is no contract"),
        (world.deals.address, "does not say its decimals"),
        (to_checksum_address("0x" + "11" * 20), "there is no contract"),
    ):
        refused = post(client, world.terms(pair, tokens=[token]))
        body = refused.json()
        assert (refused.status_code, body["field"]) == (422, "terms.tokens.0"), token
        assert "is not a token on this chain" in body["detail"] and why in body["detail"]
    assert post(client, world.terms(pair, tokens=[NATIVE_COIN])).status_code == 201
