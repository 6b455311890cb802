"""Which of the report's refunds to send, and why the others are not: pure.

The chain keeps no reference of a refund, only how much of a payment was refunded: a charge's refunds in the
report are taken together, and what the chain does not have of their sum yet is sent. So nothing is refunded
twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ledger.intake.amounts import to_text
from ledger.intake.billing import Refund
from ledger.intake.chain_state import ChainState
from ledger.intake.dates import moment_of
from ledger.intake.matching import Due
from ledger.intake.partners_file import PartnersFile
from ledger.intake.payment_state import Paid
from ledger.intake.problems import Problem

_ALLOWED = 1
"""Bit of the terms' ``clawback``: a refund after the hold may be owed out of later revenue."""


@dataclass(frozen=True)
class Taking:
    """``amount`` of a held payment to be taken back by its payer, in base units; the rows that ask for it."""

    paid: Paid
    amount: int
    currency: str
    rows: tuple[Refund, ...]


@dataclass(frozen=True)
class Refused:
    """A row that cannot be sent, and why. ``paid``: the payment it is about, where a clawback could still
    serve it;
    ``amount`` is what of it is then left to give back, in base units.
    """

    row: Refund
    why: str
    paid: Paid | None = None
    amount: int = 0


@dataclass
class RefundPlan:
    """What to take back, rows that are refunded already, rows that follow once this run's payments are made,
    and rows that cannot be sent, each with its reason.
    """

    takings: list[Taking] = field(default_factory=list)
    done: list[Refund] = field(default_factory=list)
    follow: list[Refund] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def plan_refunds(
    file_name: str,
    refunds: Sequence[Refund],
    dues: Sequence[Due],
    paid: Mapping[bytes, Paid],
    to_be_paid: Collection[bytes],
    partners: PartnersFile,
    state: ChainState,
) -> RefundPlan:
    """Sorts the report's refunds. ``to_be_paid`` are references of invoices that this run pays.

    A charge's refunds of more than was paid are a problem.
    """
    plan = RefundPlan()
    by_row = {due.row_id: due for due in dues}
    by_charge: dict[str, list[Refund]] = {}
    for refund in refunds:
        if refund.of in by_row:
            by_charge.setdefault(refund.of, []).append(refund)
        else:
            known = "its charge is of no agreement" if refund.of else "its charge is not in this report"
            plan.refused.append(Refused(refund, known))
    for charge, rows in by_charge.items():
        due = by_row[charge]
        wanted = sum(row.amount for row in rows)
        before = paid.get(due.invoice_ref)
        if wanted > due.amount:
            plan.problems.append(_too_much(file_name, rows[-1], wanted, due, partners))
        elif before is None:
            follows = due.invoice_ref in to_be_paid
            plan.follow += rows if follows else []
            plan.refused += [] if follows else [Refused(row, "its charge is not paid yet") for row in rows]
        elif before.refunded >= wanted:
            plan.done += rows
        elif (why := _why_not(before, state)) is not None:
            owing = before if _can_be_owed(before, state) else None
            first, *others = rows
            plan.refused.append(Refused(first, why, owing, wanted - before.refunded if owing else 0))
            plan.refused += [Refused(row, why) for row in others]
        else:
            plan.takings.append(Taking(before, wanted - before.refunded, due.currency, tuple(rows)))
    return plan


def _too_much(file_name: str, row: Refund, wanted: int, due: Due, partners: PartnersFile) -> Problem:
    decimals = partners.currencies[due.currency].decimals
    back, paid = to_text(wanted, decimals), to_text(due.amount, decimals)
    return Problem(
        file_name,
        row.line,
        partners.amount_column,
        f"{back} in all is refunded of {due.row_id!r}, which was {paid}",
    )


def _can_be_owed(paid: Paid, state: ChainState) -> bool:
    """Whether its terms let what is released be clawed back."""
    key = state.key_of(paid.agreement)
    allowed = key is not None and bool(state.agreements[key].terms.clawback & _ALLOWED)
    return allowed and not paid.disputed_at and state.now >= paid.matures_at


def _why_not(paid: Paid, state: ChainState) -> str | None:
    if paid.disputed_at:
        return "it is in dispute: the arbiter rules on it"
    if state.now < paid.matures_at:
        return None
    key = state.key_of(paid.agreement)
    terms = state.agreements[key].terms if key is not None else None
    if terms is None or not terms.hold_seconds:
        over = "its agreement has no hold"
    else:
        over = f"its hold ended on {moment_of(paid.matures_at)}"
    if terms is not None and terms.clawback & _ALLOWED:
        return f"{over}; it takes a clawback: all payees' consent, or the arbiter's ruling"
    return f"{over}, and its terms allow no clawback"
