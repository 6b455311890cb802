"""What holds for every request: parameters that are not there, HEAD, OPTIONS, compression, other origins."""

import asyncio
import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest
from answers import get, problem
from ledger_world import World
from starlette.testclient import TestClient

from api import chain_head
from api.app import create_app
from api.http import bodies
from api.portal import audit_banner
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store.database import Database

ID = "0x" + "11" * 32


@pytest.fixture(autouse=True)
def _waits_for_the_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine, too: a page says the same twice."""
    monkeypatch.setattr(chain_head, "_PATIENCE_SECONDS", 30.0)
    monkeypatch.setattr(audit_banner, "PATIENCE_SECONDS", 60.0)


@pytest.fixture(scope="module")
def account(module_world: World, original: Database) -> str:
    """A partner's, mirrored; with more partners than fit an answer that is not worth compressing."""
    world = module_world
    first = world.partner("Vendor").account
    for number in range(4):
        world.partner(f"Partner {number}")
    with indexing(original, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    return str(first)


@pytest.fixture(scope="module")
def client(account: str, module_world: World, original: Database) -> Iterator[TestClient]:
    """One for all: nothing here changes anything."""
    settings = Settings(_env_file=None, rpc_url=module_world.node.url, finality="immediate")
    with TestClient(create_app(settings, original), raise_server_exceptions=False) as client:
        yield client


def addresses(client: TestClient, account: str) -> list[str]:
    """Every address that GET takes, also of pages and files."""
    paths = client.get("/openapi.json").json()["paths"]
    listed = [path for path, methods in paths.items() if "get" in methods]
    pages = [
        "/",
        "/partners",
        "/agreements",
        "/deals",
        "/payouts",
        "/partners/{address}",
        "/drafts/new",
        "/docs",
    ]
    files = ["/static/portal.css", "/openapi.json"]
    return [
        re.sub(r"\{\w+\}", ID, path.replace("{address}", account).replace("{slug}", "not-found"))
        for path in [*listed, *pages, *files]
    ]


def test_a_parameter_that_is_not_there_is_named_with_those_that_are(account: str, client: TestClient) -> None:
    body = problem(client, "/v1/deals", 422, "request-invalid", stat="won")
    assert body["field"] == "stat"
    assert body["errors"] == [{"field": "stat", "detail": "there is no such parameter here"}]
    for name in ("status", "account", "agreement", "cursor", "limit", "deployment"):
        assert name in body["next"]
    assert "no query parameters" in problem(client, "/healthz", 422, "request-invalid", verbose=1)["next"]
    page = client.get("/deals", params={"state": "won"}, headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert "state" in page.text


def test_every_operation_and_page_refuses_what_it_does_not_take(account: str, client: TestClient) -> None:
    for path in addresses(client, account):
        if not path.startswith(("/static", "/openapi")):
            assert client.get(path, params={"unheard_of": "1"}).status_code == 422, path


def test_a_parameter_given_twice_is_refused(account: str, client: TestClient) -> None:
    for query in ("limit=1&limit=2", "limit=1&limit=1", "verified=true&verified=false"):
        answer = client.get(f"/v1/partners?{query}")
        assert answer.status_code == 422, query
        assert answer.json()["errors"] == [
            {"field": query.partition("=")[0], "detail": "it is given twice, and taken once"}
        ]


def test_head_is_get_without_a_body_everywhere(account: str, client: TestClient) -> None:
    for path in addresses(client, account):
        for coding in ("identity", "gzip"):
            with_body = client.get(path, headers={"Accept-Encoding": coding})
            bare = client.head(path, headers={"Accept-Encoding": coding})
            assert (bare.status_code, bare.content) == (with_body.status_code, b""), path
            assert without_moments(bare) == without_moments(with_body), path
            assert with_body.headers["cache-control"] in ("no-cache", "no-store"), path
            assert with_body.headers.get("vary", "").count("Accept-Encoding") <= 1, path
    assert client.head("/v1/agreements/drafts/x/signatures").headers["allow"] == "POST, OPTIONS"


def without_moments(answer: Any) -> dict[str, str]:
    """The headers, but for what differs between any two answers."""
    return {
        name: value for name, value in answer.headers.items() if name not in ("last-modified", "set-cookie")
    }


NUMBERS = ("1_0", "1.0", "+1", " 1", "1 ", "0x1", "1e1", "١", "１", "latest", "true", "")  # noqa: RUF001


def test_a_whole_number_is_digits_and_nothing_else(account: str, client: TestClient) -> None:
    """Else one reader takes 1_0 for ten, another for nothing, and the filter is another one."""
    for number in NUMBERS:
        for path, name in (
            (f"/v1/partners/{account}/balances", "block"),
            ("/v1/entries", "limit"),
            ("/v1/entries", "seq"),
        ):
            assert problem(client, path, 422, "request-invalid", **{name: number})["field"] == name, number
        if number.isascii():
            answer = client.get("/v1/partners", headers={"Pledger-At-Least": number or "-"})
            assert answer.status_code == 422, number
        assert (
            client.get("/v1/partners", params={"deployment": f"{number or '-'}:{account}"}).status_code == 422
        )


def test_a_redirect_leads_nowhere_but_here(account: str, client: TestClient) -> None:
    """Whatever host a request names, and whether or not a proxy spoke https with whoever asked."""
    for path in ("/v1/partners", "/partners", "/v1/agreements/drafts"):
        asked = client.get(f"{path}/?limit=1", headers={"Host": "evil.example"}, follow_redirects=False)
        assert asked.status_code == 307
        assert asked.headers["location"] == f"{path}?limit=1"


def test_options_says_what_an_address_takes(account: str, client: TestClient) -> None:
    for path in addresses(client, account):
        answer = client.options(path)
        assert (answer.status_code, answer.content) == (204, b""), path
        assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["allow"].split(", ")), path
    assert client.options("/v1/agreements/drafts/x/activation").headers["allow"] == "POST, OPTIONS"
    assert client.options("/v1/agreements/drafts").headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert client.options("/nowhere").status_code == 404


def test_other_sites_may_read_what_is_everybodys_and_no_draft(account: str, client: TestClient) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    for path in ("/v1/partners", f"/v1/deals/{ID}", "/readyz", "/problems", "/openapi.json", "/v1/nothing"):
        answer = client.get(path, headers=origin)
        assert answer.headers["access-control-allow-origin"] == "*", path
        assert "access-control-allow-credentials" not in answer.headers
    asked = origin | {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "pledger-at-least",
    }
    allowed = client.options("/v1/partners", headers=asked).headers
    assert allowed["access-control-allow-methods"] == "GET, HEAD"
    assert "Pledger-At-Least" in allowed["access-control-allow-headers"]
    assert "Pledger-Block" in allowed["access-control-expose-headers"]
    for path in ("/v1/agreements/drafts", "/v1/agreements/drafts/x", "/drafts/x", "/drafts/new", "/"):
        for answer in (client.get(path, headers=origin), client.options(path, headers=asked)):
            assert not [name for name in answer.headers if name.startswith("access-control")], path


def test_answers_are_compressed_with_a_tag_that_holds_for_either_form(
    account: str, client: TestClient
) -> None:
    plain = client.get("/v1/partners", headers={"Accept-Encoding": "identity"})
    for accepted in ("gzip", "br, gzip;q=0.5"):
        small = client.get("/v1/partners", headers={"Accept-Encoding": accepted})
        assert small.headers["content-encoding"] == "gzip"
        assert int(small.headers["content-length"]) < len(plain.content)
        assert small.json() == plain.json()
        assert small.headers["etag"] == plain.headers["etag"]
    assert plain.headers["etag"].startswith('W/"')
    given = plain.headers["etag"]
    refusing = client.get("/v1/partners", headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "content-encoding" not in refusing.headers
    for coding in ("gzip", "identity"):
        for tag in (given, given.removeprefix("W/"), "*", f'"x", {given}'):
            same = client.get("/v1/partners", headers={"Accept-Encoding": coding, "If-None-Match": tag})
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", given)
            assert same.headers["vary"] == "Accept-Encoding"
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    draft = client.get("/drafts/new", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in draft.headers


ABOVE = b'{"terms": {"tranches": [{"up_to": %d}]}}'
NESTED = b'{"terms": ' + b"[" * 100 + b"]" * 100 + b"}"
BAD_BODIES: dict[str, tuple[bytes, str, str]] = {
    "not JSON": (b'{"terms": ', "body", "not JSON"),
    "not UTF-8": (b'{"terms": "\xff"}', "body", "not UTF-8"),
    "UTF-16": ('{"terms": 1}'.encode("utf-16"), "body", "not UTF-8"),
    "a byte order mark": (b'\xef\xbb\xbf{"terms": 1}', "body", "not JSON"),
    "many levels": (NESTED, "terms" + ".0" * 31, "32 levels"),
    "too many to look at": (b"[" * 100_000, "body", "32 levels"),
    "a key twice": (b'{"terms": 1, "terms": 2}', "terms", "twice"),
    "a number beyond 64 bits": (ABOVE % 2**256, "terms.tranches.0.up_to", "not exact"),
    "a number beyond 53 bits": (b'{"terms": {"a": -%d}}' % (2**53 + 1), "terms.a", "not exact"),
    "a number of many digits": (b'{"terms": %s}' % (b"9" * 5_000), "terms", "not exact"),
    "a fraction": (b'{"terms": 1.5}', "terms", "not a whole number"),
    "an exponent": (b'{"terms": 1e400}', "terms", "not a whole number"),
    "not a number": (b'{"terms": NaN}', "terms", "not a whole number"),
    "infinity": (b'{"terms": -Infinity}', "terms", "not a whole number"),
    "half a character": (b'{"terms": {"uri": "\\ud800"}}', "terms.uri", "surrogate"),
    "half a character as a key": (b'{"terms": {"\\ud800": 1}}', "terms.?", "surrogate"),
    "a NUL": (b'{"terms": {"uri": "a\\u0000"}}', "terms.uri", "NUL"),
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_body_of_two_meanings_or_none_is_refused_by_field(case: str, client: TestClient) -> None:
    sent, field, why = BAD_BODIES[case]
    answer = client.post("/v1/agreements/drafts", content=sent, headers={"Content-Type": "application/json"})
    body = answer.json()
    assert (answer.status_code, body["type"], body["field"]) == (422, "/problems/request-invalid", field), (
        body
    )
    assert why in body["detail"] and body["errors"][0]["field"] == field


def test_numbers_that_are_given_as_numbers_are_to_be_strings(client: TestClient) -> None:
    sent = b'{"terms": {"tranches": [{"up_to": %d}]}}' % (2**256 - 1)
    answer = client.post("/v1/agreements/drafts", content=sent, headers={"Content-Type": "application/json"})
    assert answer.json()["next"] == f'Give it as a string of digits, as "{2**256 - 1}".'


def test_a_body_that_is_too_large_is_not_read(client: TestClient) -> None:
    json = {"Content-Type": "application/json"}
    sent: list[int] = []

    def parts() -> Any:
        for _ in range(100):
            sent.append(1)
            yield b" " * 100_000

    for content in (b" " * (bodies.MAX_BYTES + 1), parts()):
        answer = client.post("/v1/agreements/drafts", content=content, headers=json)
        assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")
    announced = json | {"Content-Length": str(10**12)}
    assert client.post("/v1/agreements/drafts", content=b"{}", headers=announced).status_code == 413
    assert client.post("/", content=b"", headers=json).status_code == 405


@pytest.mark.parametrize(
    "given", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", ""]
)
def test_a_body_of_another_type_is_refused(client: TestClient, given: str) -> None:
    answer = client.post("/v1/agreements/drafts", content=b'{"terms": {}}', headers={"Content-Type": given})
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/media-type")


def test_a_body_in_another_coding_is_refused(client: TestClient) -> None:
    packed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = client.post("/v1/agreements/drafts", content=gzip.compress(b"{}"), headers=packed)
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/media-type")
    assert "gzip" in answer.json()["detail"]


@pytest.mark.parametrize("then", ["it hangs up", "it says no more"])
def test_half_a_body_is_no_body(then: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However whole it looks: whoever sent it was not done."""
    monkeypatch.setattr(bodies, "MAX_SECONDS", 0.05)
    came: list[Any] = [{"type": "http.request", "body": b"{}", "more_body": True}]
    if then == "it hangs up":
        came.append({"type": "http.disconnect"})
    sent: list[Any] = []

    async def application(*_: Any) -> None:
        raise AssertionError("nobody is to see it")

    async def receive() -> Any:
        if not came:
            await asyncio.Event().wait()
        return came.pop(0)

    async def send(message: Any) -> None:
        sent.append(message.get("status"))

    scope = {"type": "http", "method": "POST", "path": "/v1/agreements/drafts", "headers": []}
    asyncio.run(bodies.Bodies(application)(scope, receive, send))
    assert sent == ([] if then == "it hangs up" else [408, None])


def test_a_cursor_of_another_shape_is_none_of_the_lists(account: str, client: TestClient) -> None:
    import base64

    import orjson

    first = get(client, "/v1/entries", limit=1)["next_cursor"]
    name, *_ = orjson.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    for key in ([1], [1, 2, 3], [], [2**63, 0], [1.5, 2], ["a", "b"], [True, 1], [None, 1]):
        made = base64.urlsafe_b64encode(orjson.dumps([name, *key])).decode()
        problem(client, "/v1/entries", 400, "cursor-invalid", limit=1, cursor=made)


def test_the_bytes_that_are_sent_are_gzip(account: str, client: TestClient) -> None:
    with client.stream("GET", "/v1/partners", headers={"Accept-Encoding": "gzip"}) as answer:
        assert gzip.decompress(b"".join(answer.iter_raw())).startswith(b"{")
