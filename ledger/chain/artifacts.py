"""ABIs and bytecode of the contracts: compiled once with py-solc-x, with exactly foundry.toml's settings.

Results are kept under build/chain/, by a hash over sources, settings and compiler version, so that nothing is
compiled twice. The access manager is not compiled here: its bytecode is the one that OpenZeppelin publishes
in its npm package.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import fasteners
from eth_utils.crypto import keccak

from ledger.chain import compiler
from ledger.chain.project import ROOT
from ledger.errors import LedgerError

SOURCES = {
    "PartnerRegistry": "contracts/partners/PartnerRegistry.sol",
    "AgreementRegistry": "contracts/agreements/AgreementRegistry.sol",
    "DealRegistry": "contracts/deals/DealRegistry.sol",
    "RevenueLedger": "contracts/revenue/RevenueLedger.sol",
    "RevenueSettlement": "contracts/revenue/RevenueSettlement.sol",
    "RevenueDebts": "contracts/revenue/RevenueDebts.sol",
    "TestDollar": "contracts/testnet/TestDollar.sol",
}
RUN_BY_THE_LEDGER = ("RevenueSettlement", "RevenueDebts")
"""Contracts whose code the revenue ledger runs on its own storage, in the order in which it is given them:
what they have is in its ABI, too.
"""
PUBLISHED = {
    "AccessManager": "node_modules/@openzeppelin/contracts/build/contracts/AccessManager.json",
}
_CACHE = Path("build", "chain")
_RUNTIMES = "runtimes"
"""Beside the contracts' names: what every contract is once it is deployed."""
_OPENZEPPELIN = Path("node_modules", "@openzeppelin", "contracts", "package.json")


def contract_abi(name: str) -> list[dict[str, Any]]:
    """A contract's ABI, by its name. Raises LedgerError when there is none, or it does not compile."""
    abi: list[dict[str, Any]] = _artifact(name)["abi"]
    return abi


def bytecode(name: str) -> str:
    """A contract's creation bytecode, 0x hex, without constructor arguments.

    Raises as :func:`contract_abi`.
    """
    code: str = _artifact(name)["bytecode"]
    return code


@dataclass(frozen=True)
class Immutable:
    """A value that the constructor writes into a contract's code, at these byte offsets, 32 bytes each.

    ``type`` is Solidity's, as ``contract IDealRegistry``.
    """

    name: str
    type: str
    places: tuple[int, ...]


@dataclass(frozen=True)
class Runtime:
    """A contract's code once it is deployed, with zeros in the places of its immutables."""

    code: bytes
    immutables: tuple[Immutable, ...]


def runtime(name: str) -> Runtime:
    """What a contract of this release is on a chain, by its name; also one that another contract creates.

    Raises LedgerError when there is none, or it does not compile.
    """
    if name in PUBLISHED:
        return Runtime(bytes.fromhex(published(PUBLISHED[name])["deployedBytecode"][2:]), ())
    known = _compiled()[_RUNTIMES]
    if name not in known:
        raise LedgerError(f"This release has no contract {name}.")
    found = known[name]
    immutables = (
        Immutable(each["name"], each["type"], tuple(each["places"])) for each in found["immutables"]
    )
    return Runtime(bytes.fromhex(found["code"]), tuple(immutables))


def published(path: str) -> dict[str, Any]:
    """An artifact that an npm package brings along, by its path in the project. Raises LedgerError."""
    try:
        artifact: dict[str, Any] = json.loads((ROOT / path).read_text())
    except FileNotFoundError:
        raise LedgerError(f"{path} is missing.", "Run `make setup`, which installs it.") from None
    return artifact


def are_compiled() -> bool:
    """Whether the contracts are compiled as they are now."""
    return _kept().exists()


def compile_all() -> None:
    """Compiles the contracts unless that was done before. Raises LedgerError."""
    _compiled()


@cache
def _artifact(name: str) -> dict[str, Any]:
    if name in PUBLISHED:
        return published(PUBLISHED[name])
    compiled = _compiled()
    if name not in compiled:
        raise LedgerError(f"There is no contract {name}.", f"There are {', '.join([*SOURCES, *PUBLISHED])}.")
    artifact: dict[str, Any] = compiled[name]
    return artifact


@cache
def _compiled() -> dict[str, Any]:
    kept = _kept()
    if not kept.exists():
        # Of several processes that want it, one compiles and the others wait: they share the machine.
        kept.parent.mkdir(parents=True, exist_ok=True)
        with fasteners.InterProcessLock(ROOT / _CACHE / "compiling.lock"):
            if not kept.exists():
                _compile(kept)
    compiled: dict[str, Any] = json.loads(kept.read_text())
    return compiled


def _kept() -> Path:
    return ROOT / _CACHE / f"{_fingerprint()}.json"


def _compile(kept: Path) -> None:
    output = compiler.compile_sources(SOURCES.values(), compiler.find())
    artifacts: dict[str, Any] = {
        name: {
            "abi": _abi(name, output),
            "bytecode": "0x" + output[path][name]["evm"]["bytecode"]["object"],
        }
        for name, path in SOURCES.items()
    }
    artifacts[_RUNTIMES] = {
        name: {"code": deployed["object"], "immutables": deployed["immutables"]}
        for path, contracts in output.items()
        if path.startswith("contracts/")
        for name, contract in contracts.items()
        if (deployed := contract["evm"]["deployedBytecode"])["object"]
    }
    # Renamed into place: who looks without the lock sees nothing or a whole file.
    unfinished = kept.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(artifacts))
    unfinished.replace(kept)


def _abi(name: str, output: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ABI as callers see it: the revenue ledger has the functions, events and errors of those it runs."""
    runs = RUN_BY_THE_LEDGER if name == "RevenueLedger" else ()
    found = {_key(item): item for each in runs for item in output[SOURCES[each]][each]["abi"]}
    found |= {_key(item): item for item in output[SOURCES[name]][name]["abi"]}
    return list(found.values())


def _key(item: Mapping[str, Any]) -> tuple[str, str, str]:
    types = ",".join(each["type"] for each in item.get("inputs", ()))
    return item["type"], item.get("name", ""), "" if item["type"] == "constructor" else types


def _fingerprint() -> str:
    """Hash over everything that the bytecode depends on."""
    sources = sorted((ROOT / "contracts").rglob("*.sol"))
    parts = [
        _RUNTIMES,
        compiler.VERSION,
        json.dumps(compiler.settings(), sort_keys=True),
        (ROOT / _OPENZEPPELIN).read_text(),
    ]
    parts += [f"{path.relative_to(ROOT)}\n{path.read_text()}" for path in sources]
    return keccak(text="\0".join(parts)).hex()[:32]


if __name__ == "__main__":  # `make test` has it done beside other work
    compile_all()
