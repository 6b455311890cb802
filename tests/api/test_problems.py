"""Errors: one shape, a stable type, the field, what to do next, and never a stack trace."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from answers import get, problem
from ledger_world import World
from starlette.testclient import TestClient

from api.app import create_app
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.deployment import save
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store.database import CONNECTIONS, Database

Index = Callable[[], None]
ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


BAD_ADDRESSES = (
    "acme",
    ADDRESS[:-1],
    ADDRESS + "0",
    ADDRESS[2:],
    "0x" + "zz" * 20,
    "0x" + " " * 40,
    "0x" + "٣" * 40,
)


def test_a_bad_address_is_named(index: Index, client: TestClient) -> None:
    index()
    for bad in BAD_ADDRESSES:
        for rest in ("", "/balances", "/payouts", "/reputation"):
            body = problem(client, f"/v1/partners/{bad}{rest}", 422, "address-invalid")
            assert body["field"] == "address"
            assert "40 hexadecimal digits" in body["detail"]
    assert problem(client, "/v1/deals", 422, "address-invalid", account="acme")["field"] == "account"
    mistyped = ADDRESS[:-1] + "9"
    for path, query in (
        (f"/v1/partners/{mistyped}", {}),
        ("/v1/deals", {"account": mistyped}),
        ("/v1/agreements", {"payee": mistyped}),
        ("/v1/partners", {"deployment": mistyped}),
    ):
        body = problem(client, path, 422, "address-invalid", **query)
        assert "small letters" in body["detail"] or "deployment" in body["detail"]
    assert get(client, "/v1/deals", account=mistyped.lower())["deals"] == []


def test_an_address_is_taken_in_any_case_and_given_checksummed(
    world: World, index: Index, client: TestClient
) -> None:
    account = world.partner("Vendor").account
    index()
    for written in (
        account,
        account.lower(),
        account.upper().replace("0X", "0x"),
        "0X" + account[2:].lower(),
    ):
        assert get(client, f"/v1/partners/{written}")["partner"]["account"] == account


def test_unknown_things_are_not_found(index: Index, client: TestClient) -> None:
    index()
    problem(client, f"/v1/partners/{ADDRESS}", 404, "partner-unknown")
    problem(client, f"/v1/partners/{ADDRESS}/balances", 404, "partner-unknown")
    problem(client, "/v1/agreements/0x" + "11" * 32, 404, "agreement-unknown")
    problem(client, "/v1/agreements/drafts/../0x12", 422, "id-invalid")
    problem(client, "/nowhere", 404, "not-found")
    problem(client, "/problems/nothing", 404, "not-found")


def test_a_method_that_is_not_offered_says_which_are(client: TestClient) -> None:
    answer = client.delete("/v1/partners")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json()["type"] == "/problems/method-not-allowed"


def test_a_block_that_the_mirror_cannot_answer_for_names_the_nearest(
    world: World, index: Index, client: TestClient
) -> None:
    account = world.partner("Vendor").account
    index()
    path = f"/v1/partners/{account}/balances"
    newest = get(client, path)["as_of_block"]["number"]
    assert problem(client, path, 404, "block-unknown", block=newest + 1)["nearest"] == newest
    assert problem(client, path, 404, "block-unknown", block=0)["nearest"] is None
    problem(client, path, 422, "request-invalid", block=-1)
    problem(client, path, 422, "request-invalid", block=2**63)


def test_an_empty_mirror_says_how_to_fill_it(client: TestClient) -> None:
    assert "pledger index" in problem(client, "/v1/partners", 503, "mirror-empty")["next"]
    assert client.get("/healthz").status_code == 200


def test_of_several_deployments_one_must_be_named(
    world: World, index: Index, client: TestClient, database: Database, settings: Settings, tmp_path: Any
) -> None:
    first = world.partner("Vendor")
    index()
    second = deploy(world.relayer, Consortium.of_one(world.relayer.address), with_test_token=True)
    with indexing(database, world.node, second, finality="immediate") as indexer:
        indexer.catch_up()
    body = problem(client, "/v1/partners", 400, "deployment-ambiguous")
    known, other = world.ledger.address, second.address("RevenueLedger")
    assert known.lower() in body["next"] and other.lower() in body["next"]
    for name in (known, known.lower(), f"31337:{known}"):
        assert [row["name"] for row in get(client, "/v1/partners", deployment=name)["partners"]] == ["Vendor"]
    assert get(client, "/v1/partners", deployment=other)["partners"] == []
    problem(client, f"/v1/partners/{first.account}", 404, "partner-unknown", deployment=other)
    problem(client, "/v1/partners", 404, "deployment-unknown", deployment=f"1:{known}")
    problem(client, "/v1/partners", 404, "deployment-unknown", deployment=ADDRESS)
    for bad in ("acme", "31337:", f"x:{known}", ""):
        problem(client, "/v1/partners", 422, "address-invalid", deployment=bad)
    save(world.deployment, tmp_path / "deployment.json")
    named = settings.model_copy(update={"deployment": tmp_path / "deployment.json"})
    with TestClient(create_app(named, database)) as chosen:
        assert [row["name"] for row in get(chosen, "/v1/partners")["partners"]] == ["Vendor"]


@pytest.fixture
def failing(settings: Settings, database: Database) -> Iterator[TestClient]:
    app = create_app(settings, database)

    @app.get("/v1/fails")
    def fails() -> None:
        raise RuntimeError("the password is swordfish")

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_a_fault_of_the_servers_shows_no_trace(failing: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    body = problem(failing, "/v1/fails", 500, "internal")
    headers = failing.get("/v1/fails", headers={"Origin": "https://elsewhere.example"}).headers
    assert (headers["access-control-allow-origin"], headers["cache-control"]) == ("*", "no-store")
    assert failing.head("/v1/fails").status_code == 500
    assert "swordfish" not in str(body) and "Traceback" not in str(body)
    assert body["instance"] in caplog.text
    assert "swordfish" in caplog.text


def test_a_database_that_went_away_is_a_problem_without_its_address(
    index: Index, database: Database, settings: Settings
) -> None:
    index()
    with TestClient(create_app(settings, database), raise_server_exceptions=False) as client:
        assert client.get("/v1/partners").status_code == 200
        database.engine.dispose()
        gone = Database(database.url.set(database="gone"))
        client.app.state.doors.database = gone  # type: ignore[attr-defined]
        body = problem(client, "/v1/partners", 503, "database-unavailable")
        assert "gone" not in body["detail"]
        gone.close()


def test_with_all_connections_taken_it_says_so_soon_and_goes_on_when_they_are_back(
    index: Index, database: Database, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    index()
    monkeypatch.setattr(database.engine.pool, "_timeout", 0.1)
    taken = [database.engine.connect() for _ in range(CONNECTIONS)]
    for path in ("/v1/partners", "/v1/deals", "/readyz"):
        problem(client, path, 503, "database-unavailable")
    assert client.get("/v1/partners").headers["retry-after"] == "5"
    assert client.get("/partners", headers={"Accept": "text/html"}).status_code == 503
    for connection in taken:
        connection.close()
    assert client.get("/v1/partners").status_code == 200


def test_a_burst_of_requests_is_answered_to_the_last(index: Index, client: TestClient) -> None:
    index()
    paths = ["/v1/partners", "/v1/agreements", "/v1/deals", "/partners", "/"] * 20
    with ThreadPoolExecutor(len(paths)) as pool:
        assert {answer.status_code for answer in pool.map(client.get, paths)} == {200}


def test_every_type_of_problem_says_what_it_means(client: TestClient) -> None:
    for each in client.get("/problems").json():
        assert client.get(each["type"]).json() == each
