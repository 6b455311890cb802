"""ABIs, code and storage layouts of the contracts, by their names.

They come with the package as data. In a checkout they are those of the sources as they are: what is not
compiled yet is compiled first, by a program of its own, so that who only reads needs no compiler.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ledger import checkout
from ledger.artifacts import sources
from ledger.errors import LedgerError

SHIPPED, SHIPPED_LAYOUTS = (Path(__file__).with_name(name) for name in ("contracts.json", "layouts.json"))
"""Of an installed package; setup.py puts them there."""


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


def contract_abi(name: str) -> list[dict[str, Any]]:
    """A contract's ABI, by its name. Raises LedgerError when there is none, or it does not compile."""
    abi: list[dict[str, Any]] = _contract(name)["abi"]
    return abi


def bytecode(name: str) -> str:
    """A contract's creation bytecode, 0x hex, without constructor arguments.

    Raises as :func:`contract_abi`.
    """
    code: str = _contract(name)["bytecode"]
    return code


def slot(name: str, variable: str) -> int:
    """The slot in which a contract of this release keeps one of its variables, as the compiler laid them out.

    Raises LookupError when there is no such contract or variable.
    """
    found: int = _named(_layouts()["slots"], name, variable)
    return found


@dataclass(frozen=True)
class Field:
    """A field of a struct in storage: in the word so many after its first, ``bits`` wide, from ``bit`` on."""

    word: int
    bit: int
    bits: int

    def of(self, word: int) -> int:
        """What a word says of the field."""
        return word >> self.bit & (1 << self.bits) - 1

    def put(self, value: int) -> int:
        """The part of the word that says this value."""
        return value << self.bit


def field(struct: str, name: str) -> Field:
    """Where the contracts of this release keep a field of a struct, as the compiler laid it out.

    Raises LookupError when there is no such struct or field.
    """
    return Field(*_named(_layouts()["structs"], struct, name))


def constant(scope: str, name: str) -> int:
    """A constant of this release's contracts, by the contract, library or file that has it.

    Raises LookupError when there is none.
    """
    found: int = _named(_layouts()["constants"], scope, name)
    return found


def _named(among: Mapping[str, Mapping[str, Any]], scope: str, name: str) -> Any:
    if scope not in among or name not in among[scope]:
        raise LookupError(f"there is no {scope}.{name} in the contracts")
    return among[scope][name]


def runtime(name: str) -> Runtime:
    """What a contract of this release is on a chain, by its name; also one that another contract creates.

    Raises LedgerError when there is none, or it does not compile.
    """
    known = _artifacts()["runtimes"]
    if name not in known:
        raise LedgerError(f"This release has no contract {name}.")
    found = known[name]
    immutables = (
        Immutable(each["name"], each["type"], tuple(each["places"])) for each in found["immutables"]
    )
    return Runtime(bytes.fromhex(found["code"]), tuple(immutables))


def _contract(name: str) -> dict[str, Any]:
    contracts = _artifacts()["contracts"]
    if name not in contracts:
        raise LedgerError(f"There is no contract {name}.", f"There are {', '.join(contracts)}.")
    found: dict[str, Any] = contracts[name]
    return found


@cache
def _artifacts() -> dict[str, Any]:
    return _read(SHIPPED, sources.kept)


@cache
def _layouts() -> dict[str, Any]:
    return _read(SHIPPED_LAYOUTS, sources.kept_layouts)


def _read(shipped: Path, kept: Callable[[], Path]) -> dict[str, Any]:
    path = shipped
    if checkout.is_one():
        path = kept()
        if not path.exists():
            compile_all()
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise LedgerError(
            f"The contracts' artifacts cannot be read: {error}.",
            "Run `make contracts`." if checkout.is_one() else "Install the package again.",
        ) from error
    return found


def are_compiled() -> bool:
    """Whether the contracts are compiled as they are now, or came with the package."""
    return not checkout.is_one() or (sources.kept().exists() and sources.kept_layouts().exists())


def compile_all() -> None:
    """Compiles the contracts unless that was done before. Raises LedgerError."""
    command = [sys.executable, "-m", "tools.compiling"]
    done = subprocess.run(command, cwd=checkout.ROOT, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        what, _, hint = done.stderr.strip().partition("\n\n")
        raise LedgerError(what or "The contracts were not compiled.", hint)


def published(path: str) -> dict[str, Any]:
    """An artifact that an npm package brings along, by its path in the checkout. Raises LedgerError."""
    try:
        artifact: dict[str, Any] = json.loads((checkout.ROOT / path).read_text())
    except FileNotFoundError:
        raise LedgerError(f"{path} is missing.", "Run `make setup`, which installs it.") from None
    return artifact
