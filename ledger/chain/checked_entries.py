"""A contract's entries as a node's logs have them, held against the contract's own journal head: all of them,
or a refusal.

Nodes leave logs out without a word: those that pruned them, are still filling up, or cut answers short. What
decides over money or deals reads entries here, or holds each thing that it learned from logs against what the
contract itself keeps of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ledger.chain import answers
from ledger.chain.block_logs import block_logs
from ledger.chain.blocks import newest_block
from ledger.chain.logs import logs_between, raw_log
from ledger.chain.node import Node, NodeFailed, RpcRefused
from ledger.chain.state import BlockGone, BlockState, StateUnsaid
from ledger.journal.events import Event, EventUnreadable, decode, journal_topics
from ledger.journal.heads import Journal, JournalBroken, unpack_slot
from ledger.terms.deployment import Deployment

_PARTS = (8, 64, 512)
"""Of the whole span, in which logs are asked for where a node gave too few."""
_BY_RECEIPTS = 64
"""So many blocks around a missing entry are read by their receipts; in more, it is looked for first."""
_MOST_GAPS = 100
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
    """All entries of a contract from its first up to a block, in their order. Raises as `checked_logs`."""
    return [event for event, _ in checked_logs(node, deployment, contract, block)]


def checked_logs(
    node: Node, deployment: Deployment, contract: str, block: BlockId
) -> list[tuple[Event, Mapping[str, Any]]]:
    """The same, each with its log.

    Their chain must end at the head that the contract has in that block, so that none is missing; of a node
    that leaves some out, smaller ranges are asked for, and in the end the receipts of the blocks in question.
    Raises EntriesUnchecked when it stays so, or when the node does not say; otherwise as ``Node.rpc``.
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
    whole = range(deployment.block, block.number + 1)
    for _ in range(_MOST_GAPS):
        gap = _gap(contract, logs, broken.seq, whole)
        try:
            logs = [log for log in logs if _block(log) not in gap] + _closely(node, asked, gap)
            return _followed(contract, address, logs, head)
        except RpcRefused:
            break
        except JournalBroken as error:
            if error.seq <= broken.seq and len(_gap(contract, logs, error.seq, whole)) >= len(gap):
                break
            broken = error
    raise EntriesUnchecked(
        f"{node.place} does not give all logs of {contract} up to block {block.number}: at entry "
        f"{broken.seq}, {broken.why}.",
        _PRUNED,
    ) from broken


def _gap(contract: str, logs: Sequence[Mapping[str, Any]], seq: int, whole: range) -> range:
    """The blocks of which one has the entry that is missing, or not as it is: from the one of the entry
    before to that of the next one there is.
    """
    found = [(event.seq, _block(log)) for event, *_, log in _in_order(contract, logs)]
    first = max((block for own, block in found if own < seq), default=whole.start)
    last = min((block for own, block in found if own >= seq), default=whole.stop - 1)
    return range(first, last + 1)


def _closely(node: Node, asked: Mapping[str, Any], gap: range) -> list[Mapping[str, Any]]:
    """All logs of these blocks: each by its receipts, or, of many, from answers about a few at once."""
    if len(gap) > _BY_RECEIPTS:
        return logs_between(node, asked, gap.start, gap.stop - 1, max(1, len(gap) // _BY_RECEIPTS))
    return [log for number in gap for log in block_logs(node, asked, number)]


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
) -> list[tuple[Event, Mapping[str, Any]]]:
    journal = Journal(address)
    found: list[tuple[Event, Mapping[str, Any]]] = []
    for event, topics, data, log in _in_order(contract, logs):
        journal.take(topics, data, event.position, event.seq, event.head)
        found.append((event, log))
    journal.compare(*head)
    return found


def _in_order(
    contract: str, logs: Sequence[Mapping[str, Any]]
) -> list[tuple[Event, list[bytes], bytes, Mapping[str, Any]]]:
    """Each log as the entry that it says it is, with its topics and data, by the entry's number."""
    found = []
    try:
        for log in logs:
            topics, data = raw_log(log)
            found.append((decode(contract, topics, data), topics, data, log))
    except (EventUnreadable, RpcRefused) as error:
        raise EntriesUnchecked(
            f"The node answered with what is not a log of {contract}: {error}.", _PRUNED
        ) from error
    return sorted(found, key=lambda each: each[0].seq)


def _block(log: Mapping[str, Any]) -> int:
    with suppress(KeyError, ValueError):
        return answers.number(log["blockNumber"])
    return -1
