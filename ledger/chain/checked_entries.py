"""A contract's entries as a node's logs have them, held against the contract's own journal head: all of them,
or a refusal.

Nodes leave logs out without a word: those that pruned them, are still filling up, or cut answers short. What
decides over money or deals reads entries here, or holds each thing that it learned from logs against what the
contract itself keeps of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.chain.blocks import newest_block
from ledger.chain.deployment import Deployment
from ledger.chain.events import Event, EventUnreadable, decode, journal_topics
from ledger.chain.journal import Journal, JournalBroken, unpack_slot
from ledger.chain.logs import logs_between, raw_log
from ledger.chain.node import Node, NodeFailed, RpcRefused
from ledger.chain.state import BlockGone, BlockState, StateUnsaid

_PARTS = (8, 64, 512)
"""Of the whole span, in which logs are asked for where a node gave too few."""
_PRUNED = (
    "The node has not kept all that it needs, or is not synchronised: set PLEDGER_RPC_URL to a node with the "
    "whole history (an archive node), and run this again."
)


class EntriesUnchecked(NodeFailed):
    """A node's logs are not all that the contract wrote, or it cannot be said whether they are."""


@dataclass(frozen=True, slots=True)
class BlockId:
    """The block that is asked about."""

    number: int
    hash: bytes

    @classmethod
    def newest(cls, node: Node) -> "BlockId":
        """The node's newest block. Raises as ``Node.rpc``."""
        block = newest_block(node)
        return cls(block.number, block.hash)


def checked_entries(node: Node, deployment: Deployment, contract: str, block: BlockId) -> list[Event]:
    """All entries of a contract from its first up to a block, in their order.

    Their chain must end at the head that the contract has in that block, so that none is missing; of a node
    that leaves some out, smaller ranges are asked for. Raises EntriesUnchecked when it stays so, or when the
    node does not say; otherwise as ``Node.rpc``.
    """
    address = deployment.address(contract)
    head = journal_head(node, address, block, contract)
    topics = ["0x" + topic.hex() for topic in journal_topics(contract)]
    asked = {"address": address, "topics": [topics]}
    for at_once in blocks_at_once(deployment.block, block.number):
        logs = logs_between(node, asked, deployment.block, block.number, at_once)
        try:
            return _followed(contract, address, logs, head)
        except JournalBroken as error:
            broken = error
    raise EntriesUnchecked(
        f"{node.place} does not give all logs of {contract} up to block {block.number}: at entry "
        f"{broken.seq}, {broken.why}.",
        _PRUNED,
    ) from broken


def blocks_at_once(first: int, last: int) -> Iterator[int | None]:
    """How many blocks to ask for at once: all of them, then fewer, where a node gave too few logs."""
    span = last - first + 1
    yield from dict.fromkeys((None, *(max(1, span // part) for part in _PARTS)))


def journal_head(node: Node, address: str, block: BlockId, contract: str) -> tuple[int, bytes]:
    """Number and head of the newest entry that a contract has in a block.

    Raises EntriesUnchecked when the node does not say, NodeUnreachable when it does not answer.
    """
    try:
        return unpack_slot(BlockState(node, block.number, block.hash).word(address, bytes(32)))
    except BlockGone as error:
        raise EntriesUnchecked(
            f"The chain changed at block {block.number} while it was read.", "Run the same command again."
        ) from error
    except StateUnsaid as error:
        raise EntriesUnchecked(
            f"{node.place} does not say what {contract} had written by block {block.number}: {error.what}",
            error.hint,
        ) from error


def _followed(
    contract: str, address: str, logs: Sequence[Mapping[str, Any]], head: tuple[int, bytes]
) -> list[Event]:
    journal = Journal(address)
    found: list[Event] = []
    for event, topics, data in _in_order(contract, logs):
        journal.take(topics, data, event.position, event.seq, event.head)
        found.append(event)
    journal.compare(*head)
    return found


def _in_order(contract: str, logs: Sequence[Mapping[str, Any]]) -> list[tuple[Event, list[bytes], bytes]]:
    """Each log as the entry that it says it is, with its topics and data, by the entry's number."""
    found = []
    try:
        for log in logs:
            topics, data = raw_log(log)
            found.append((decode(contract, topics, data), topics, data))
    except (EventUnreadable, RpcRefused) as error:
        raise EntriesUnchecked(
            f"The node answered with what is no log of {contract}: {error}.", _PRUNED
        ) from error
    return sorted(found, key=lambda each: each[0].seq)
