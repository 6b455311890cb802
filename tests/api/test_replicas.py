"""Replicas take the readers, and nobody is shown less than he asked for or has seen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from answers import get, problem
from fastapi import APIRouter
from ledger_world import World
from replicas import ReplicaServer, replica_of
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from api.app import create_app
from api.as_of import Now
from api.reading_route import ReadingRoute
from ledger.indexer.rebuild import rebuild
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store import embedded, readers
from ledger.store.database import Database
from ledger.store.reading import snapshot
from ledger.store.tables import Deployment, Partner

Index = Callable[[], None]


@pytest.fixture
def replica(database: Database) -> Iterator[ReplicaServer]:
    with replica_of(database) as server:
        yield server


@contextmanager
def serving(settings: Settings, database: Database, *urls: str) -> Iterator[TestClient]:
    """The API, with these replicas."""
    changed = settings.model_copy(update={"read_urls": ",".join(urls)})
    with TestClient(create_app(changed, database), raise_server_exceptions=False) as client:
        yield client


def names(client: TestClient, at_least: int | None = None) -> list[str]:
    headers = {} if at_least is None else {"Pledger-At-Least": str(at_least)}
    answer = client.get("/v1/partners", headers=headers)
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["Pledger-Block"]) == answer.json()["as_of_block"]["number"]
    return [row["name"] for row in answer.json()["partners"]]


def block(client: TestClient) -> int:
    return int(client.get("/v1/partners").headers["Pledger-Block"])


def test_a_replica_that_is_behind_is_passed_over_by_who_asked_for_more_or_has_seen_more(
    world: World, index: Index, settings: Settings, database: Database, replica: ReplicaServer
) -> None:
    account = world.partner("Early").account
    index()
    replica.catch_up(database)
    with serving(settings, database, replica.url(database)) as client:
        early = block(client)
        replica.hold()
        world.partner("Late")
        index()
        late = int(world.node.rpc("eth_blockNumber"), 16)
        assert names(client) == ["Early"], "the replica answers who asks for nothing in particular"
        assert names(client, early) == ["Early"]
        assert names(client, late) == ["Early", "Late"], "the primary answers who asks for more"
        lag = get(client, "/readyz")["replicas"]
        assert [(each["answers"], each["blocks"]) for each in lag] == [(True, late - early)]
        past = f"/v1/partners/{account}/balances"
        assert get(client, past, block=late)["as_of_block"]["number"] == late, "so does a block it has not"

        assert "Late" not in client.get("/").text
        client.cookies.clear()
        client.cookies.set("pledger_seen", f"31337-{world.ledger.address[2:].lower()}-{late}")
        assert "Late" in client.get("/").text, "a browser that has seen more is shown no less"
        client.cookies.clear()

        replica.go_on()
        replica.catch_up(database)
        assert names(client) == ["Early", "Late"]
        assert get(client, "/readyz")["replicas"][0]["blocks"] == 0
        seen = client.get("/").cookies["pledger_seen"]
        assert seen == f"31337-{world.ledger.address[2:].lower()}-{late}"


@pytest.mark.long
def test_replicas_that_fail_are_passed_over_until_they_are_back(
    world: World,
    index: Index,
    settings: Settings,
    database: Database,
    replica: ReplicaServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readers, "REST_SECONDS", 0.2)
    world.partner("Early")
    index()
    replica.catch_up(database)
    nowhere = "postgresql://postgres:secret@127.0.0.1:9/pledger"
    with replica_of(database) as other:
        urls = [nowhere, replica.url(database), other.url(database)]
        with serving(settings, database, *urls) as client:
            replica.hold()
            world.partner("Late")
            index()
            other.catch_up(database)
            late = get(client, "/readyz")["as_of_block"]["number"]
            replicas = get(client, "/readyz")["replicas"]
            assert [each["answers"] for each in replicas] == [False, True, True]
            assert [each["blocks"] for each in replicas][1:] == [1, 0]
            for _ in range(6):  # whoever's turn it is
                assert names(client, late) == ["Early", "Late"]
            other.stop()
            replica.stop()
            for _ in range(6):
                assert names(client) == ["Early", "Late"], "the primary is left"
            assert not any(each["answers"] for each in get(client, "/readyz")["replicas"])
            other.start()
            deadline = monotonic() + 60
            while not get(client, "/readyz")["replicas"][2]["answers"]:
                assert monotonic() < deadline
                sleep(0.1)
            other.hold()
            world.partner("Latest")
            index()
            assert names(client) == ["Early", "Late"], "it is asked again"


@pytest.mark.long
def test_while_the_primary_is_down_replicas_answer_for_what_they_have(
    world: World, settings: Settings, home: Path, database: Database
) -> None:
    world.partner("Early")
    server = embedded.join(home)
    with Database.open(server.url) as primary:
        with indexing(primary, world.node, world.deployment, finality="immediate") as indexer:
            indexer.catch_up()
        with (
            replica_of(primary) as replica,
            serving(settings, primary, replica.url(primary)) as client,
            serving(settings, database, replica.url(primary)) as stranger,
        ):
            here = block(client)
            # A server that holds another mirror is not a replica, whatever the setting says.
            problem(stranger, "/v1/partners", 503, "mirror-empty")
            assert server._server is not None
            server._server.stop()
            assert names(client, here) == ["Early"]
            answer = client.get("/v1/partners", headers={"Pledger-At-Least": str(here + 1)})
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert answer.json()["type"] == "/problems/not-there-yet"
            problem(client, "/readyz", 503, "database-unavailable")
    embedded.leave(server)


@pytest.mark.long
def test_a_reader_whom_a_rebuild_drives_off_a_replica_is_answered_by_the_primary(
    world: World, index: Index, settings: Settings, database: Database, replica: ReplicaServer
) -> None:
    """The swap waits for nobody there: it ends the query, and the request is answered all the same."""
    for number in range(3):
        world.partner(f"Partner {number}")
    index()
    replica.set("max_standby_streaming_delay", "0")
    replica.catch_up(database)
    began: list[bool] = []
    router = APIRouter(route_class=ReadingRoute)

    @router.get("/slow")
    def slow(answering: Now) -> int:
        began.append(answering.reading.session.connection().engine is not database.engine)
        if len(began) == 1:
            rebuild(database)
            replica.catch_up(database)
        return answering.reading.session.scalar(select(func.count()).select_from(Partner)) or 0

    changed = settings.model_copy(update={"read_urls": replica.url(database)})
    app = create_app(changed, database)
    app.include_router(router)
    with TestClient(app) as client:
        assert get(client, "/slow") == 3
    assert began == [True, False], "first the replica, then the primary"


@pytest.mark.long
def test_a_reader_on_a_replica_sees_the_old_tables_or_the_new_ones_and_never_empty_ones(
    world: World, index: Index, database: Database, replica: ReplicaServer
) -> None:
    """Nobody waits for him: his view of the data is older than the new tables' rows. So he is driven off."""
    world.partner("Early")
    index()
    replica.set("max_standby_streaming_delay", "0")
    replica.catch_up(database)
    partners = select(func.count()).select_from(Partner)
    with Database.open(replica.url(database), migrate=False) as there:
        with pytest.raises(OperationalError), snapshot(there) as session:
            session.scalars(select(Deployment)).all()
            rebuild(database)
            replica.catch_up(database)
            session.scalar(partners)
        with snapshot(there) as session:
            assert session.scalar(partners) == 1
