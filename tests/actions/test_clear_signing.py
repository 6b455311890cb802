"""Wallets are told how to show each struct, of exactly the members that it has (ERC-7730)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.actions import ACTIONS, clear_signing
from ledger.actions.structs import name_of
from ledger.signing.eip712 import DOMAIN_NAMES
from ledger.terms.deployment import Deployment

FILES = clear_signing.files()
FORMATS = {"raw", "addressName", "tokenAmount", "date", "duration"}


def test_the_package_has_the_files_that_follow_from_the_declarations(tmp_path: Path) -> None:
    assert {path.name: json.loads(path.read_text()) for path in clear_signing.FOLDER.iterdir()} == FILES, (
        "run `python -m ledger.actions.clear_signing`"
    )
    assert set(FILES) == {
        f"eip712-{each.contract}-{name_of(each.struct)}.json" for each in ACTIONS.values() if each.struct
    }


def leaves(types: dict[str, list[dict[str, str]]], kind: str, path: str) -> list[tuple[str, str]]:
    """Every member within a struct: its path as the files write it, and its type."""
    if kind.endswith("[]"):
        return leaves(types, kind[:-2], f"{path}.[]")
    if kind not in types:
        return [(path, kind)]
    begin = f"{path}." if path else ""
    return [leaf for each in types[kind] for leaf in leaves(types, each["type"], begin + each["name"])]


def flat(fields: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each field by its whole path, also those of the structs in a list."""
    for field in fields:
        if "fields" in field:
            yield from ((f"{field['path']}.{path}", inner) for path, inner in flat(field["fields"]))
        else:
            yield field["path"], field


@pytest.mark.parametrize("name", FILES)
def test_each_member_is_shown_once_in_a_form_of_its_type(name: str) -> None:
    file = FILES[name]
    [schema] = file["context"]["eip712"]["schemas"]
    [(primary, shown)] = file["display"]["formats"].items()
    assert primary == schema["primaryType"] and 0 < len(shown["intent"]) <= 30
    there = dict(leaves(schema["types"], primary, ""))
    each_shown = [*flat(shown["fields"])]
    said: dict[str, Any] = dict(each_shown)
    assert len(said) == len(each_shown), "a member is shown once"
    assert set(said) | set(shown["excluded"]) == set(there), "and none is left out unsaid"
    for path, field in said.items():
        kind, form, params = there[path], field["format"], field.get("params", {})
        assert form in FORMATS and 0 < len(field["label"]) <= 25, path
        assert (form == "addressName") == (kind == "address"), path
        if form in ("tokenAmount", "date", "duration"):
            assert kind.startswith("uint"), path
        if form == "tokenAmount":
            assert there[params["tokenPath"].removeprefix("#.")] == "address", path
        if form == "date":
            assert params == {"encoding": "timestamp"}, path
    assert said["deadline"]["format"] == "date"


def test_a_deployments_files_name_its_chain_and_contracts(tmp_path: Path) -> None:
    addresses = {name: "0x" + f"{number:040x}" for number, name in enumerate(DOMAIN_NAMES, 1)}
    deployment = Deployment(8453, 1, bytes(32), addresses)  # type: ignore[arg-type]  # plain text will do
    for path in clear_signing.write(tmp_path, deployment):
        [at] = json.loads(path.read_text())["context"]["eip712"]["deployments"]
        assert at == {"chainId": 8453, "address": addresses[path.name.split("-")[1]]}
