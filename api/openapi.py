"""The OpenAPI document: FastAPI's, with the problems' schema and an example of every answer."""

from typing import Any

from fastapi import FastAPI

from api.problem_schema import ProblemBody

_REFERENCE = "#/components/schemas/"


def describe(app: FastAPI) -> None:
    """Completes the document when it is first asked for."""
    plain = app.openapi

    def complete() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            problem = ProblemBody.model_json_schema(ref_template=_REFERENCE + "{model}")
            schemas.update(problem.pop("$defs", {}))
            schemas["ProblemBody"] = problem
            for methods in document["paths"].values():
                for operation in methods.values():
                    _add_examples(operation, schemas)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = complete  # type: ignore[method-assign]  # FastAPI's own way to extend the document


def _add_examples(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get("application/json")
        if status.startswith("2") and content is not None and "example" not in content:
            content["example"] = example(content["schema"], schemas)


def example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """A value that fits a JSON schema: its own example where it has one, else made from its parts."""
    if "examples" in schema:
        return schema["examples"][0]
    for fixed in ("default", "const"):
        if schema.get(fixed) is not None:
            return schema[fixed]
    if "$ref" in schema:
        return example(schemas[schema["$ref"].removeprefix(_REFERENCE)], schemas)
    for several in ("anyOf", "oneOf", "allOf", "enum"):
        if several in schema:
            first = schema[several][0]
            return first if several == "enum" else example(first, schemas)
    match schema.get("type"):
        case "object":
            return {name: example(each, schemas) for name, each in schema.get("properties", {}).items()}
        case "array":
            items = schema["items"]
            return [example(each, schemas) for each in items.get("oneOf", [items])]
        case "integer":
            return max(1, schema.get("minimum", 0))
        case "boolean":
            return True
        case "null":
            return None
    return schema.get("title", "text").lower()
