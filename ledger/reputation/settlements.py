"""Won deals and whether the revenue they declared came in, in time or late."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import CTE, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on

from ledger.reputation.configuration import DAY, Configuration
from ledger.reputation.evidence import Kind
from ledger.reputation.scope import Scope, number_of, row
from ledger.store.disputes import taken_out
from ledger.store.reading import Reading
from ledger.store.tables import Agreement, Deal, DealDecision, Debt, Payment
from ledger.store.tables.base import Whole
from ledger.terms.contracts import ContractName
from ledger.terms.deals import State


def settlements(scope: Scope) -> CTE:
    """A row for each won deal: ``account``, ``vendor``, ``won_at`` and ``won_seq``, ``payment_seconds`` (0:
    the terms set no deadline), and which payment makes its released revenue reach the declared value:
    ``recorded_at``, ``recorded_seq``, ``recorded_position`` in that entry, and ``released_at``, when that is
    released. NULL as long as none does.
    What is released later changes nothing of when the value was reached.

    What of a payment was refunded, waits for a ruling, or was clawed back settles no deal.
    """
    won = _won(scope)
    paid = _paid(scope.reading, won)
    gone = _given_back(scope.reading, paid)
    running = (
        select(
            paid,
            func.sum(paid.c.amount - func.coalesce(gone.c.amount, 0), type_=Whole())
            .over(
                partition_by=(paid.c.deal, paid.c.token),
                order_by=(paid.c.matures_at, paid.c.seq, paid.c.position),
            )
            .label("released"),
        )
        .outerjoin(gone, and_(gone.c.payer == paid.c.payer, gone.c.invoice_ref == paid.c.invoice_ref))
        .cte("running")
    )
    reached = (
        select(won.c.deal, running.c.seq, running.c.position, running.c.paid_at, running.c.matures_at)
        .ext(distinct_on(won.c.deal))
        .join(running, and_(running.c.deal == won.c.deal, running.c.token == won.c.token))
        .where(running.c.released >= won.c.value)
        .order_by(won.c.deal, running.c.matures_at, running.c.seq, running.c.position)
        .cte("reached")
    )
    return (
        select(
            won,
            reached.c.paid_at.label("recorded_at"),
            reached.c.seq.label("recorded_seq"),
            reached.c.position.label("recorded_position"),
            reached.c.matures_at.label("released_at"),
        )
        .outerjoin(reached, reached.c.deal == won.c.deal)
        .cte("settlement")
    )


def of_settlements(scope: Scope, settlement: CTE, configuration: Configuration) -> Iterator[Select[Any]]:
    """What won deals say of their two sides, each with the other as counterparty.

    In time is what was paid in time; that a deal is settled is known once that payment is released.
    """
    of = settlement.c
    due = of.won_at + of.payment_seconds
    too_late = due + configuration.grace_days * DAY
    recorded = of.recorded_at.is_not(None)
    in_time = and_(recorded, or_(of.payment_seconds == 0, of.recorded_at <= due))
    entry: tuple[ContractName, Any] = ("RevenueLedger", of.recorded_seq)
    yield row(
        of.account,
        of.vendor,
        case((in_time, number_of(Kind.SETTLED_ON_TIME)), else_=number_of(Kind.SETTLED_LATE)),
        of.released_at,
        entry,
        of.deal,
        position=of.recorded_position,
    ).where(scope.about(of.account, of.vendor), recorded)
    yield row(
        of.vendor,
        of.account,
        case((in_time, number_of(Kind.SETTLED_ON_TIME)), else_=number_of(Kind.REVENUE_LATE)),
        case((in_time, of.released_at), else_=func.least(of.recorded_at, too_late)),
        entry,
        of.deal,
        position=of.recorded_position,
        as_owner=literal(True),
        since=of.released_at,
    ).where(scope.about(of.vendor, of.account), recorded, or_(in_time, of.payment_seconds > 0))
    # Until it is released, if it ever is.
    yield row(
        of.vendor,
        of.account,
        Kind.REVENUE_LATE,
        too_late,
        ("DealRegistry", of.won_seq),
        of.deal,
        as_owner=literal(True),
        since=too_late + 1,
        until=of.released_at - 1,
    ).where(
        scope.about(of.vendor, of.account),
        of.payment_seconds > 0,
        or_(of.released_at.is_(None), of.released_at > too_late + 1),
    )


def _won(scope: Scope) -> CTE:
    reading = scope.reading
    return (
        select(
            Deal.deal,
            Deal.account,
            Deal.vendor,
            DealDecision.seq.label("won_seq"),
            DealDecision.decided_at.label("won_at"),
            DealDecision.value,
            DealDecision.token,
            Agreement.payment_seconds,
        )
        .join(DealDecision, and_(DealDecision.deal == Deal.deal, reading.seen(DealDecision, "DealRegistry")))
        .join(
            Agreement,
            and_(Agreement.agreement == Deal.agreement, reading.seen(Agreement, "AgreementRegistry")),
        )
        .where(scope.deals(), DealDecision.outcome == State.WON)
        .cte("won")
    )


def _paid(reading: Reading, won: CTE) -> CTE:
    """Payments of these deals."""
    return (
        select(
            Payment.deal,
            Payment.token,
            Payment.seq,
            Payment.position,
            Payment.paid_at,
            Payment.matures_at,
            Payment.amount,
            Payment.payer,
            Payment.invoice_ref,
        )
        .join(won, won.c.deal == Payment.deal)
        .where(reading.seen(Payment, "RevenueLedger"))
        .cte("paid")
    )


def _given_back(reading: Reading, paid: CTE) -> CTE:
    """What of these payments was refunded, waits for a ruling, or was clawed back."""
    debt = reading.seen_rows(Debt, "RevenueLedger").c
    each = union_all(
        *(
            select(of.payer, of.invoice_ref, amount.label("amount")).join(
                paid, and_(of.payer == paid.c.payer, of.invoice_ref == paid.c.invoice_ref)
            )
            for of, amount in (*taken_out(reading), (debt, debt.amount))
        )
    ).subquery()
    return (
        select(each.c.payer, each.c.invoice_ref, func.sum(each.c.amount, type_=Whole()).label("amount"))
        .group_by(each.c.payer, each.c.invoice_ref)
        .cte("gone")
    )
