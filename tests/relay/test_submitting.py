"""Somebody who owns no coin acts: reads what it is, signs, has it sent, and finds the entry."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asking import company
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_canonical_address
from ledger_world import World
from signed_in import Visitor, sign_in

from ledger.chain.node import Node
from ledger.relay.habits import Habits
from ledger.relay.lane import Lane
from ledger.store import locks
from ledger.store.database import Database

KEY = Account.from_key("0x" + "e9" * 32)


def newest(node: Node) -> int:
    return node.newest().number


@pytest.fixture
def lane(database: Database, world: World) -> Iterator[Lane]:
    world.chain.set_balance(KEY.address, 10**20)
    with database.engine.connect() as connection:
        name = locks.lane_key(world.deployment.chain_id, to_canonical_address(KEY.address))
        assert locks.try_lock(connection, name)
        connection.commit()
        yield Lane(connection, world.node, KEY, Habits(3_600, 0, newest))
        connection.invalidate()


def signed(key: LocalAccount, form: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The body that submits what a form asks to sign."""
    made = key.sign_message(encode_typed_data(full_message=form["typed_data"])).signature
    message = form["typed_data"]["message"]
    given = {name: message[name] for name in ("nonce", "deadline")}
    return {"fields": fields, "authorization": given | {"signature": "0x" + bytes(made).hex()}}


def submit(client: Visitor, name: str, body: Any, key: str = "key-0001") -> Any:
    return client.post(f"/v1/actions/{name}/submit", json=body, headers={"Idempotency-Key": key})


def refused(answer: Any, status: int, kind: str) -> Any:
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}"), answer.text
    return answer.json()


def test_a_company_without_coin_registers(
    client: Visitor, world: World, lane: Lane, index: Callable[[], None]
) -> None:
    key = company().key
    index()
    fields = {"account": key.address, "name": "Nordwind GmbH"}
    assert sign_in(client, key).status_code == 201
    form = client.post("/v1/actions/register", json={"fields": fields}).json()
    assert "sentence" in form, form
    assert "Nordwind GmbH" in form["sentence"]
    body = signed(key, form, **fields)
    taken = submit(client, "register", body)
    assert taken.status_code == 202, taken.text
    relay = taken.json()
    assert (relay["state"], relay["transaction_hash"], relay["entries"]) == ("waiting", None, [])
    assert submit(client, "register", body).json()["id"] == relay["id"]
    other = refused(submit(client, "register", body | {"nonce": "7"}), 422, "idempotency-key-reused")
    assert "something else" in other["detail"]
    while (now := client.get(f"/v1/relays/{relay['id']}").json())["state"] != "mined":
        lane.step()
    assert now["transaction_hash"].startswith("0x") and now["block_number"] and now["final"]
    index()
    [entry] = client.get(f"/v1/relays/{relay['id']}").json()["entries"]
    assert (entry["contract"], entry["event"]) == (world.partners.address, "PartnerRegistered")
    assert client.get("/v1/session").json()["name"] == "Nordwind GmbH"
    assert [each["id"] for each in client.get("/v1/relays").json()["relays"]] == [relay["id"]]
    again = refused(submit(client, "register", body, "key-0002"), 422, "action-refused")
    assert "registered already" in again["detail"] or "nonce" in again["detail"].lower(), again
    assert submit(client, "register", body).json()["state"] == "mined", "a name is answered for ever"


def test_what_is_not_theirs_or_not_signed_is_not_sent(
    client: Visitor, world: World, index: Callable[[], None]
) -> None:
    index()
    key, stranger = company().key, company().key
    fields = {"account": key.address, "name": "Nordwind GmbH"}
    nobody = Visitor(client.app, None)  # type: ignore[arg-type]
    refused(submit(nobody, "register", {"fields": fields}), 401, "sign-in-needed")
    assert sign_in(client, key).status_code == 201
    form = client.post("/v1/actions/register", json={"fields": fields}).json()
    body = signed(key, form, **fields)
    refused(submit(client, "nothing", body), 404, "action-unknown")
    refused(submit(client, "register", {"fields": fields}), 422, "not-relayed")
    refused(submit(client, "register", signed(stranger, form, **fields)), 422, "action-refused")
    refused(
        submit(client, "register", signed(key, form, **fields | {"name": "Other"})), 422, "action-refused"
    )
    theirs = {"account": stranger.address, "name": "Stranger"}
    their_form = client.post("/v1/actions/register", json={"fields": theirs}).json()
    refused(submit(client, "register", signed(stranger, their_form, **theirs)), 403, "not-allowed")
    for name in ("short", "with space", "x" * 101):
        refused(submit(client, "register", body, name), 422, "request-invalid")
    refused(client.post("/v1/actions/register/submit", json=body), 422, "request-invalid")
    with_cookie = client.post(
        "/v1/actions/register/submit",
        json=body,
        headers={"Idempotency-Key": "key-0001", "Origin": "https://evil.example"},
    )
    refused(with_cookie, 403, "origin-refused")
    client.app.state.doors.settings.relay_gas_per_account = 1_000  # type: ignore[attr-defined]
    spent = submit(client, "register", body)
    refused(spent, 429, "budget-spent")
    assert 0 < int(spent.headers["retry-after"]) <= 86_400
    assert client.get("/v1/relays").json() == {"relays": []}
    refused(client.get("/v1/relays/none"), 404, "relay-unknown")
