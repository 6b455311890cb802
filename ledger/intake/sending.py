"""Sending a plan with the keys at hand.

Whatever stops it, a later run reads the chain and goes on from there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from ledger.chain.node import Node
from ledger.chain.sender import Sender
from ledger.intake.keys import Keyring
from ledger.intake.prepare import ImportPlan
from ledger.intake.transactions import (
    Transaction,
    deal_transactions,
    payment_transactions,
    refund_transactions,
)

Progress = Callable[[str, int, int], None]
"""Told after each transaction: the stage, how many rows of it are done, and how many there are."""


@dataclass
class Sent:
    """What was sent, by stage, in rows; and the stages that another wallet must sign."""

    rows: dict[str, int] = field(default_factory=dict)
    unsigned: dict[str, str] = field(default_factory=dict)


def send(plan: ImportPlan, node: Node, keyring: Keyring, progress: Progress = lambda *_: None) -> Sent:
    """Sends the deals' actions, then the payments, then the refunds, each mined before the next.

    Raises Reverted or LedgerError at the first that fails; what was sent before stays.
    """
    sent = Sent()
    senders: dict[str, Sender] = {}
    totals = {
        "deals": len(plan.deals.actions),
        "payments": sum(len(batch.rows) for batch in plan.payments.batches),
        "refunds": sum(len(taking.rows) for taking in plan.refunds.takings),
    }
    for transaction in _transactions(plan):
        signer = keyring.signer(transaction.wallet)
        if signer is None:
            sent.unsigned[transaction.stage] = transaction.wallet
            continue
        sender = senders.setdefault(transaction.wallet, Sender(node, signer))
        sender.transact(transaction.to, transaction.data, action=transaction.label)
        done = sent.rows.get(transaction.stage, 0) + transaction.rows
        sent.rows[transaction.stage] = done
        progress(transaction.stage, done, totals[transaction.stage])
    return sent


def _transactions(plan: ImportPlan) -> Iterator[Transaction]:
    return chain(deal_transactions(plan), payment_transactions(plan), refund_transactions(plan))
