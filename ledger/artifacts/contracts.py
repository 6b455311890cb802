"""ABIs, code and storage layouts of the contracts, by their names.

They come with the package as data. In a checkout they are those of the sources as they are: what is not
compiled yet is compiled first, by a program of its own, so that who only reads needs no compiler.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ledger import checkout
from ledger.artifacts import sources
from ledger.errors import LedgerError

SHIPPED = Path(__file__).with_name("contracts.json")
"""Of an installed package; setup.py puts it there."""


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

    Raises LedgerError when there is no such contract, or LookupError when it has no such variable.
    """
    slots: dict[str, int] = _contract(name)["slots"]
    if variable not in slots:
        raise LookupError(f"{name} has no variable {variable}; it has {', '.join(slots)}")
    return slots[variable]


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
    path = SHIPPED
    if checkout.is_one():
        path = sources.kept()
        if not path.exists():
            _compile()
    try:
        artifacts: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise LedgerError(
            f"The contracts' artifacts cannot be read: {error}.",
            "Run `make contracts`." if checkout.is_one() else "Install the package again.",
        ) from error
    return artifacts


def _compile() -> None:
    command = [sys.executable, "-m", "ledger.chain.compiling"]
    done = subprocess.run(command, cwd=checkout.ROOT, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        what, _, hint = done.stderr.strip().partition("\n\n")
        raise LedgerError(what or "The contracts were not compiled.", hint)
