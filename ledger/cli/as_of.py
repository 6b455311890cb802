"""Which block a command is about, when it is another than the mirror's newest."""

from ledger.chain.deployment import Deployment
from ledger.chain.node import Node
from ledger.errors import LedgerError
from ledger.store.reading import AsOf


def block_of(node: Node, deployment: Deployment, number: int) -> AsOf:
    """A block of the node's chain. Raises LedgerError when there is none, or it is older than the ledger."""
    shown = node.block(number)
    if shown is None:
        raise LedgerError(f"{node.place} has no block {number}.", "Name a block that is mined already.")
    if number < deployment.block:
        raise LedgerError(
            f"There was no ledger yet in block {number}.", f"It begins with block {deployment.block}."
        )
    return AsOf(number, shown.hash, shown.timestamp)
