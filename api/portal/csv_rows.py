"""The rows of a list as CSV (RFC 4180), a column for each of their members."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import orjson
from fastapi import Response
from pydantic import BaseModel

_STEERS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is a formula to spreadsheets."""


def csv_of(rows: Sequence[object], name: str) -> Response:
    """A file to download. Texts that a spreadsheet would run stand behind an apostrophe."""
    flat = [dict(_members(row, "")) for row in rows]
    columns = list(dict.fromkeys(column for row in flat for column in row))
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(columns)
    lines.writerows([_cell(row.get(column)) for column in columns] for row in flat)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _members(value: object, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    elif is_dataclass(value) and not isinstance(value, type):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _members(inner, f"{path}.{name}" if path else str(name))
    else:
        yield path, value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        is_number = value[:1] == "-" and value[1:].replace(".", "", 1).isdecimal()
        return "'" + value if value.startswith(_STEERS) and not is_number else value
    if isinstance(value, bool | int):
        return str(value).lower()
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: object) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, bytes):
        return "0x" + value.hex()
    raise TypeError(f"expected something that JSON has, got {type(value).__name__}")
