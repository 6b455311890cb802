"""What a transaction offers for its gas, on chains with a base fee and without, by nodes that say little."""

from dataclasses import dataclass
from typing import Any, Self

from ledger.chain import answers
from ledger.chain.node import Node
from ledger.chain.rpc import AnswerInvalid, RpcRefused

TIP = 10**9
"""Wei a gas, where no node names a tip: the least that geth has taken by default."""
_RAISE_PERCENT = 25
"""By which a replacement pays more: nodes want 10 or 12.5 at least."""


@dataclass(frozen=True)
class Fees:
    """What a transaction offers, in wei a gas: ``most`` in all, ``tip`` of it to whoever makes the block. On
    a chain without a base fee there is no tip: None.
    """

    most: int
    tip: int | None = None

    @classmethod
    def of_now(cls, node: Node) -> Self:
        """Room for the base fee to double, and a tip.

        Raises RpcRefused when the node names no price at all, and as `Node.rpc`.
        """
        newest = node.newest().raw
        if newest.get("baseFeePerGas") is None:
            return cls(node.number("eth_gasPrice"))
        try:
            base = answers.number(newest["baseFeePerGas"])
        except ValueError as error:
            raise AnswerInvalid("eth_getBlockByNumber", "a base fee", newest["baseFeePerGas"]) from error
        tip = _tip(node, base)
        return cls(2 * base + tip, tip)

    def instead_of(self, stuck: "Fees") -> "Fees":
        """These, or as much as a transaction must offer to take the place of one that offered ``stuck``."""
        tip = None if self.tip is None else max(self.tip, _more(stuck.tip or 0))
        return Fees(max(self.most, _more(stuck.most)), tip)

    def fields(self) -> dict[str, int]:
        """As a transaction has them."""
        if self.tip is None:
            return {"gasPrice": self.most}
        return {"maxPriorityFeePerGas": self.tip, "maxFeePerGas": self.most}


def _more(paid: int) -> int:
    return paid * (100 + _RAISE_PERCENT) // 100 + 1


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
