"""What a transaction offers for its gas, on chains with a base fee and without, by nodes that say little."""

from typing import Any

from ledger.chain import answers
from ledger.chain.node import Node
from ledger.chain.rpc import AnswerInvalid, RpcRefused

TIP = 10**9
"""Wei a gas, where no node names a tip: the least that geth has taken by default."""


def fees(node: Node) -> dict[str, int]:
    """The fee fields of a transaction: room for the base fee to double, and a tip; a gas price on a chain
    that has no base fee.

    Raises RpcRefused when the node names no price at all, and as `Node.rpc`.
    """
    newest = node.newest().raw
    if newest.get("baseFeePerGas") is None:
        return {"gasPrice": node.number("eth_gasPrice")}
    try:
        base = answers.number(newest["baseFeePerGas"])
    except ValueError as error:
        raise AnswerInvalid("eth_getBlockByNumber", "a base fee", newest["baseFeePerGas"]) from error
    tip = _tip(node, base)
    return {"maxPriorityFeePerGas": tip, "maxFeePerGas": 2 * base + tip}


def _tip(node: Node, base: int) -> int:
    """As the node advises, or as others paid lately, or what the gas price has beyond the base fee."""
    try:
        return node.number("eth_maxPriorityFeePerGas")
    except RpcRefused:
        pass
    try:
        return _median(node.rpc("eth_feeHistory", ["0x5", "latest", [50]]))
    except RpcRefused:
        pass
    try:
        return max(0, node.number("eth_gasPrice") - base)
    except RpcRefused:
        return TIP


def _median(history: Any) -> int:
    """Of the tips in ``eth_feeHistory``'s answer."""
    try:
        tips = sorted(answers.number(block[0]) for block in history["reward"] if block)
        return tips[len(tips) // 2]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise AnswerInvalid("eth_feeHistory", "a history of fees", history) from error
