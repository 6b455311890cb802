"""Logs of any range of blocks, in ranges that the node answers. Whether they are all is not known here."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ledger.chain import answers
from ledger.chain.block_logs import block_logs
from ledger.chain.node import Node
from ledger.chain.ranges import RangeSize
from ledger.chain.rpc import AnswerInvalid, RpcRefused

METHOD = "eth_getLogs"


def logs_between(
    node: Node, asked: Mapping[str, Any], first: int, last: int, at_once: int | None = None
) -> list[Mapping[str, Any]]:
    """Logs of the blocks first to last as the node has them, unchecked; those of branches that were given up
    (``removed``) are not the chain's, and left out.

    ``at_once``: blocks to ask for at first; all of them otherwise. Raises as `Node.rpc`, when it gives
    neither the logs of a single block nor its receipts.
    """
    size = RangeSize(start=max(1, min(last - first + 1, at_once or last - first + 1)), most=last - first + 1)
    found: list[Mapping[str, Any]] = []
    while first <= last:
        until = min(first + size.blocks - 1, last)
        try:
            logs = _asked(node, asked, first, until, by_receipts=size.by_receipts)
        except RpcRefused:
            if not size.refused():
                raise
            continue
        if not isinstance(logs, list) or not all(isinstance(log, dict) for log in logs):
            raise AnswerInvalid(METHOD, "a list of logs", logs)
        found += [log for log in logs if log.get("removed") is not True]
        if at_once is None:
            size.answered(until - first + 1, len(logs))
        size.by_receipts = False
        first = until + 1
    return found


def _asked(node: Node, asked: Mapping[str, Any], first: int, until: int, *, by_receipts: bool) -> Any:
    if by_receipts:
        with suppress(RpcRefused):  # then its first refusal says more
            return block_logs(node, asked, first)
    return node.rpc(METHOD, [{**asked, "fromBlock": hex(first), "toBlock": hex(until)}])


def log_transaction(log: Mapping[str, Any]) -> bytes:
    """Hash of the transaction that a log says it is of. Raises AnswerInvalid."""
    try:
        return answers.data(log["transactionHash"], 32)
    except (KeyError, TypeError, ValueError) as error:
        raise AnswerInvalid(METHOD, "a log", log) from error


def raw_log(log: Mapping[str, Any]) -> tuple[list[bytes], bytes]:
    """Topics and data of a log. Raises AnswerInvalid for what is not a log."""
    try:
        return [answers.data(topic, 32) for topic in log["topics"]], answers.data(log["data"])
    except (KeyError, TypeError, ValueError) as error:
        raise AnswerInvalid(METHOD, "a log", log) from error
