"""Deadlines that passed without what they were for: undecided registrations, and exclusivity left unused."""

from typing import Any

from sqlalchemy import Select, and_, desc, func, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from ledger.reputation.evidence import Kind
from ledger.reputation.scope import Scope, row
from ledger.store.tables import Agreement, Deal, DealDecision, DealExtension, Programme
from ledger.terms.contracts import AGREEMENTS, DEALS
from ledger.terms.deals import State


def overdue_decisions(scope: Scope) -> Select[Any]:
    """Registrations that their vendor had not decided on, or sent back, by their deadline, whether or not it
    did later. A registration that was approved by default is one of them.

    Not those that the partner withdrew before, nor those under terms that set no deadline (0 seconds).
    """
    reading = scope.reading
    to_decide = and_(reading.begun(Deal, DEALS), scope.received(), Deal.decide_by.is_not(None))
    # The first decision on each of these deals, or its withdrawal.
    first = (
        select(DealDecision.deal, DealDecision.seq, DealDecision.decided_at)
        .ext(distinct_on(DealDecision.deal))
        .where(reading.seen(DealDecision, DEALS), DealDecision.deal.in_(select(Deal.deal).where(to_decide)))
        .order_by(DealDecision.deal, DealDecision.seq)
        .subquery("first")
    )
    return (
        row(
            Deal.vendor,
            Deal.account,
            Kind.DECISION_OVERDUE,
            Deal.decide_by + 1,
            (DEALS, func.coalesce(first.c.seq, Deal.seq)),
            Deal.deal,
            as_owner=literal(True),
        )
        .join(
            Agreement,
            and_(Agreement.agreement == Deal.registered_under, reading.seen(Agreement, AGREEMENTS)),
        )
        .outerjoin(first, first.c.deal == Deal.deal)
        .where(
            to_decide,
            scope.about(Deal.vendor, Deal.account),
            Agreement.decision_seconds > 0,
            or_(first.c.decided_at.is_(None), first.c.decided_at > Deal.decide_by),
        )
    )


def unused_exclusivity(scope: Scope) -> Select[Any]:
    """Approved deals whose exclusivity, extensions included, ran out undecided, unless they were won after
    all.

    Withdrawing or losing the deal afterwards does not undo that others were kept off in vain.
    """
    reading = scope.reading
    own = and_(reading.begun(Deal, DEALS), scope.brought())
    later = (
        select(DealDecision.deal, DealDecision.outcome, DealDecision.decided_at)
        .where(
            reading.seen(DealDecision, DEALS),
            DealDecision.outcome.in_((State.WON, State.LOST, State.WITHDRAWN)),
            DealDecision.deal.in_(select(Deal.deal).where(own)),
        )
        .subquery("later")
    )
    # An approved deal that was tagged again can still be rejected: an end of its own, and no failure.
    rejected = (
        select(DealDecision.seq)
        .where(
            reading.seen(DealDecision, DEALS),
            DealDecision.deal == Deal.deal,
            DealDecision.outcome == State.REJECTED,
        )
        .correlate(Deal)
        .exists()
    )
    extended = (
        select(DealExtension.deal, DealExtension.exclusive_until, DealExtension.seq)
        .ext(distinct_on(DealExtension.deal))
        .where(reading.seen(DealExtension, DEALS))
        .order_by(DealExtension.deal, desc(DealExtension.seq))
        .subquery("extended")
    )
    until = func.coalesce(extended.c.exclusive_until, DealDecision.exclusive_until)
    return (
        row(
            Deal.account,
            Programme.owner,
            Kind.EXPIRED_WITHOUT_PROGRESS,
            until + 1,
            (DEALS, func.coalesce(extended.c.seq, DealDecision.seq)),
            Deal.deal,
        )
        .join(DealDecision, and_(DealDecision.deal == Deal.deal, reading.seen(DealDecision, DEALS)))
        .join(
            Agreement,
            and_(Agreement.agreement == Deal.registered_under, reading.seen(Agreement, AGREEMENTS)),
        )
        .join(
            Programme,
            and_(Programme.programme == Deal.programme, reading.seen(Programme, AGREEMENTS)),
        )
        .outerjoin(later, later.c.deal == Deal.deal)
        .outerjoin(extended, extended.c.deal == Deal.deal)
        .where(
            own,
            scope.about(Deal.account, Programme.owner),
            DealDecision.outcome == State.APPROVED,
            until.is_not(None),
            Agreement.exclusivity_seconds > 0,
            ~rejected,
            or_(
                later.c.outcome.is_(None),
                and_(later.c.outcome != State.WON, later.c.decided_at > until),
            ),
        )
    )
