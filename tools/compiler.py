"""Finding a Solidity compiler and running it through py-solc-x with foundry.toml's settings."""

import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import requests
import solcx
import solcx.exceptions

from ledger.artifacts.sources import COMPILER, settings
from ledger.checkout import ROOT
from ledger.errors import LedgerError

_OUTPUTS = ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"]
_RUNTIME = ["evm.deployedBytecode.object", "evm.deployedBytecode.immutableReferences"]
"""Of every contract, whoever creates it: a contract may create one that nobody names."""


class CompilerError(LedgerError):
    """There is no usable compiler, or it refused the sources."""


def find() -> Path:
    """A compiler of the right version: SOLC, ``solc`` in the PATH, npm's, or a download where allowed.

    Raises CompilerError.
    """
    chosen = os.environ.get("SOLC")
    if chosen:
        return _required(chosen)
    on_path = shutil.which("solc")
    if on_path and _version(on_path) == COMPILER:
        return Path(on_path)
    wrapper = ROOT / "tools" / "solc"
    if wrapper.exists() and shutil.which("node") and (ROOT / "node_modules" / "solc").exists():
        return wrapper
    return _downloaded()


def compile_sources(paths: Iterable[str], solc: Path) -> dict[str, dict[str, Any]]:
    """Compiles source files, given relative to the project's root, together with all of contracts/.

    All of it even when less is wanted: the optimizer's result depends on which other sources the compiler is
    given, and forge and Brownie give it all of them. Returns the compiler's output of every contract in the
    named files, ``{path: {name: {"abi": ..., "evm": ...}}}``; of others, the runtime code.
    Raises CompilerError with the compiler's own words.
    """
    paths = list(paths)
    named = {path: {"*": _OUTPUTS} for path in paths}
    output = _run({*paths, *_contracts()}, {"*": {"*": _RUNTIME, "": ["ast"]}} | named, solc)
    _name_immutables(output)
    found: dict[str, dict[str, dict[str, Any]]] = output["contracts"]
    return found


def analysed(paths: Mapping[str, str], solc: Path) -> dict[str, Any]:
    """What the compiler knows before it makes any code: by ``sources`` their ``ast``, by ``contracts`` the
    ``storageLayout`` of those named here, each with its file. Raises CompilerError.
    """
    wanted: dict[str, dict[str, list[str]]] = {"*": {"": ["ast"]}}
    for name, path in paths.items():
        wanted[path] = {name: ["storageLayout"]}
    return _run({*paths.values(), *_contracts()}, wanted, solc)


def _contracts() -> set[str]:
    return {str(path.relative_to(ROOT)) for path in (ROOT / "contracts").rglob("*.sol")}


def _run(paths: Collection[str], wanted: Mapping[str, Any], solc: Path) -> dict[str, Any]:
    standard_json = {
        "language": "Solidity",
        "sources": {path: {"content": (ROOT / path).read_text()} for path in sorted(paths)},
        "settings": settings() | {"outputSelection": wanted},
    }
    try:
        output: dict[str, Any] = solcx.compile_standard(
            standard_json, solc_binary=solc, base_path=ROOT, allow_paths=[ROOT]
        )
    except solcx.exceptions.SolcError as error:
        raise CompilerError(f"The contracts do not compile: {error.message.strip()}") from error
    except OSError as error:
        raise CompilerError(f"The compiler {solc} cannot be run: {error}.") from error
    return output


def _name_immutables(output: Mapping[str, Any]) -> None:
    """Puts into each contract's ``deployedBytecode`` its ``immutables``: name, type and places."""
    variables = {
        node["id"]: node
        for source in output["sources"].values()
        for contract in source["ast"]["nodes"]
        for node in contract.get("nodes", ())
        if node.get("mutability") == "immutable"
    }
    for contracts in output["contracts"].values():
        for contract in contracts.values():
            places = contract["evm"]["deployedBytecode"].pop("immutableReferences", {})
            contract["evm"]["deployedBytecode"]["immutables"] = [
                {
                    "name": variables[int(number)]["name"],
                    "type": variables[int(number)]["typeDescriptions"]["typeString"],
                    "places": [place["start"] for place in some],
                }
                for number, some in places.items()
            ]


def _required(chosen: str) -> Path:
    found = shutil.which(chosen)
    if found is None:
        raise CompilerError(f"SOLC is {chosen}, which is not a program.", "Unset it to use npm's compiler.")
    version = _version(found)
    if version != COMPILER:
        raise CompilerError(
            f"SOLC is {chosen}, version {version or 'unknown'}; the contracts are built with {COMPILER}.",
            "Unset it to use npm's compiler.",
        )
    return Path(found)


def _version(program: str) -> str | None:
    try:
        shown = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"Version: (\d+\.\d+\.\d+)", shown.stdout)
    return found[1] if found else None


def _downloaded() -> Path:
    try:
        solcx.install_solc(COMPILER)
        return Path(solcx.install.get_executable(COMPILER))
    except (OSError, requests.RequestException, solcx.exceptions.SolcInstallationError) as error:
        raise CompilerError(
            f"There is no Solidity compiler {COMPILER}, and it cannot be downloaded.",
            "Run `make setup`, which installs npm's, or set SOLC to a native one.",
        ) from error
