"""Getting answers of the API in tests."""

from collections.abc import Iterator
from typing import Any

from starlette.testclient import TestClient


def get(client: TestClient, path: str, **query: Any) -> Any:
    """The body of a successful answer."""
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def pages(client: TestClient, path: str, **query: Any) -> Iterator[Any]:
    """The bodies of all pages of a list."""
    body = get(client, path, **query)
    yield body
    while body["next_cursor"] is not None:
        body = get(client, path, **query, cursor=body["next_cursor"])
        yield body


def listed(client: TestClient, path: str, key: str, **query: Any) -> list[Any]:
    """All rows of a list, over all pages."""
    return [row for page in pages(client, path, **query) for row in page[key]]


def problem(client: TestClient, path: str, status_code: int, kind: str, /, **query: Any) -> Any:
    """The body of a problem of this status and type."""
    answer = client.get(path, params=query)
    assert answer.status_code == status_code, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == f"/problems/{kind}"
    assert body["status"] == status_code
    assert body["title"] and body["detail"] and body["next"]
    return body
