"""Every error that a browser meets is a page with a way on; programs get problem+json."""

from collections.abc import Iterator

import pytest
from business import Business
from fastapi.testclient import TestClient

from api.app import create_app
from api.problems import Kind, Problem
from ledger.settings import Settings
from ledger.store.database import Database

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
UNKNOWN = "0x" + "07" * 32
STRANGER = "0x" + "07" * 20
BUSY = Kind("busy", 429, "Too many requests", "Wait a minute.")


@pytest.fixture
def open_app(settings: Settings, database: Database) -> Iterator[TestClient]:
    """The application, with an address that fails in two ways more."""
    app = create_app(settings, database)

    @app.get("/fails")
    def fails() -> None:
        raise RuntimeError("the password is swordfish")

    @app.get("/busy")
    def busy() -> None:
        raise Problem(BUSY, "You asked too often.", headers={"Retry-After": "60"})

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_every_error_that_a_browser_meets_is_a_page_with_a_way_on(
    open_app: TestClient, business: Business
) -> None:
    for path, status, title, way in (
        ("/nowhere", 404, "There is no such thing here", "/partners"),
        ("/drafts/", 404, "There is no such thing here", "/drafts/new"),
        ("/static/nothing.js", 404, "There is no such thing here", "/"),
        ("/static/../conftest.py", 404, "There is no such thing here", "/"),
        (f"/deals/{UNKNOWN}", 404, "There is no such deal", "/deals"),
        (f"/agreements/{UNKNOWN}/payments", 404, "No such agreement is in force", "/agreements"),
        (f"/partners/{STRANGER}", 404, "The ledger knows no such account", "/partners"),
        (f"/partners/{STRANGER}/deals", 404, "The ledger knows no such account", "/partners"),
        ("/drafts/nothing", 401, "Sign in first", "/drafts/new"),
        ("/entries/RevenueLedger/99", 404, "There is no such thing here", "/entries"),
        ("/deals/0x1", 422, "Not an id", "/deals"),
        ("/partners/halyard", 422, "Not an address", "/partners"),
        ("/entries/Nothing/1", 422, "The request is not as", "/entries"),
        ("/deals?cursor=zz", 400, "Not a cursor", "/deals"),
        ("/deals?limit=0", 422, "The request is not as", "/deals"),
        ("/v1/nowhere", 404, "There is no such thing here", "/"),
        ("/fails", 500, "The server failed at this", "/fails"),
        ("/busy", 429, "Too many requests", "/busy"),
    ):
        answer = open_app.get(path, headers=BROWSER)
        assert (answer.status_code, path) == (status, path)
        assert answer.headers["content-type"].startswith("text/html"), path
        assert f"<h1>{title}" in answer.text, path
        assert f'href="{way}"' in answer.text, path
        assert 'href="/"' in answer.text
        assert "/v1/" not in answer.text.replace("/v1/nowhere", ""), path
        assert "swordfish" not in answer.text
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "Accept" in answer.headers["vary"]
    assert open_app.get("/busy", headers=BROWSER).headers["retry-after"] == "60"
    assert open_app.delete("/partners", headers=BROWSER).headers["allow"].startswith("GET")


def test_what_was_typed_is_shown_as_text(open_app: TestClient, business: Business) -> None:
    answer = open_app.get("/deals/<script>alert(1)</script>", headers=BROWSER)
    assert "<script>alert" not in answer.text
    answer = open_app.get("/partners/%E2%80%AEabc", headers=BROWSER)
    assert "\u202e" not in answer.text


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/problem+json", "text/html;q=0"])
def test_programs_get_the_problem_itself(open_app: TestClient, business: Business, accept: str) -> None:
    for path in ("/nowhere", "/deals/0x1", f"/deals/{UNKNOWN}", "/fails", "/v1/deals/0x1"):
        answer = open_app.get(path, headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


def test_an_empty_mirror_says_what_to_run(client: TestClient) -> None:
    answer = client.get("/", headers=BROWSER)
    assert answer.status_code == 503
    assert "pledger index" in answer.text and "Try again" in answer.text
