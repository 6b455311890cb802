"""Ready means close to the chain: lag in blocks and seconds, 503 when stale."""

import re
from collections.abc import Callable
from time import monotonic, sleep

import pytest
from answers import get, problem
from ledger_world import World
from sqlalchemy import text
from starlette.testclient import TestClient

from api import chain_head
from api.app import create_app
from api.as_of import finality
from api.chain_head import ChainHead, HeadWatch
from ledger.chain.node import Node
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.tables import Incident

Index = Callable[[], None]


@pytest.fixture(autouse=True)
def _never_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_head, "_FRESH_SECONDS", 0.0)
    monkeypatch.setattr(chain_head, "_PATIENCE_SECONDS", 10.0)


def test_a_mirror_that_lags_is_not_ready_until_it_has_caught_up(
    world: World, index: Index, client: TestClient
) -> None:
    index()
    assert get(client, "/readyz")["lag"] == {"blocks": 0, "seconds": 0}
    world.chain.increase_time(30)
    world.chain.mine()
    lag = get(client, "/readyz")["lag"]
    assert lag["blocks"] >= 1
    assert lag["seconds"] >= 30
    world.chain.increase_time(60)
    world.chain.mine()
    body = problem(client, "/readyz", 503, "mirror-stale")
    assert body["lag"]["blocks"] >= 2
    assert body["lag"]["seconds"] > 60
    index()
    assert get(client, "/readyz")["lag"]["blocks"] == 0


def test_times_that_nobody_could_verify_are_marked_in_every_answer(
    world: World, index: Index, client: TestClient, database: Database
) -> None:
    index()
    ready = get(client, "/readyz")
    assert (ready["unverified_blocks"], ready["as_of_block"]["times_verified"]) == (0, True)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE chain.block SET verified = false"))
    ready = get(client, "/readyz")
    assert ready["unverified_blocks"] > 0
    assert get(client, "/v1/partners")["as_of_block"]["times_verified"] is False
    assert "Some times are unverified" in client.get("/entries").text
    assert 'pledger_blocks_unverified{chain_id="31337"' in client.get("/metrics").text


def test_a_mirror_that_could_not_be_made_whole_is_not_ready_until_it_is(
    world: World, index: Index, client: TestClient, database: Database
) -> None:
    index()
    ledger = bytes.fromhex(world.ledger.address[2:])
    stop = {"chain_id": 31337, "deployment": ledger, "kind": "stop", "at": 0, "node": "http://node"}
    with database.session() as session:
        session.add(Incident(**stop, what="The journal of DealRegistry breaks at entry 7."))
        session.commit()
    body = problem(client, "/readyz", 503, "mirror-stale")
    assert "The journal of DealRegistry breaks at entry 7." in body["detail"]
    assert 'pledger_incidents_total{chain_id="31337"' in client.get("/metrics").text
    index()
    assert get(client, "/readyz")["lag"]["blocks"] == 0


def test_metrics_are_what_prometheus_reads(world: World, index: Index, client: TestClient) -> None:
    assert client.get("/metrics").text == "", "nothing is mirrored yet"
    world.partner("Vendor")
    index()
    world.chain.mine(3)
    answer = client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    values = {}
    for line in answer.text.splitlines():
        if not line.startswith("#"):
            measured = re.fullmatch(r'(\w+)\{((?:\w+="[^"]*",?)+)\} (\S+)', line)
            assert measured, line
            name, labels, value = measured.groups()
            values[name, *re.findall(r'(?:kind|contract)="(\w+)"', labels)] = float(value)
    assert answer.text.count("# TYPE") == answer.text.count("# HELP") == len({name for name, *_ in values})
    assert values["pledger_ready",] == 1
    assert values["pledger_lag_blocks",] == 3
    assert values["pledger_entries", "PartnerRegistry"] == 1
    assert values["pledger_entries_read_total",] >= 1
    assert values["pledger_indexer_running",] == 0
    assert values["pledger_incidents_total", "stop"] == 0
    assert values["pledger_chain_block",] == values["pledger_mirror_block",] + 3


def test_without_a_node_reads_go_on_and_readiness_says_so(
    world: World, index: Index, settings: Settings, database: Database
) -> None:
    world.partner("Vendor")
    index()
    cut_off = settings.model_copy(update={"rpc_url": "http://127.0.0.1:9", "finality": "finalized"})
    with TestClient(create_app(cut_off, database), raise_server_exceptions=False) as client:
        body = get(client, "/v1/partners")
        assert body["as_of_block"]["finality"] == "unknown"
        assert len(body["partners"]) == 1
        problem(client, "/readyz", 503, "node-unavailable")
        problem(client, "/v1/audit", 503, "node-unavailable")


def test_the_api_asks_another_node_when_the_first_is_down(
    world: World, index: Index, settings: Settings, database: Database
) -> None:
    index()
    urls = {"rpc_url": "http://127.0.0.1:9", "rpc_urls": world.node.url}
    with TestClient(create_app(settings.model_copy(update=urls), database)) as client:
        assert get(client, "/readyz")["status"] == "ready"
        assert get(client, "/v1/audit")["as_of_block"]["finality"] == "final"


@pytest.mark.parametrize(
    ("rule", "number", "expected"),
    [
        ("immediate", 100, "final"),
        ("finalized", 90, "final"),
        ("finalized", 91, "pending"),
        ("12", 88, "final"),
        ("12", 89, "pending"),
        ("0", 100, "final"),
    ],
)
def test_finality_is_a_setting_of_the_deployment(rule: str, number: int, expected: str) -> None:
    assert finality(rule, number, ChainHead(100, 0, 90)) == expected


def test_a_chain_that_knows_no_finality_never_says_final() -> None:
    assert finality("finalized", 1, ChainHead(100, 0, None)) == "pending"


def test_a_slow_node_keeps_nobody_waiting(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_head, "_PATIENCE_SECONDS", 0.05)

    def slow() -> Node:
        sleep(0.5)
        return node

    watch = HeadWatch(slow)
    started = monotonic()
    assert watch.look() is None
    assert monotonic() - started < 0.4
    sleep(0.8)
    assert watch.look() is not None
    watch.close()
