"""How lanes send, as the settings have it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ledger.chain.blocks import told_final
from ledger.chain.node import Node
from ledger.errors import LedgerError
from ledger.settings import Settings

_FINAL_DEPTH = 64
"""Blocks after which one is taken for final, where the node does not say."""


@dataclass(frozen=True)
class Habits:
    """``stuck_seconds``: after which a transaction is replaced by one that pays more; ``low_balance`` in wei;
    ``final``: the number of the newest block that is taken for final.
    """

    stuck_seconds: int
    low_balance: int
    final: Callable[[Node], int]


def habits_of(settings: Settings) -> Habits:
    """Raises LedgerError for an amount that is none."""
    return Habits(
        settings.relay_stuck_seconds, low_balance(settings), lambda node: _final(node, settings.finality)
    )


def low_balance(settings: Settings) -> int:
    """In wei, below which a key's balance is an alarm. Raises LedgerError."""
    try:
        amount = Decimal(settings.relay_low_balance)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise LedgerError(
            f"PLEDGER_RELAY_LOW_BALANCE is {settings.relay_low_balance!r}, expected an amount of the coin.",
            "Write it as 0.5.",
        )
    return int(amount.scaleb(settings.currency_decimals))


def _final(node: Node, finality: str) -> int:
    newest = node.newest().number
    if finality == "immediate":
        return newest
    if finality != "finalized":
        return newest - int(finality)
    told = told_final(node)
    return newest - _FINAL_DEPTH if told is None else told
