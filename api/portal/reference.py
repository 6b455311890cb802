"""The API's own description (OpenAPI) as a page shows it: by topic, what operations take and answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from markupsafe import Markup, escape

from api.openapi import example

_SCHEMAS = "#/components/schemas/"
_DEEPEST = 6
_BODIES = ("application/json", "application/problem+json")


@dataclass(frozen=True)
class Parameter:
    """Something that an operation takes; ``where`` is path, query or header. ``choices``: all it can be."""

    name: str
    where: str
    required: bool
    kind: str
    text: Markup
    hint: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """A member of an answer, by its path in it."""

    path: str
    kind: str
    text: Markup


@dataclass(frozen=True)
class Outcome:
    """A status that an operation answers with, and what that means."""

    status: str
    text: str


@dataclass(frozen=True)
class Operation:
    """One operation. ``body`` is an example of what it is sent, None when it takes none."""

    anchor: str
    method: str
    path: str
    title: str
    text: list[Markup]
    parameters: list[Parameter]
    body: str | None
    answer: str
    fields: list[Field]
    outcomes: list[Outcome]


@dataclass(frozen=True)
class Topic:
    """Operations about one kind of thing."""

    name: str
    operations: list[Operation]


def topics(document: Mapping[str, Any]) -> list[Topic]:
    """Every operation of the document, in its order."""
    schemas = document["components"]["schemas"]
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", ["other"])[0]
            found.setdefault(tag, []).append(_operation(path, method, operation, schemas))
    return [Topic(name, operations) for name, operations in found.items()]


def _operation(path: str, method: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Operation:
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json")
    ok = next(each for status, each in operation["responses"].items() if status.startswith("2"))
    content = ok.get("content", {}).get("application/json", {})
    return Operation(
        anchor=f"{method}-{re.sub('[^a-z0-9]+', '-', path.lower()).strip('-')}",
        method=method.upper(),
        path=path,
        title=operation.get("summary", path).rstrip("."),
        text=[in_code(each) for each in operation.get("description", "").split("\n\n")],
        parameters=[_parameter(each) for each in operation.get("parameters", [])],
        body=None if sent is None else pretty(example(sent["schema"], dict(schemas))),
        answer=pretty(content["example"]) if "example" in content else "",
        fields=list(_fields(content.get("schema", {}), schemas, "", 0)),
        outcomes=list(_outcomes(operation["responses"])),
    )


def _parameter(parameter: Mapping[str, Any]) -> Parameter:
    schema = parameter["schema"]
    plain = next((each for each in schema.get("anyOf", []) if each.get("type") != "null"), schema)
    hints = plain.get("examples") or schema.get("examples") or []
    if "default" in schema and schema["default"] is not None:
        hints = [schema["default"]]
    choices = plain.get("enum") or (["true", "false"] if plain.get("type") == "boolean" else [])
    return Parameter(
        name=parameter["name"],
        where=parameter["in"],
        required=parameter.get("required", False),
        kind=plain.get("type", "string"),
        text=in_code(parameter.get("description", "")),
        hint=str(hints[0]).lower()
        if hints and isinstance(hints[0], bool)
        else str(hints[0])
        if hints
        else "",
        choices=tuple(str(each) for each in choices),
    )


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any], path: str, depth: int) -> Iterator[Field]:
    """The members of a schema and of those in it, each once on its way down."""
    if "$ref" in schema:
        yield from _fields(schemas[schema["$ref"].removeprefix(_SCHEMAS)], schemas, path, depth)
        return
    for several in ("anyOf", "oneOf", "allOf"):
        seen: set[str] = set()
        for each in schema.get(several, []):
            for field in _fields(each, schemas, path, depth):
                if field.path not in seen:
                    seen.add(field.path)
                    yield field
    if schema.get("type") == "array":
        yield from _fields(schema["items"], schemas, f"{path}[]", depth)
    if depth < _DEEPEST:
        for name, each in schema.get("properties", {}).items():
            at = f"{path}.{name}" if path else name
            yield Field(at, _kind(each, schemas), in_code(each.get("description", "")))
            yield from _fields(each, schemas, at, depth + 1)


def _kind(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return _kind(schemas[schema["$ref"].removeprefix(_SCHEMAS)], schemas)
    if "enum" in schema:
        return "one of " + ", ".join(str(each) for each in schema["enum"])
    if "anyOf" in schema or "oneOf" in schema:
        kinds = (_kind(each, schemas) for each in schema.get("anyOf", schema.get("oneOf", [])))
        return " or ".join(dict.fromkeys(kinds))
    return str(schema.get("type", "any"))


def _outcomes(responses: Mapping[str, Any]) -> Iterator[Outcome]:
    for status, response in responses.items():
        named = [
            each["summary"]
            for kind in _BODIES
            for each in response.get("content", {}).get(kind, {}).get("examples", {}).values()
        ]
        plain = "the answer below" if status.startswith("2") else response.get("description", "")
        yield Outcome(status, "; ".join(named) or plain)


def in_code(text: str) -> Markup:
    """Text of a docstring, escaped, with what stands between backticks as code."""
    return Markup(re.sub(r"`{1,2}([^`]+)`{1,2}", r"<code>\1</code>", str(escape(text))))  # noqa: S704


def pretty(value: Any) -> str:
    """JSON to read."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
