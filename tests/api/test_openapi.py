"""OpenAPI is a product: every operation has a summary, an example, and every error it can answer with."""

from typing import Any

from starlette.testclient import TestClient


def operations(client: TestClient) -> list[tuple[str, str, dict[str, Any]]]:
    paths = client.get("/openapi.json").json()["paths"]
    return [
        (path, method, operation)
        for path, methods in paths.items()
        if path.startswith(("/v1/", "/healthz", "/readyz", "/problems"))
        for method, operation in methods.items()
    ]


def test_every_operation_says_what_it_does(client: TestClient) -> None:
    for path, method, operation in operations(client):
        assert operation["summary"], (method, path)
        assert operation["description"], (method, path)
        assert operation["tags"], (method, path)


def test_every_read_lists_its_errors_as_problems(client: TestClient) -> None:
    for path, method, operation in operations(client):
        if method != "get" or path.startswith("/v1/agreements/drafts"):
            continue
        errors = {status: each for status, each in operation["responses"].items() if status[0] in "45"}
        assert "500" in errors, path
        for status, each in errors.items():
            (content,) = each["content"].items()
            assert content[0] == "application/problem+json", (path, status)
            assert content[1]["examples"], (path, status)
        if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", [])):
            assert "cursor-invalid" in errors["400"]["content"]["application/problem+json"]["examples"]


def test_every_read_shows_an_example_of_its_answer(client: TestClient) -> None:
    for path, method, operation in operations(client):
        if method == "get" and path.startswith("/v1/") and "drafts" not in path:
            content = operation["responses"]["200"]["content"]["application/json"]
            assert content["example"]["as_of_block"]["number"], path


def test_the_problems_schema_is_there(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert {"type", "title", "status", "detail", "next"} <= set(schemas["ProblemBody"]["required"])
