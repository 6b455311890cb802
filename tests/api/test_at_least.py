"""Never older than this block: said by every answer, asked for by header, remembered by a browser."""

from collections.abc import Callable
from threading import Timer

import pytest
from answers import get
from ledger_world import World
from starlette.testclient import TestClient

from api import chain_head, reader_choice

Index = Callable[[], None]


@pytest.fixture(autouse=True)
def _never_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_head, "_FRESH_SECONDS", 0.0)
    monkeypatch.setattr(chain_head, "_PATIENCE_SECONDS", 10.0)


def test_every_answer_says_how_far_the_mirror_was(world: World, index: Index, client: TestClient) -> None:
    account = world.partner("Vendor").account
    index()
    first = client.get("/v1/partners")
    here = get(client, "/readyz")["as_of_block"]["number"]
    assert first.headers["Pledger-Block"] == str(here)
    unchanged = client.get("/v1/partners", headers={"If-None-Match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.headers["Pledger-Block"]) == (304, str(here))
    world.partner("Agency")
    index()
    past = client.get(f"/v1/partners/{account}/balances", params={"block": here})
    assert past.json()["as_of_block"]["number"] == here
    assert int(past.headers["Pledger-Block"]) > here, "of the mirror, whatever block was asked for"


def test_a_block_that_is_about_to_come_is_waited_for(
    world: World, index: Index, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_choice, "WAIT_SECONDS", 60.0)
    index()
    here = get(client, "/readyz")["as_of_block"]["number"]
    world.partner("Vendor")
    coming = Timer(0.5, index)
    coming.start()
    newest = int(world.node.rpc("eth_blockNumber"), 16)
    answer = client.get("/v1/partners", headers={"Pledger-At-Least": str(newest)})
    coming.join()
    assert newest > here
    assert [row["name"] for row in answer.json()["partners"]] == ["Vendor"]


def test_a_block_that_does_not_come_is_a_problem_that_says_when_to_ask_again(
    index: Index, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_choice, "WAIT_SECONDS", 0.2)
    index()
    here = get(client, "/readyz")["as_of_block"]["number"]
    for ahead in (1, reader_choice.SOON + 1, 2**63 - 1 - here):
        answer = client.get("/v1/partners", headers={"Pledger-At-Least": str(here + ahead)})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["type"] == "/problems/not-there-yet"
        assert answer.json()["mirrored_block"] == here
    for wrong in ("-1", "soon", str(2**63)):
        answer = client.get("/v1/partners", headers={"Pledger-At-Least": wrong})
        assert answer.json()["field"] == "Pledger-At-Least", answer.text


def test_a_browser_is_shown_nothing_older_than_it_has_seen_unless_the_chain_is_shorter(
    world: World, index: Index, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_choice, "WAIT_SECONDS", 0.2)
    index()
    ledger = world.ledger.address[2:].lower()
    world.chain.mine(3)
    newest = int(world.node.rpc("eth_blockNumber"), 16)
    client.cookies.set("pledger_seen", f"31337-{ledger}-{newest}")
    behind = client.get("/")
    assert (behind.status_code, behind.headers["retry-after"]) == (503, "1")
    index()
    assert client.get("/").status_code == 200
    others = (f"31337-{ledger}-{newest + 9}", f"1-{ledger}-{newest + 1}", f"31337-{'00' * 20}-{10**9}")
    for cookie in (*others, "31337", "-", f"31337-{ledger}-" + "9" * 40, f"31337-{ledger}-x"):
        client.cookies.clear()
        client.cookies.set("pledger_seen", cookie)
        assert client.get("/").status_code == 200, cookie
