"""No request gives a 500: every operation of the OpenAPI document, with values that nobody expects."""

import json
import re
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from ledger_world import World
from signing_room import open_room

from api.problem_schema import ProblemBody
from ledger.indexer.run import indexing
from ledger.store.database import Database

NASTY = (
    "", " ", "0", "-1", "1e9", "2" * 30, "9" * 5_000, str(2**63), str(-(2**63) - 1), "NaN", "null", "true",
    "\0", "a\0b", "%00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "ÿ", "\u202e", "ß" * 99,
    "'; DROP TABLE chain.entry; --", "../../etc/passwd", "{{7*7}}", "<script>", "0x", "0x" + "0" * 40,
    "0x" + "f" * 64, "0X" + "F" * 40, "0x" + "٣" * 40, "31337:", ":0x" + "0" * 40, "1:" + "0x" + "1" * 40,
    "won", "PaymentReceived", "RevenueLedger", "W10", "WyJhIiwxXQ", "eyJhIjoxfQ", "W1tbW1tbW10", "a" * 400,
)  # fmt: skip
VALUES = st.sampled_from(NASTY) | st.text(max_size=20) | st.integers().map(str)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(NASTY) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
HEADERS = (
    "Pledger-At-Least",
    "If-None-Match",
    "Accept",
    "Accept-Encoding",
    "Range",
    "Origin",
    "Cookie",
    "Host",
)


@pytest.fixture
def known(world: World, client: TestClient, database: Database) -> dict[str, Any]:
    """Things that are there, so that what is asked leads further than to the first refusal."""
    vendor, agency = world.partner("Vendor", level=1), world.partner("Agency", level=1)
    agreement = world.agreement([vendor, agency], programme=world.programme(vendor), hold_seconds=86_400)
    deal = world.commit(agreement, agency, "acme.example")
    world.pay(vendor, agreement, 1_000)
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    draft = open_room(client, world.terms([vendor, agency])).draft
    return {
        "address": vendor.account,
        "agreement": "0x" + agreement.id.hex(),
        "deal": "0x" + deal.id.hex(),
        "slug": "not-found",
        "name": "claim",
        "id": draft["id"],
        "credential": "h8JQ3n1fR2mS0dT7uVwXyZ",
        "terms": draft["terms"],
    }


def operations(client: TestClient) -> list[tuple[str, str, list[str]]]:
    """Method, path and the names of the query parameters."""
    return [
        (method, path, [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"])
        for path, methods in client.get("/openapi.json").json()["paths"].items()
        for method, operation in methods.items()
    ]


PAGES = ["/", "/partners", "/deals", "/deals/{deal}", "/agreements/{agreement}", "/partners/{address}"]


@seed(7)
@settings(
    max_examples=120,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(draw=st.data())
def test_whatever_is_asked_the_answer_is_no_fault_of_the_servers(
    client: TestClient, known: dict[str, Any], draw: Any
) -> None:
    method, path, names = draw.draw(
        st.sampled_from([*operations(client), *(("get", page, ["limit", "cursor"]) for page in PAGES)])
    )
    hostile = draw.draw(st.sampled_from(["path", "query", "headers", "body", "all"]))

    def place(name: re.Match[str]) -> str:
        nasty = hostile in ("path", "all") and draw.draw(st.booleans())
        return quote(draw.draw(VALUES).encode("utf-8", "replace"), safe="") if nasty else known[name[1]]

    query: dict[str, str] = {}
    if hostile in ("query", "all"):
        chosen = draw.draw(st.lists(st.sampled_from([*names, "unknown"]), max_size=3, unique=True))
        query = {name: draw.draw(VALUES).encode("utf-8", "replace").decode() for name in chosen}
    headers = {}
    if hostile in ("headers", "all"):
        name = draw.draw(st.sampled_from(HEADERS))
        headers[name] = re.sub(r"[^\x20-\x7e\xa0-\xff]", "?", draw.draw(VALUES)).encode("latin-1")
    content = None
    if method == "post":
        headers["Content-Type"] = b"application/json"
        content = body(draw, path, known, hostile in ("body", "all"))
    answer = client.request(
        method, re.sub(r"\{(\w+)\}", place, path), params=query, headers=headers, content=content
    )
    assert answer.status_code < 500, (method, answer.url, headers, content, answer.text)
    if answer.status_code >= 400 and answer.headers["content-type"] != "text/html; charset=utf-8":
        assert answer.headers["content-type"] == "application/problem+json"
        problem = ProblemBody.model_validate_json(answer.content)
        assert problem.status == answer.status_code
        assert problem.field is None or problem.errors


def body(draw: Any, path: str, known: dict[str, Any], hostile: bool) -> bytes:
    """Bytes of a body: what the operation takes, with something else in one place of it, or anything."""
    if path.endswith("signatures"):
        sent: dict[str, Any] = {"account": known["address"], "nonce": "1", "deadline": "2", "signature": "0x"}
        inner = sent
    else:
        sent = {"terms": dict(known["terms"])}
        inner = sent["terms"]
    if not hostile:
        return orjson.dumps(sent)
    kind = draw.draw(st.sampled_from(["field", "field", "whole", "bytes"]))
    if kind == "bytes":
        return bytes(draw.draw(st.binary(max_size=40)))
    if kind == "whole":
        return json.dumps(draw.draw(JSON)).encode("utf-8", "surrogatepass")
    inner[draw.draw(st.sampled_from([*inner, "more"]))] = draw.draw(JSON)
    return json.dumps(sent).encode("utf-8", "surrogatepass")
