"""The mirror's entries beside the node's logs, to name the first that is not the same."""

from collections.abc import Iterator
from typing import Any

from ledger.audit.mirrored import Mirrored
from ledger.audit.slots import Sight
from ledger.chain.deployment import Deployment
from ledger.chain.events import Event, decode, journal_topics
from ledger.chain.node import RpcRefused


def first_unlike(
    mirrored: Mirrored, sight: Sight, deployment: Deployment, contract: str
) -> tuple[int, str] | None:
    """Number of the first entry in which the mirror and the node's logs differ, and how; None when they do
    not.
    """
    rows = iter(mirrored.entries(contract, 0))
    for event in _events(sight, deployment, contract):
        row = next(rows, None)
        if row is None:
            return event.seq, f"the chain has a {event.name} entry here, the mirror has none"
        if (row.seq, row.head) != (event.seq, event.head):
            return row.seq, f"its head is 0x{row.head.hex()}, the chain's is 0x{event.head.hex()}"
    row = next(rows, None)
    return None if row is None else (row.seq, "the mirror has an entry here, the chain has none")


def _events(sight: Sight, deployment: Deployment, contract: str) -> Iterator[Event]:
    topics = ["0x" + topic.hex() for topic in journal_topics(contract)]
    asked = {"address": deployment.address(contract), "topics": [topics]}
    for log in _logs(sight, asked, deployment.block, sight.number):
        yield decode(
            contract, [bytes.fromhex(topic[2:]) for topic in log["topics"]], bytes.fromhex(log["data"][2:])
        )


def _logs(sight: Sight, asked: dict[str, Any], first: int, last: int) -> Iterator[Any]:
    """Logs of a range of blocks, in their order; a range that the node refuses is asked for in halves."""
    try:
        logs = sight.node.rpc("eth_getLogs", [{**asked, "fromBlock": hex(first), "toBlock": hex(last)}])
    except RpcRefused:
        if first == last:
            raise
        middle = (first + last) // 2
        yield from _logs(sight, asked, first, middle)
        yield from _logs(sight, asked, middle + 1, last)
        return
    yield from logs
