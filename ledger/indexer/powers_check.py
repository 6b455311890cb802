"""Whether the changes of who may do what are all that the access manager emitted, by what it stores."""

from collections.abc import Sequence
from typing import Any

from ledger.chain import answers, manager_words
from ledger.chain.blocks import read_block
from ledger.chain.node import Node, RpcRefused
from ledger.chain.state import BlockGone, BlockState, StateUnsaid
from ledger.indexer.entries import Point
from ledger.indexer.fetch import ChainMoved
from ledger.indexer.mirror import Mirror
from ledger.indexer.powers import PowerRow, PowersRejected
from ledger.proof import manager_storage, trie
from ledger.rules.powers import Powers


class PowersCheck:
    """For one mirror. Asks for the root of the manager's storage, and looks closer where that is another."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._manager = "0x" + mirror.scope.manager.hex()
        self._seen: tuple[bytes | None, int] | None = None

    def compare(self, node: Node, more: Sequence[PowerRow], block: Point) -> None:
        """Holds the changes that are mirrored, and ``more`` up to the block, against the manager's storage.

        Raises `PowersRejected` when one is missing or altered, `ChainMoved` when the node does not have the
        block any more, NodeUnreachable. A node that does not say what is stored says nothing against them.
        """
        root, mirrored = self._root(node, block), self._mirror.powers_version
        if not more and (root, mirrored) == self._seen:
            return
        powers = self._mirror.powers(more)
        if root != manager_storage.root(manager_storage.words(powers)):
            self._look_closer(node, powers, block, root)
        self._seen = root, mirrored + bool(more)  # what is now to be written is one version more

    def _look_closer(self, node: Node, powers: Powers, block: Point, root: bytes | None) -> None:
        try:
            unlike = manager_words.first_unlike(
                BlockState(node, block.number, block.hash), self._manager, powers
            )
        except StateUnsaid:
            return
        except BlockGone as error:
            raise ChainMoved(error.what) from error
        if unlike is None and root is not None:
            if not powers.changes and root != trie.EMPTY_ROOT:
                unlike = "the node gives none of them"
            elif powers.changes and not manager_words.counts_what_is_empty(node):
                unlike = "the access manager stores something of which none of them speaks"
        if unlike is not None:
            raise PowersRejected(block.number, unlike)

    def _root(self, node: Node, block: Point) -> bytes | None:
        """Root of the manager's storage, by the node's word; None where it does not say."""
        try:
            return self._asked(node, {"blockHash": "0x" + block.hash.hex()})
        except RpcRefused:
            pass  # not every node takes a hash (EIP-1898), and not every one gives proofs
        try:
            root = self._asked(node, hex(block.number))
            now = read_block(node, block.number)
        except RpcRefused:
            return None
        if now is None or now.hash != block.hash:
            raise ChainMoved(f"Block {block.number} is gone.")
        return root

    def _asked(self, node: Node, named: Any) -> bytes | None:
        answer = node.rpc("eth_getProof", [self._manager, [], named])
        try:
            return answers.data(answer["storageHash"], 32)
        except (KeyError, TypeError, ValueError):
            return None
