"""Is what stands on a chain this release: its code, which contracts name which, and who may do what.

Needs a node and nothing else. Whatever the node does not say is an error, never a verdict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eth_utils.address import to_checksum_address

from ledger.artifacts.contracts import contract_abi
from ledger.audit import powers_proof, release_code, release_powers
from ledger.audit.powers_proof import Missing, Unproved
from ledger.audit.release_powers import Expected
from ledger.chain import manager_words
from ledger.chain.manager_logs import manager_logs, powers_from
from ledger.chain.node import Node
from ledger.chain.state import BlockState, CallReverted, StateUnsaid
from ledger.errors import LedgerError
from ledger.journal.events import EventUnreadable
from ledger.rules.powers import Powers, PowersBroken
from ledger.terms.contracts import ACCOUNTS, CONTRACTS, JOURNALS, MANAGER
from ledger.terms.deployment import Deployment

_AUTHORITY = "0xbf7e214f"
"""Selector of ``authority()``."""
_GAS = 100_000


@dataclass(frozen=True)
class ReleaseVerdict:
    """As of a block. ``proved``: how it is known that no change of powers is missing; ``unproved``: why it is
    not. ``contracts`` were compared, those too that others created for themselves.
    """

    block: int
    block_hash: bytes
    timestamp: int
    contracts: Mapping[str, str]
    powers: Powers | None
    differences: Sequence[str]
    proved: str | None
    unproved: str | None


def verify(
    node: Node, deployment: Deployment, expected: Mapping[int, Expected], *, local: bool
) -> ReleaseVerdict:
    """Compares a deployment, as of the node's newest block, with this release.

    Raises LedgerError when the node does not say enough for a verdict.
    """
    block = node.newest()
    sight = BlockState(node, block.number, block.hash)
    contracts, found = _code(sight, deployment)
    powers, proved, unproved = None, None, None
    manager = deployment.address(MANAGER)
    if not any(what.startswith(MANAGER) for what in found):
        found += _authorities(sight, deployment)
        logs = manager_logs(node, manager, deployment.block, block.number)
        try:
            powers = powers_from(logs)
        except (PowersBroken, EventUnreadable) as error:
            raise LedgerError(
                f"{node.place} does not give all events of the access manager: {error.what}",
                "Ask a node with the whole history (an archive node).",
            ) from error
        unlike = manager_words.first_unlike(sight, manager, powers)
        if unlike is not None:
            raise LedgerError(
                f"{node.place} does not give all events of the access manager: {unlike}.",
                "Ask a node with the whole history (an archive node).",
            )
        carriers = {log.block_number for log in logs}
        try:
            proved = powers_proof.prove(
                sight, manager, powers, carriers, deployment.block, headers=powers_proof.MOST_HEADERS
            )
        except Missing as error:
            raise LedgerError(
                f"{node.place} does not give all events of the access manager: {error.what}",
                "Ask a node with the whole history (an archive node).",
            ) from error
        except Unproved as error:
            unproved = error.why
        found += release_powers.differences(deployment, powers, expected, block.timestamp, local=local)
    sight.require_block()
    return ReleaseVerdict(
        block.number, block.hash, block.timestamp, contracts, powers, found, proved, unproved
    )


def _code(sight: BlockState, deployment: Deployment) -> tuple[dict[str, str], list[str]]:
    """Every contract, and every one that these name besides; and how they differ."""
    left = [
        (name, deployment.contracts[name]) for name in (*CONTRACTS, ACCOUNTS) if name in deployment.contracts
    ]
    seen: dict[str, str] = {}
    found: list[str] = []
    gone: list[str] = []
    while left:
        name, address = left.pop(0)
        if seen.get(name) == address:
            continue
        seen[name] = address
        code = sight.code(address)
        if not code:
            gone.append(f"{name} {address}: there is no contract")
            continue
        unlike, helpers = release_code.differences(deployment, name, address, code)
        found += unlike
        left += [(each.name, each.address) for each in helpers]
    if gone and len(gone) == len(seen):
        raise StateUnsaid(
            f"{sight.node.place} says of none of the contracts that it is there in block {sight.number}.",
            "Is it fully synchronised? Then the deployment file is of another chain.",
        )
    return seen, gone + found


def _authorities(sight: BlockState, deployment: Deployment) -> list[str]:
    """Contracts that ask another access manager than the deployment's."""
    manager, found = deployment.address(MANAGER), []
    for name in JOURNALS:
        if not any(each.get("name") == "authority" for each in contract_abi(name)):
            continue
        address = deployment.address(name)
        try:
            answer = sight.call(address, _AUTHORITY, _GAS, address)
        except CallReverted:
            found.append(f"{name} {address}: it does not say whom it asks who may call it")
            continue
        said = to_checksum_address(answer[12:32]) if len(answer) == 32 else "0x" + answer.hex()
        if said != manager:
            found.append(f"{name} {address}: it asks {said} who may call it, expected {manager}")
    return found
