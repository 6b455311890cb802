"""A plan as transactions: who sends what to which contract."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from eth_typing import ChecksumAddress

from ledger.actions import Call, call
from ledger.chain.calls import encode_call
from ledger.intake.deals import HELD, Action, Goal
from ledger.intake.prepare import ImportPlan
from ledger.terms.contracts import REVENUE, TEST_DOLLAR
from ledger.terms.payments import Retag
from ledger.terms.reasons import reason_code

_DECISIONS = {"approve": "approve_deal", "reject": "reject_deal", "won": "win_deal", "lost": "lose_deal"}
"""The action that each kind of decision is."""


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
    for action in plan.deals.actions:
        done = _deal_call(plan, goals[action.opportunity], action)
        label = f"{action.kind} {action.opportunity}"
        yield Transaction(plan.wallet_of(action.account), done.to, done.data, "deals", label)


def payment_transactions(plan: ImportPlan) -> Iterator[Transaction]:
    """What lets the ledger take the tokens, then the batches.

    The allowance is the exact sum: a stolen or faulty ledger could take no more than this run pays.
    """
    if not plan.payments.batches:
        return
    state = plan.state
    wallet = state.wallets[plan.payer]
    ledger = state.deployment.address(REVENUE)
    for currency, total in plan.payments.totals().items():
        token = state.token(currency)
        allowed = state.questions.ask_token(token, "allowance", wallet, ledger)
        # Some tokens let an allowance be changed only to or from zero.
        steps = () if allowed >= total else (0, total) if allowed else (total,)
        for amount in steps:
            data = encode_call(TEST_DOLLAR, "approve", ledger, amount)
            yield Transaction(wallet, token, data, "payments", f"allow {currency}", 0)
    for number, batch in enumerate(plan.payments.batches, 1):
        paid = call(
            state.deployment,
            "pay_invoices",
            account=plan.payer,
            token=state.token(batch.currency),
            bundles=batch.bundles,
        )
        yield Transaction(wallet, paid.to, paid.data, "payments", f"batch {number}", len(batch.rows))


def refund_transactions(plan: ImportPlan) -> Iterator[Transaction]:
    """What takes held payments back, sent by the wallet that stands for the payer now."""
    for taking in plan.refunds.takings:
        back = call(plan.state.deployment, "refund", payment=taking.paid, amount=taking.amount)
        label = f"refund {', '.join(row.id for row in taking.rows) or 'of what was paid in again'}"
        wallet = plan.state.wallets[plan.payer]
        yield Transaction(wallet, back.to, back.data, "refunds", label, len(taking.rows))


def _deal_call(plan: ImportPlan, goal: Goal, action: Action) -> Call:
    deployment = plan.state.deployment
    if action.kind == "commit":
        secrets = plan.deal_state.secrets[goal.opportunity]
        return call(deployment, "commit_deal", account=goal.account, commitment=secrets.commitment)
    if action.kind == "reveal":
        secrets = plan.deal_state.secrets[goal.opportunity]
        agreement = plan.state.agreements[secrets.agreement]
        return call(
            deployment,
            "reveal_deal",
            account=goal.account,
            agreement=agreement.id,
            terms=agreement.terms,
            tag=secrets.tag,
            salt=secrets.salt,
            territory=goal.territory,
            epoch=plan.state.epoch,
        )
    if action.kind == "retag":
        tag = plan.deal_state.tags[goal.opportunity]
        return call(deployment, "retag_deal", account=goal.account, deal=action.deal, tag=tag)
    if action.kind == "retag won":
        retags = [Retag(action.deal, plan.deal_state.tags[goal.opportunity])]
        return call(deployment, "retag_won_deals", vendor=action.account, retags=retags)
    more: dict[str, Any] = {}
    if action.kind == "won":
        more = {"value": goal.value, "token": plan.state.token(goal.currency)}
    elif action.kind == "reject":
        more = {"reason": reason_code(HELD)}
    return call(deployment, _DECISIONS[action.kind], vendor=action.account, deal=action.deal, **more)
