"""A node that hangs holds up nothing that the mirror knows: answered at once, and marked stale."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import Any

import pytest
from fastapi.testclient import TestClient
from ledger_world import World
from rpc_proxy import RpcProxy, refusal, reset, whole
from signed_in import Visitor
from signing_room import open_room

from api import chain_head
from api.app import create_app
from api.drafts import activation, queries, reading
from api.portal import audit_banner
from ledger.chain import state
from ledger.chain.anvil import Anvil
from ledger.chain.node import TIMEOUT_SECONDS
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store.database import Database

SOON = TIMEOUT_SECONDS
"""All answers together come sooner than one question to a silent node ends; a busy machine may take some."""


@pytest.fixture
def index(world: World, database: Database) -> Callable[[], None]:
    def catch_up() -> None:
        with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
            indexer.catch_up()

    return catch_up


@contextmanager
def hung(chain: Anvil) -> Iterator[None]:
    """The node takes connections and says nothing, until the block ends."""
    chain.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        chain.process.send_signal(signal.SIGCONT)


@pytest.fixture(autouse=True)
def _as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """The waits of a real server, which other tests are spared."""
    monkeypatch.setattr(reading, "READ_SECONDS", 1.0)
    monkeypatch.setattr(queries, "TOKEN_SECONDS", 1.0)
    monkeypatch.setattr(audit_banner, "PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(chain_head, "_PATIENCE_SECONDS", 0.5)


def test_all_that_is_in_the_mirror_is_answered_while_the_node_hangs(
    world: World, index: Callable[[], None], client: TestClient, chain: Anvil
) -> None:
    pair = (world.partner("Nordwind"), world.partner("Agentur"))
    rooms = [open_room(client, world.terms(pair)) for _ in range(2)]
    for partner in pair:
        assert rooms[0].sign(partner).status_code == 201
    rooms[0].wait(lambda draft: draft["state"] == "active")
    assert rooms[1].sign(pair[0]).status_code == 201
    index()
    assert client.get("/v1/partners").json()["as_of_block"]["stale"] is False
    with hung(chain):
        asked = monotonic()
        for path in ("/v1/partners", "/v1/agreements", "/", "/agreements", f"/drafts/{rooms[0].draft['id']}"):
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.text)
        listed = client.get("/v1/partners")
        assert listed.json()["as_of_block"]["stale"] is True
        assert int(listed.headers["Pledger-Node-Silent"]) >= 0
        assert "could not be checked against the chain" in client.get("/").text
        for path in ("/", "/agreements", f"/drafts/{rooms[1].draft['id']}"):
            assert "node is silent" in client.get(path).text, path
        for room, state in ((rooms[0], "active"), (rooms[1], "collecting")):
            draft = client.get(room.path).json()
            assert (draft["state"], draft["as_of_block"]["stale"]) == (state, True)
        signed = {party["account"]: party["state"] for party in draft["parties"]}
        assert signed == {pair[0].account: "signed", pair[1].account: "waiting"}
        assert client.get("/healthz").status_code == 200
        assert monotonic() - asked < SOON
        for answer in (client.get("/v1/audit"), client.get("/readyz")):
            assert answer.status_code in (200, 503)
    for _ in range(100):
        listed = client.get("/v1/partners")
        if not listed.json()["as_of_block"]["stale"]:
            break
    assert "Pledger-Node-Silent" not in listed.headers


def test_a_server_that_never_reached_its_node_reads_the_mirror_and_goes_on_by_itself(
    world: World,
    index: Callable[[], None],
    settings: Settings,
    database: Database,
    chain: Anvil,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(activation, "_AGAIN_SECONDS", 0.05)
    pair = (world.partner("Nordwind"), world.partner("Agentur"))
    with Visitor(create_app(settings.model_copy(update={"relayer_key": None}), database)) as before:
        ready, open_one = (open_room(before, world.terms(pair)) for _ in range(2))
        for partner in pair:
            assert ready.sign(partner).json()["activation"]["automatic"] is False
    index()
    with RpcProxy(chain.rpc_url) as proxy:
        proxy.deliver = reset
        silent = settings.model_copy(update={"rpc_url": proxy.url})
        with Visitor(create_app(silent, database), None, cookies=before.cookies) as client:
            asked = monotonic()
            assert client.get("/agreements").status_code == 200
            assert client.get("/v1/partners").json()["as_of_block"]["stale"] is True
            for room, state in ((ready, "ready"), (open_one, "collecting")):
                draft = client.get(room.path).json()
                assert (draft["state"], draft["as_of_block"]["stale"]) == (state, True)
                assert "node is silent" in client.get(draft["page"]).text
            unknown = client.get("/v1/agreements/drafts/unknown")
            assert unknown.json()["type"] == "/problems/draft-unknown"
            refused = client.post("/v1/agreements/drafts", json={"terms": world.terms(pair).to_json()})
            assert (refused.status_code, refused.json()["type"]) == (503, "/problems/node-unavailable")
            assert monotonic() - asked < SOON
            proxy.deliver = whole
            ready.client = open_one.client = client
            assert ready.wait(lambda draft: draft["state"] == "active")
            assert open_one.sign(pair[0]).status_code == 201
            assert client.get(open_one.path).json()["as_of_block"]["stale"] is False


OF_THE_STATE = ("eth_call", "eth_getStorageAt", "eth_getCode", "eth_getBalance")


def _of_the_state(
    spoilt: Callable[[dict[str, Any]], dict[str, Any]], method: str, _: Any, answer: dict[str, Any]
) -> dict[str, Any]:
    return spoilt(answer) if method in OF_THE_STATE else answer


BAD_ANSWERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "an error": lambda answer: refusal(answer, "missing trie node; your key is swordfish"),
    "a limit": lambda answer: refusal(answer, "no more for you", -32601),
    "null": lambda answer: {"id": answer["id"], "result": None},
    "nothing": lambda answer: {"id": answer["id"], "result": "0x"},
    "another form": lambda answer: {"id": answer["id"], "result": [{"swordfish": 1}]},
}


def test_what_a_node_answers_badly_is_not_known_and_refuses_nobody(
    world: World,
    index: Callable[[], None],
    settings: Settings,
    database: Database,
    chain: Anvil,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(state, "_PAUSES", (0.0,))
    pair = (world.partner("Nordwind"), world.partner("Agentur"))
    terms = {"terms": world.terms(pair).to_json()}
    with (
        RpcProxy(chain.rpc_url) as proxy,
        Visitor(create_app(settings.model_copy(update={"rpc_url": proxy.url}), database)) as client,
    ):
        room = open_room(client, world.terms(pair))
        index()
        party = room.draft["parties"][0]
        signed = {"account": party["account"], "nonce": party["nonce"], "deadline": party["deadline"]}
        signed["signature"] = "0x" + "11" * 65
        for how, spoilt in BAD_ANSWERS.items():
            proxy.alter = partial(_of_the_state, spoilt)
            for answer in (
                client.post("/v1/agreements/drafts", json=terms),
                client.post(f"{room.path}/signatures", json=signed),
                client.post(f"{room.path}/activation"),
                client.get("/v1/audit"),
                client.get("/v1/audit?full=true"),
            ):
                said = (answer.status_code, answer.json()["type"])
                assert said == (503, "/problems/node-unavailable"), (how, answer.text)
                assert "swordfish" not in answer.text
                assert "mirror" in answer.json()["next"] and answer.headers["Retry-After"]
            draft = client.get(room.path).json()
            assert (draft["state"], draft["as_of_block"]["stale"]) == ("collecting", True), how
            assert client.get(draft["page"]).status_code == 200
