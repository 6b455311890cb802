"""Compiles the contracts once with py-solc-x, with exactly foundry.toml's settings, for `ledger.artifacts`.

`make contracts` runs it as a program. The access manager is not compiled: its code is the one that
OpenZeppelin publishes in its npm package.
"""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

import fasteners

from ledger import checkout
from ledger.artifacts import sources
from ledger.artifacts.sources import PUBLISHED, RUN_BY_THE_LEDGER, SOURCES
from ledger.chain import compiler
from ledger.errors import LedgerError
from ledger.terms.contracts import REVENUE


def are_compiled() -> bool:
    """Whether the contracts are compiled as they are now, or came with the package."""
    return not checkout.is_one() or sources.kept().exists()


def compile_all() -> None:
    """Compiles the contracts unless that was done before. Raises LedgerError."""
    if are_compiled():
        return
    kept = sources.kept()
    # Of several processes that want it, one compiles and the others wait: they share the machine.
    kept.parent.mkdir(parents=True, exist_ok=True)
    with fasteners.InterProcessLock(kept.with_name("compiling.lock")):
        if kept.exists():
            return
        made = json.dumps(_artifacts())
        # Renamed into place: who looks without the lock sees nothing or a whole file.
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_text(made)
        unfinished.replace(kept)


def published(path: str) -> dict[str, Any]:
    """An artifact that an npm package brings along, by its path in the project. Raises LedgerError."""
    try:
        artifact: dict[str, Any] = json.loads((checkout.ROOT / path).read_text())
    except FileNotFoundError:
        raise LedgerError(f"{path} is missing.", "Run `make setup`, which installs it.") from None
    return artifact


def _artifacts() -> dict[str, Any]:
    output = compiler.compile_sources(SOURCES.values(), compiler.find())
    contracts: dict[str, Any] = {
        name: {
            "abi": _abi(name, output),
            "bytecode": "0x" + output[path][name]["evm"]["bytecode"]["object"],
            "slots": _slots(output[path][name]),
        }
        for name, path in SOURCES.items()
    }
    runtimes = {
        name: {"code": deployed["object"], "immutables": deployed["immutables"]}
        for path, compiled in output.items()
        if path.startswith("contracts/")
        for name, contract in compiled.items()
        if (deployed := contract["evm"]["deployedBytecode"])["object"]
    }
    for name, path in PUBLISHED.items():
        artifact = published(path)
        contracts[name] = {"abi": artifact["abi"], "bytecode": artifact["bytecode"], "slots": {}}
        runtimes[name] = {"code": artifact["deployedBytecode"].removeprefix("0x"), "immutables": []}
    return {"contracts": contracts, "runtimes": runtimes}


def _abi(name: str, output: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ABI as callers see it: the revenue ledger has the functions, events and errors of those it runs."""
    runs = RUN_BY_THE_LEDGER if name == REVENUE else ()
    found = {_key(item): item for each in runs for item in output[SOURCES[each]][each]["abi"]}
    found |= {_key(item): item for item in output[SOURCES[name]][name]["abi"]}
    return list(found.values())


def _key(item: Mapping[str, Any]) -> tuple[str, str, str]:
    types = ",".join(each["type"] for each in item.get("inputs", ()))
    return item["type"], item.get("name", ""), "" if item["type"] == "constructor" else types


def _slots(contract: Mapping[str, Any]) -> dict[str, int]:
    """Where each variable is kept. Of a word that several share, each names the word."""
    variables = contract["storageLayout"]["storage"]
    slots = {variable["label"]: int(variable["slot"]) for variable in variables}
    if len(slots) != len(variables):
        raise LedgerError("Two variables of one contract have one name.", "Name one of them otherwise.")
    return slots


if __name__ == "__main__":  # by `make contracts`, and by `ledger.artifacts.contracts` when they are wanted
    try:
        compile_all()
    except LedgerError as error:
        sys.exit(f"{error.what}\n\n{error.hint}")
