"""A plan as transactions: who sends what to which contract."""

from collections.abc import Iterator
from dataclasses import dataclass

from eth_typing import ChecksumAddress

from ledger.chain.calls import encode_call
from ledger.intake.deals import HELD, Action, Goal
from ledger.intake.payment_plan import Batch
from ledger.intake.prepare import ImportPlan
from ledger.rules.plan import opening_of
from ledger.terms.deals import State
from ledger.terms.reasons import reason_code
from ledger.terms.solidity import ZERO_ADDRESS

_OUTCOMES = {"approve": State.APPROVED, "reject": State.REJECTED, "won": State.WON, "lost": State.LOST}


@dataclass(frozen=True)
class Transaction:
    """A call of a contract that the wallet must send; ``stage`` and ``label`` say to a person what it
    does.
    """

    wallet: ChecksumAddress
    to: ChecksumAddress
    data: str
    stage: str
    label: str
    rows: int = 1


def deal_transactions(plan: ImportPlan) -> Iterator[Transaction]:
    """The deals' actions, in order."""
    goals = {goal.opportunity: goal for goal in plan.deal_state.goals}
    registry = plan.state.deployment.address("DealRegistry")
    for action in plan.deals.actions:
        goal = goals[action.opportunity]
        yield Transaction(
            plan.wallet_of(action.account),
            registry,
            _deal_call(plan, goal, action),
            "deals",
            f"{action.kind} {action.opportunity}",
        )


def payment_transactions(plan: ImportPlan) -> Iterator[Transaction]:
    """What lets the ledger take the tokens, then the batches.

    The allowance is the exact sum: a stolen or faulty ledger could take no more than this run pays.
    """
    if not plan.payments.batches:
        return
    state = plan.state
    wallet = state.wallets[plan.payer]
    ledger = state.deployment.address("RevenueLedger")
    for currency, total in plan.payments.totals().items():
        token = state.token(currency)
        allowed = state.questions.ask_token(token, "allowance", wallet, ledger)
        # Some tokens let an allowance be changed only to or from zero.
        steps = () if allowed >= total else (0, total) if allowed else (total,)
        for amount in steps:
            data = encode_call("TestDollar", "approve", ledger, amount)
            yield Transaction(wallet, token, data, "payments", f"allow {currency}", 0)
    for number, batch in enumerate(plan.payments.batches, 1):
        yield Transaction(
            wallet, ledger, _batch_call(plan, batch), "payments", f"batch {number}", len(batch.rows)
        )


def refund_transactions(plan: ImportPlan) -> Iterator[Transaction]:
    """What takes held payments back, sent by the wallet that stands for the payer now."""
    ledger = plan.state.deployment.address("RevenueLedger")
    for taking in plan.refunds.takings:
        data = encode_call("RevenueLedger", "refund", taking.paid.to_abi(), taking.amount)
        label = f"refund {', '.join(row.id for row in taking.rows) or 'of what was paid in again'}"
        wallet = plan.state.wallets[plan.payer]
        yield Transaction(wallet, ledger, data, "refunds", label, len(taking.rows))


def _batch_call(plan: ImportPlan, batch: Batch) -> str:
    bundles = [bundle.to_abi() for bundle in batch.bundles]
    return encode_call("RevenueLedger", "payBatch", plan.state.token(batch.currency), bundles)


def _deal_call(plan: ImportPlan, goal: Goal, action: Action) -> str:
    if action.kind == "commit":
        secrets = plan.deal_state.secrets[goal.opportunity]
        return encode_call("DealRegistry", "commit", goal.account, secrets.commitment)
    if action.kind == "reveal":
        secrets = plan.deal_state.secrets[goal.opportunity]
        agreement = plan.state.agreements[secrets.agreement]
        shown = (goal.account, agreement.id, secrets.tag, secrets.salt, goal.territory, plan.state.epoch)
        return encode_call("DealRegistry", "reveal", shown, opening_of(agreement.terms))
    if action.kind == "retag":
        tag = plan.deal_state.tags[goal.opportunity]
        return encode_call("DealRegistry", "retag", goal.account, action.deal, tag)
    if action.kind == "retag won":
        retags = [(action.deal, plan.deal_state.tags[goal.opportunity])]
        return encode_call("DealRegistry", "retagWon", action.account, retags)
    won = action.kind == "won"
    decision = (
        action.deal,
        _OUTCOMES[action.kind],
        reason_code(HELD) if action.kind == "reject" else bytes(32),
        goal.value if won else 0,
        plan.state.token(goal.currency) if won else ZERO_ADDRESS,
    )
    return encode_call("DealRegistry", "decide", action.account, decision)
