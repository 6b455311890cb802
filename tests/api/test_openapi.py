"""OpenAPI is a product: every operation has a summary, an example, and every error it can answer with."""

from typing import Any

import orjson
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from api.app import _routers
from api.problem_schema import ProblemBody
from api.tagged_route import TaggedRoute

AS_OF_NO_BLOCK = ("healthz", "list_problems", "get_problem", "list_actions", "list_drafts")


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


def test_every_operation_has_a_name_that_a_client_can_call_it_by(client: TestClient) -> None:
    names = [operation["operationId"] for _, _, operation in operations(client)]
    assert len({*names}) == len(names)
    assert all(name.isidentifier() and len(name) < 30 for name in names), names


def _routes() -> dict[str, APIRoute]:
    return {each.name: each for router in _routers() for each in router.routes if isinstance(each, APIRoute)}


def test_every_operation_lists_its_errors_as_problems(client: TestClient) -> None:
    routes = _routes()
    for path, method, operation in operations(client):
        if isinstance(routes[operation["operationId"]], TaggedRoute):
            assert "content" not in operation["responses"]["304"], path
        errors = {status: each for status, each in operation["responses"].items() if status[0] in "45"}
        assert {"422", "500", "503"} <= {*errors}, path
        assert method == "get" or {"408", "413", "415", "429"} <= {*errors}, path
        for status, each in errors.items():
            (content,) = each["content"].items()
            assert content[0] == "application/problem+json", (path, status)
            assert content[1]["examples"], (path, status)
            for each in content[1]["examples"].values():
                assert ProblemBody.model_validate(each["value"]).status == int(status)
        if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", [])):
            assert "cursor-invalid" in errors["400"]["content"]["application/problem+json"]["examples"]


def test_every_example_is_an_answer_of_its_operation(client: TestClient) -> None:
    """In form: whoever makes a client of the document, or tries it against the examples, is not misled."""
    routes = _routes()
    shown = 0
    for _, _, operation in operations(client):
        route = routes[operation["operationId"]]
        for status, response in operation["responses"].items():
            content = response.get("content", {}).get("application/json")
            if status.startswith("2") and content is not None:
                TypeAdapter(route.response_model).validate_json(orjson.dumps(content["example"]), strict=True)
                of_no_block = route.name in AS_OF_NO_BLOCK or {"people", "relays"} & {*operation["tags"]}
                assert of_no_block or content["example"]["as_of_block"]["number"]
                shown += 1
    assert shown > 20


def test_the_problems_schema_is_there(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert {"type", "title", "status", "detail", "next"} <= set(schemas["ProblemBody"]["required"])
    assert "HTTPValidationError" not in schemas, "what this server never answers with"
