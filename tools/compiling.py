"""Compiles the contracts once with py-solc-x, with exactly foundry.toml's settings, for `ledger.artifacts`.

`make contracts` runs it as a program. The access manager's code is the one that OpenZeppelin publishes in its
npm package; of its source only the storage layout is taken.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import fasteners

from ledger.artifacts import sources
from ledger.artifacts.contracts import published
from ledger.artifacts.sources import PUBLISHED, PUBLISHED_SOURCES, RUN_BY_THE_LEDGER, SOURCES
from ledger.errors import LedgerError
from ledger.terms.contracts import REVENUE
from tools import compiler, layouts


def compile_all() -> None:
    """Compiles the contracts unless that was done before. Raises LedgerError."""
    _make(sources.kept(), _artifacts)
    _make(sources.kept_layouts(), _layouts)


def _make(kept: Path, made: Callable[[], Any]) -> None:
    if kept.exists():
        return
    # Of several processes that want it, one compiles and the others wait: they share the machine.
    kept.parent.mkdir(parents=True, exist_ok=True)
    with fasteners.InterProcessLock(kept.with_name("compiling.lock")):
        if kept.exists():
            return
        text = json.dumps(made())
        # Renamed into place: who looks without the lock sees nothing or a whole file.
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_text(text)
        unfinished.replace(kept)


def _artifacts() -> dict[str, Any]:
    output = compiler.compile_sources(SOURCES.values(), compiler.find())
    compiled = {name: output[path][name] for name, path in SOURCES.items()}
    contracts: dict[str, Any] = {
        name: {"abi": _abi(name, compiled), "bytecode": "0x" + contract["evm"]["bytecode"]["object"]}
        for name, contract in compiled.items()
    }
    runtimes = {
        name: {"code": deployed["object"], "immutables": deployed["immutables"]}
        for path, of_file in output.items()
        if path.startswith("contracts/")
        for name, contract in of_file.items()
        if (deployed := contract["evm"]["deployedBytecode"])["object"]
    }
    for name, path in PUBLISHED.items():
        artifact = published(path)
        contracts[name] = {"abi": artifact["abi"], "bytecode": artifact["bytecode"]}
        runtimes[name] = {"code": artifact["deployedBytecode"].removeprefix("0x"), "immutables": []}
    return {"contracts": contracts, "runtimes": runtimes}


def _layouts() -> dict[str, Any]:
    """The code is not made for it: this takes seconds."""
    paths = {**SOURCES, **{name: PUBLISHED_SOURCES[name] for name in PUBLISHED}}
    output = compiler.analysed(paths, compiler.find())
    stored = {name: output["contracts"][path][name]["storageLayout"] for name, path in paths.items()}
    return {
        "slots": {name: layouts.slots(layout) for name, layout in stored.items()},
        "structs": layouts.structs(stored.values()),
        "constants": layouts.constants(
            source["ast"] for path, source in output["sources"].items() if path.startswith("contracts/")
        ),
    }


def _abi(name: str, compiled: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ABI as callers see it: the revenue ledger has the functions, events and errors of those it runs."""
    runs = RUN_BY_THE_LEDGER if name == REVENUE else ()
    found = {_key(item): item for each in runs for item in compiled[each]["abi"]}
    found |= {_key(item): item for item in compiled[name]["abi"]}
    return list(found.values())


def _key(item: Mapping[str, Any]) -> tuple[str, str, str]:
    types = ",".join(each["type"] for each in item.get("inputs", ()))
    return item["type"], item.get("name", ""), "" if item["type"] == "constructor" else types


if __name__ == "__main__":  # by `make contracts`, and by `ledger.artifacts.contracts` when they are wanted
    try:
        compile_all()
    except LedgerError as error:
        sys.exit(f"{error.what}\n\n{error.hint}")
