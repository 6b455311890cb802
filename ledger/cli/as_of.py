"""Which block a command is about, when it is another than the mirror's newest."""

from ledger.chain.node import Node
from ledger.errors import LedgerError
from ledger.indexer.headers import HeaderReader
from ledger.store.reading import AsOf
from ledger.terms.deployment import Deployment


def block_of(node: Node, deployment: Deployment, number: int, *, any_hash: bool = False) -> AsOf:
    """A block of the node's chain; ``any_hash`` as for `HeaderReader`. Raises LedgerError when there is none,
    it is older than the ledger, or it is not as its hash says.
    """
    block = node.block(number)
    shown = None if block is None else HeaderReader(any_hash=any_hash).read(block.raw)
    if shown is None:
        raise LedgerError(f"{node.place} has no block {number}.", "Name a block that is mined already.")
    if number < deployment.block:
        raise LedgerError(
            f"There was no ledger yet in block {number}.", f"It begins with block {deployment.block}."
        )
    return AsOf(number, shown.hash, shown.timestamp, shown.verified)
