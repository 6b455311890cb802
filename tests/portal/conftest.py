"""The API and portal over a real chain and database, served to test clients and to a browser."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from business import Business, mirror
from fastapi.testclient import TestClient
from ledger_world import World
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pydantic import SecretStr
from signed_in import DESK, Visitor, sign_in
from wallet_browser import FLAGS, Console, chromium_path

from api import chain_head
from api.app import create_app
from api.drafts import queries, reading
from api.portal import audit_banner
from ledger.chain.anvil import Anvil, wallet
from ledger.chain.deployment import save
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.terms.deployment import Deployment


@pytest.fixture(autouse=True)
def _waits_for_the_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is not a silent node; tests of silent ones set their own."""
    monkeypatch.setattr(chain_head, "_PATIENCE_SECONDS", 30.0)
    monkeypatch.setattr(reading, "READ_SECONDS", 60.0)
    monkeypatch.setattr(queries, "TOKEN_SECONDS", 60.0)
    monkeypatch.setattr(audit_banner, "PATIENCE_SECONDS", 60.0)


@pytest.fixture
def settings(world: World, tmp_path: Path) -> Settings:
    """A server with a relayer's key; anvil's first account, which has gas money."""
    path = tmp_path / "deployment.json"
    save(world.deployment, path)
    return Settings(
        home=tmp_path,
        rpc_url=world.chain.rpc_url,
        deployment=path,
        finality="immediate",
        relayer_key=SecretStr("0x" + wallet(0).key.hex()),
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests without the business come first in their module: it stays on the chain until the module ends."""
    places = {path: place for place, path in enumerate(dict.fromkeys(item.path for item in items))}
    items.sort(key=lambda item: (places[item.path], "business" in getattr(item, "fixturenames", ())))


@pytest.fixture(scope="module")
def business(module_world: World, original: Database) -> Business:
    """Done and mirrored once for a module; each of its tests goes on from there, and is taken back."""
    business = Business(module_world)
    mirror(original, module_world)
    return business


@pytest.fixture
def world(request: pytest.FixtureRequest, chain: Anvil, deployment: Deployment) -> World:
    """The world of the business where a test has one."""
    if "business" not in request.fixturenames:
        return World(chain, deployment)
    shared: World = request.getfixturevalue("module_world")
    return shared


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The mirror of the business where a test has one, else an empty one."""
    if "business" in request.fixturenames:
        yield request.getfixturevalue("copy")
    else:
        with Database.open(request.getfixturevalue("new_database_url")) as database:
            yield database


@pytest.fixture
def client(settings: Settings, database: Database) -> Iterator[TestClient]:
    """Of somebody who has signed in, and drafts what a test wants drafted."""
    with Visitor(create_app(settings, database)) as client:
        yield client


@pytest.fixture
def site(settings: Settings, database: Database) -> Iterator[str]:
    """The URL of a running server."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(settings, database), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=30_000)  # the machine may be busy: no test is about how fast a page is
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def console() -> Console:
    return Console()


@pytest.fixture
def new_page(chromium: Browser, site: str, console: Console) -> Iterator[Callable[..., Page]]:
    """Opens tabs of separate people, each on a desk's screen; what they complain about is a failure.

    They have signed in, as the test client has, unless they are strangers.
    """
    contexts = []

    def open_tab(*, stranger: bool = False) -> Page:
        context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 900})
        contexts.append(context)
        if not stranger:
            with httpx.Client(base_url=site, headers={"Origin": site}, timeout=60) as visiting:
                assert sign_in(visiting, DESK).status_code == 201
                token = visiting.cookies["pledger_session"]
            context.add_cookies([{"name": "pledger_session", "value": token, "url": site}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        console.watch(page)
        return page

    yield open_tab
    for context in contexts:
        context.close()
    assert console.complaints == []


@pytest.fixture
def page(new_page: Callable[[], Page]) -> Page:
    return new_page()
