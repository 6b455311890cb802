"""Deals in SQL."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, select

from ledger.store.reading import Reading
from ledger.store.tables import Deal, DealDecision, Payment
from ledger.store.tables.base import Whole
from ledger.terms.contracts import DEALS, REVENUE
from ledger.terms.deals import REVEAL_SECONDS, State
from ledger.terms.ids import DealId

_OVER_UNTAGGED: Final = (State.REGISTERED, State.RETURNED, State.APPROVED)


def one(reading: Reading, deal: DealId) -> Deal | None:
    """The deal with this id."""
    return reading.session.scalar(select(Deal).where(reading.now(Deal, DEALS), Deal.deal == deal))


def decisions(reading: Reading, *deals: bytes) -> Sequence[DealDecision]:
    """Decisions on these deals and their withdrawals, in the order of the journal."""
    return reading.session.scalars(
        select(DealDecision)
        .where(reading.of(DealDecision, DEALS), DealDecision.deal.in_(deals))
        .order_by(DealDecision.seq)
    ).all()


def changes(reading: Reading, table: Any, *deals: bytes) -> Sequence[Any]:
    """These deals' rows of another table, in the order of the journal."""
    return reading.session.scalars(
        select(table).where(reading.now(table, DEALS), table.deal.in_(deals)).order_by(table.seq)
    ).all()


def queue(reading: Reading, deal: Deal) -> Sequence[Deal]:
    """Every registration of the deal's customer, by priority; none when the deal was not revealed."""
    if deal.tag is None:
        return []
    return reading.session.scalars(
        select(Deal)
        .where(
            reading.now(Deal, DEALS),
            Deal.programme == deal.programme,
            Deal.epoch == deal.epoch,
            Deal.tag == deal.tag,
        )
        .order_by(Deal.priority)
    ).all()


def paid(reading: Reading, deal: Deal) -> int:
    """What was paid for a won deal in the token of its value, in base units."""
    total = reading.session.scalar(
        select(func.sum(Payment.amount, type_=Whole())).where(
            reading.of(Payment, REVENUE),
            Payment.agreement == deal.agreement,
            Payment.deal == deal.deal,
            Payment.token == deal.token,
        )
    )
    return total or 0


def has_lapsed(now: int) -> ColumnElement[bool]:
    """Committed to and not revealed in time."""
    return and_(Deal.state == State.COMMITTED, Deal.committed_at + REVEAL_SECONDS < now)
