"""A contract's entries as a node's logs have them, held against the contract's own journal head: all of them,
or a refusal.

Nodes leave logs out without a word: those that pruned them, are still filling up, or cut answers short. What
decides over money or deals reads entries here, or holds each thing that it learned from logs against what the
contract itself keeps of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.chain.deployment import Deployment
from ledger.chain.events import Event, EventUnreadable, decode, journal_topics
from ledger.chain.journal import Journal, JournalBroken, unpack_slot
from ledger.chain.node import Node, RpcRefused
from ledger.errors import LedgerError

_JOURNAL_SLOT = "0x" + "00" * 32
"""Written out: some nodes want the whole word."""
_PRUNED = (
    "The node has not kept all that it needs, or is not synchronised: set PLEDGER_RPC_URL to a node with the "
    "whole history (an archive node), and run this again."
)


class EntriesUnchecked(LedgerError):
    """A node's logs are not all that the contract wrote, or it cannot be said whether they are."""


@dataclass(frozen=True, slots=True)
class BlockId:
    """The block that is asked about."""

    number: int
    hash: bytes

    @classmethod
    def newest(cls, node: Node) -> "BlockId":
        """The node's newest block. Raises as ``Node.rpc``."""
        block = node.rpc("eth_getBlockByNumber", ["latest", False])
        return cls(int(block["number"], 16), bytes.fromhex(block["hash"][2:]))


def checked_entries(node: Node, deployment: Deployment, contract: str, block: BlockId) -> list[Event]:
    """All entries of a contract from its first up to a block, in their order.

    Their chain must end at the head that the contract has in that block, so that none is missing. Raises
    EntriesUnchecked when it does not, or when the node does not say; otherwise as ``Node.rpc``.
    """
    address = deployment.address(contract)
    seq, head = journal_head(node, address, block, contract)
    journal = Journal(address)
    found: list[Event] = []
    try:
        for event, topics, data in _in_order(contract, _logs(node, deployment, contract, block)):
            journal.take(topics, data, event.position, event.seq, event.head)
            found.append(event)
        journal.compare(seq, head)
    except JournalBroken as error:
        raise EntriesUnchecked(
            f"{node.place} does not give all logs of {contract} up to block {block.number}: at entry "
            f"{error.seq}, {error.why}.",
            _PRUNED,
        ) from error
    return found


def journal_head(node: Node, address: str, block: BlockId, contract: str) -> tuple[int, bytes]:
    """Number and head of the newest entry that a contract has in a block.

    Raises EntriesUnchecked when the node does not say, NodeUnreachable when it does not answer.
    """
    by_hash = {"blockHash": "0x" + block.hash.hex()}
    try:
        try:
            slot = node.rpc("eth_getStorageAt", [address, _JOURNAL_SLOT, by_hash])
        except RpcRefused:  # not every node takes a hash: by number then, and the hash is looked at again
            slot = node.rpc("eth_getStorageAt", [address, _JOURNAL_SLOT, hex(block.number)])
            _require_same(node, block)
        seq, head = unpack_slot(bytes.fromhex(slot[2:].rjust(64, "0")))
        # A node without the block's state may answer zero for it, which is what a new contract has too.
        if not seq and node.rpc("eth_getCode", [address, hex(block.number)]) in ("0x", "0x0", None):
            raise EntriesUnchecked(
                f"{node.place} says that {contract} is not there in block {block.number}.", _PRUNED
            )
    except (RpcRefused, ValueError, TypeError) as error:
        why = error.message if isinstance(error, RpcRefused) else "its answer is no word of storage"
        raise EntriesUnchecked(
            f"{node.place} does not say what {contract} had written by block {block.number}: {why}.", _PRUNED
        ) from error
    return seq, head


def _require_same(node: Node, block: BlockId) -> None:
    now = node.rpc("eth_getBlockByNumber", [hex(block.number), False])
    if now is None or now["hash"] != "0x" + block.hash.hex():
        raise EntriesUnchecked(
            f"The chain changed at block {block.number} while it was read.", "Run the same command again."
        )


def _in_order(contract: str, logs: list[Mapping[str, Any]]) -> list[tuple[Event, list[bytes], bytes]]:
    """Each log as the entry that it says it is, with its topics and data, by the entry's number."""
    found = []
    try:
        for log in logs:
            topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]]
            data = bytes.fromhex(log["data"][2:])
            found.append((decode(contract, topics, data), topics, data))
    except (EventUnreadable, KeyError, TypeError, ValueError) as error:
        raise EntriesUnchecked(
            f"The node answered with what is no log of {contract}: {error}.", _PRUNED
        ) from error
    return sorted(found, key=lambda each: each[0].seq)


def _logs(node: Node, deployment: Deployment, contract: str, block: BlockId) -> list[Mapping[str, Any]]:
    topics = ["0x" + topic.hex() for topic in journal_topics(contract)]
    asked = {"address": deployment.address(contract), "topics": [topics]}
    return logs_between(node, asked, deployment.block, block.number)


def logs_between(node: Node, asked: Mapping[str, Any], first: int, last: int) -> list[Mapping[str, Any]]:
    """Logs of the blocks first to last as the node has them, unchecked; where it refuses so many at once, in
    halves. Raises as ``Node.rpc``.
    """
    try:
        found: list[Mapping[str, Any]] = node.rpc(
            "eth_getLogs", [{**asked, "fromBlock": hex(first), "toBlock": hex(last)}]
        )
    except RpcRefused:
        if first >= last:
            raise
        middle = (first + last) // 2
        return logs_between(node, asked, first, middle) + logs_between(node, asked, middle + 1, last)
    return found
