"""Where the ledger's contracts are on one chain: the file ``deployments/<chainId>.json``."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.chain.node import Node
from ledger.terms import solidity
from ledger.terms.deployment import Deployment, DeploymentInvalid

if TYPE_CHECKING:  # Brownie's environment, which deploys, cannot have what reads settings
    from ledger.settings import Settings

FOLDER = Path("deployments")


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


def find(settings: "Settings", node: Node) -> Deployment:
    """The deployment that the settings name, or the one of the node's chain; it is checked against the chain.

    Raises DeploymentInvalid when there is none, it is of another chain, or its contracts have no code there.
    """
    path = settings.deployment or path_for(node.chain_id)
    deployment = load(path)
    check(deployment, node, str(path))
    return deployment


def check(deployment: Deployment, node: Node, source: str) -> None:
    """Raises DeploymentInvalid, naming ``source``, unless the node's chain holds this deployment."""
    check_chain(deployment, node, source)
    for name, address in deployment.contracts.items():
        if not node.has_code(address):
            raise DeploymentInvalid(
                f"There is no contract at {address}, where {source} has its {name}.",
                "Is the node fully synchronised? If so, the file is wrong: run `pledger deploy`.",
            )


def check_chain(deployment: Deployment, node: Node, source: str) -> None:
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
