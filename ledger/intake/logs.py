"""Logs of the ledger's contracts, however few of them a node gives at once."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from eth_typing import ABIEvent
from eth_utils.abi import event_abi_to_log_topic

from ledger.chain.artifacts import contract_abi
from ledger.chain.node import Node, RpcRefused
from ledger.intake.calls import Questions

Topic = str | Sequence[str] | None
"""An event's signature, an address or an id in 0x hex; several for any of them; None for whatever."""


@cache
def topic_of(contract_name: str, event: str) -> str:
    """First topic of a contract's event. Raises LookupError when it has no such event."""
    for item in contract_abi(contract_name):
        if item["type"] == "event" and item["name"] == event:
            return "0x" + event_abi_to_log_topic(cast(ABIEvent, item)).hex()
    raise LookupError(f"{contract_name} has no event {event}")


def logs_of(questions: Questions, contract_name: str, topics: Sequence[Topic]) -> list[dict[str, Any]]:
    """The contract's logs up to the block that is asked about, in their order.

    Raises as ``Node.rpc``.
    """
    deployment = questions.deployment
    wanted = [_padded(topic) for topic in topics]
    address = deployment.address(contract_name)
    return _between(questions.node, address, wanted, deployment.block, questions.block)


def _padded(topic: Topic) -> Any:
    if topic is None:
        return None
    if isinstance(topic, str):
        return "0x" + topic.removeprefix("0x").lower().rjust(64, "0")
    return [_padded(each) for each in topic]


def _between(node: Node, address: str, topics: list[Any], first: int, last: int) -> list[dict[str, Any]]:
    """Logs of the blocks first to last; where the node refuses so many at once, in halves."""
    chosen = {"address": address, "topics": topics, "fromBlock": hex(first), "toBlock": hex(last)}
    try:
        found: list[dict[str, Any]] = node.rpc("eth_getLogs", [chosen])
    except RpcRefused:
        if first >= last:
            raise
        middle = (first + last) // 2
        return _between(node, address, topics, first, middle) + _between(
            node, address, topics, middle + 1, last
        )
    return found
