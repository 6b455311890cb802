"""Where the ledger's contracts are on one chain: the file ``deployments/<chainId>.json``."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from eth_typing import ChecksumAddress

from ledger.errors import LedgerError
from ledger.terms import solidity
from ledger.terms.contracts import CONTRACTS, JOURNALS

if TYPE_CHECKING:
    from ledger.chain.node import Node
    from ledger.settings import Settings

FOLDER = Path("deployments")
LEDGER_CONTRACTS = JOURNALS


class DeploymentInvalid(LedgerError):
    """A deployment file is missing, malformed, or of another chain."""


@dataclass(frozen=True)
class Deployment:
    """One set of contracts. ``tokens`` are those deployed along with it, by symbol; on a real chain none."""

    chain_id: int
    block: int
    """Number of the block of the first contract: nothing of the ledger is older."""
    block_hash: bytes
    contracts: Mapping[str, ChecksumAddress]
    tokens: Mapping[str, ChecksumAddress] = field(default_factory=dict)

    def address(self, contract: str) -> ChecksumAddress:
        """Address of a contract by its name. Raises DeploymentInvalid when the deployment has none."""
        if contract not in self.contracts:
            raise DeploymentInvalid(
                f"This deployment has no {contract}.", f"It has {', '.join(self.contracts) or 'none'}."
            )
        return self.contracts[contract]

    def kind_of(self, address: str | bytes) -> str | None:
        """Name of the contract at an address, None when it is none of these."""
        wanted = address if isinstance(address, bytes) else bytes.fromhex(address.removeprefix("0x"))
        for name, known in self.contracts.items():
            if bytes.fromhex(known[2:]) == wanted:
                return name
        return None

    def to_json(self) -> dict[str, Any]:
        """What :meth:`save` writes."""
        return {
            "chain_id": self.chain_id,
            "block": self.block,
            "block_hash": "0x" + self.block_hash.hex(),
            "contracts": dict(self.contracts),
            "tokens": dict(self.tokens),
        }

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """Raises ValueInvalid naming the first part that is missing or malformed."""
        if not isinstance(document, Mapping):
            raise solidity.ValueInvalid("deployment", "is not an object")
        contracts = _addresses(document, "contracts")
        for name in CONTRACTS:
            if name not in contracts:
                raise solidity.ValueInvalid(f"contracts.{name}", "is missing")
        return cls(
            chain_id=solidity.parse("uint64", document.get("chain_id"), "chain_id"),
            block=solidity.parse("uint64", document.get("block"), "block"),
            block_hash=solidity.parse("bytes32", document.get("block_hash"), "block_hash"),
            contracts=contracts,
            tokens=_addresses(document, "tokens") if "tokens" in document else {},
        )


def _addresses(document: Mapping[str, Any], key: str) -> dict[str, ChecksumAddress]:
    found = document.get(key)
    if not isinstance(found, Mapping):
        raise solidity.ValueInvalid(key, "is not an object of names and addresses")
    return {name: solidity.parse("address", address, f"{key}.{name}") for name, address in found.items()}


def path_for(chain_id: int) -> Path:
    """Where the deployment on a chain is kept when nothing else is said."""
    return FOLDER / f"{chain_id}.json"


def load(path: Path) -> Deployment:
    """Reads a deployment file. Raises DeploymentInvalid."""
    try:
        text = path.read_text()
    except FileNotFoundError:
        raise DeploymentInvalid(
            f"There is no deployment file {path}.",
            "Run `pledger deploy`, or name the file in PLEDGER_DEPLOYMENT.",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise DeploymentInvalid(f"The deployment file {path} cannot be read: {error}.") from error
    try:
        return Deployment.from_json(json.loads(text))
    except (json.JSONDecodeError, solidity.ValueInvalid) as error:
        raise DeploymentInvalid(
            f"{path} is not a deployment file: {error}.", "Write it anew with `pledger deploy`."
        ) from error


def save(deployment: Deployment, path: Path) -> None:
    """Writes a deployment file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(json.dumps(deployment.to_json(), indent=2) + "\n")
    unfinished.replace(path)


def require_writable(path: Path) -> None:
    """Raises DeploymentInvalid unless the file can be written: asked before anything is deployed."""
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if path.is_dir() or not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise DeploymentInvalid(f"{path} cannot be written.", "Choose another file with --out.")


def find(settings: "Settings", node: "Node") -> Deployment:
    """The deployment that the settings name, or the one of the node's chain; it is checked against the chain.

    Raises DeploymentInvalid when there is none, it is of another chain, or its contracts have no code there.
    """
    path = settings.deployment or path_for(node.chain_id)
    deployment = load(path)
    check(deployment, node, str(path))
    return deployment


def check(deployment: Deployment, node: "Node", source: str) -> None:
    """Raises DeploymentInvalid, naming ``source``, unless the node's chain holds this deployment."""
    check_chain(deployment, node, source)
    for name, address in deployment.contracts.items():
        if not node.has_code(address):
            raise DeploymentInvalid(
                f"There is no contract at {address}, where {source} has its {name}.",
                "Is the node fully synchronised? If so, the file is wrong: run `pledger deploy`.",
            )


def check_chain(deployment: Deployment, node: "Node", source: str) -> None:
    """Raises DeploymentInvalid, naming ``source``, unless the node is of this deployment's chain."""
    if deployment.chain_id != node.chain_id:
        raise DeploymentInvalid(
            f"{source} is for chain {deployment.chain_id}, but {node.place} is chain {node.chain_id}.",
            "Set PLEDGER_RPC_URL or PLEDGER_DEPLOYMENT so that the two belong together.",
        )
    block = node.block(deployment.block)
    if block is None or block.hash != deployment.block_hash:
        raise DeploymentInvalid(
            f"{node.place} is another chain than that of {source}: its block {deployment.block} "
            + ("does not exist." if block is None else f"is 0x{block.hash.hex()}."),
            "A local chain that was started anew needs `pledger deploy --force`.",
        )
