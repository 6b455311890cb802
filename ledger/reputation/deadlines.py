"""Deadlines that passed without what they were for: undecided registrations, and exclusivity left unused."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Select, Subquery, and_, desc, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Evidence, Kind, weigh
from ledger.rules.deal_status import State
from ledger.store.reading import Reading
from ledger.store.tables import Agreement, Deal, DealDecision, DealExtension, Programme

_CONTRACT: Final = "DealRegistry"


def overdue_decisions(reading: Reading, vendor: bytes, configuration: Configuration) -> Iterator[Evidence]:
    """Registrations that the vendor had not decided on, or sent back, by their deadline, whether or not it
    did later. A registration that was approved by default is one of them.

    Not those that the partner withdrew before, nor those under terms that set no deadline (0 seconds).
    """
    owned = select(Programme.programme).where(
        reading.seen(Programme, "AgreementRegistry"), Programme.owner == vendor
    )
    to_decide = and_(
        reading.begun(Deal, _CONTRACT), Deal.programme.in_(owned), Deal.decide_by < reading.as_of.timestamp
    )
    first = _first_decision(reading, select(Deal.deal).where(to_decide))
    positive, negative = weigh(Kind.DECISION_OVERDUE, configuration)
    rows = reading.session.execute(
        select(Deal.deal, Deal.account, Deal.decide_by, func.coalesce(first.c.seq, Deal.seq))
        .join(
            Agreement,
            and_(Agreement.agreement == Deal.registered_under, reading.seen(Agreement, "AgreementRegistry")),
        )
        .outerjoin(first, first.c.deal == Deal.deal)
        .where(
            to_decide,
            Agreement.decision_seconds > 0,
            or_(first.c.decided_at.is_(None), first.c.decided_at > Deal.decide_by),
        )
    )
    for deal, account, decide_by, seq in rows:
        yield Evidence(
            decide_by + 1,
            reading.contracts[_CONTRACT],
            seq,
            Kind.DECISION_OVERDUE,
            account,
            deal,
            positive,
            negative,
        )


def unused_exclusivity(reading: Reading, account: bytes, configuration: Configuration) -> Iterator[Evidence]:
    """The partner's approved deals whose exclusivity, extensions included, ran out undecided, unless they
    were won after all.

    Withdrawing or losing the deal afterwards does not undo that others were kept off in vain.
    """
    own = and_(reading.begun(Deal, _CONTRACT), Deal.account == account)
    later = (
        select(DealDecision.deal, DealDecision.outcome, DealDecision.decided_at)
        .where(
            reading.seen(DealDecision, _CONTRACT),
            DealDecision.outcome.in_((State.WON, State.LOST, State.WITHDRAWN)),
            DealDecision.deal.in_(select(Deal.deal).where(own)),
        )
        .subquery("later")
    )
    # An approved deal that was tagged again can still be rejected: an end of its own, and no failure.
    rejected = (
        select(DealDecision.seq)
        .where(
            reading.seen(DealDecision, _CONTRACT),
            DealDecision.deal == Deal.deal,
            DealDecision.outcome == State.REJECTED,
        )
        .correlate(Deal)
        .exists()
    )
    extended = (
        select(DealExtension.deal, DealExtension.exclusive_until, DealExtension.seq)
        .ext(distinct_on(DealExtension.deal))
        .where(reading.seen(DealExtension, _CONTRACT))
        .order_by(DealExtension.deal, desc(DealExtension.seq))
        .subquery("extended")
    )
    until = func.coalesce(extended.c.exclusive_until, DealDecision.exclusive_until)
    positive, negative = weigh(Kind.EXPIRED_WITHOUT_PROGRESS, configuration)
    rows = reading.session.execute(
        select(Deal.deal, Programme.owner, until, func.coalesce(extended.c.seq, DealDecision.seq))
        .join(DealDecision, and_(DealDecision.deal == Deal.deal, reading.seen(DealDecision, _CONTRACT)))
        .join(
            Agreement,
            and_(Agreement.agreement == Deal.registered_under, reading.seen(Agreement, "AgreementRegistry")),
        )
        .join(
            Programme,
            and_(Programme.programme == Deal.programme, reading.seen(Programme, "AgreementRegistry")),
        )
        .outerjoin(later, later.c.deal == Deal.deal)
        .outerjoin(extended, extended.c.deal == Deal.deal)
        .where(
            own,
            DealDecision.outcome == State.APPROVED,
            until < reading.as_of.timestamp,
            Agreement.exclusivity_seconds > 0,
            ~rejected,
            or_(
                later.c.outcome.is_(None),
                and_(later.c.outcome != State.WON, later.c.decided_at > until),
            ),
        )
    )
    for deal, vendor, exclusive_until, seq in rows:
        yield Evidence(
            exclusive_until + 1,
            reading.contracts[_CONTRACT],
            seq,
            Kind.EXPIRED_WITHOUT_PROGRESS,
            vendor,
            deal,
            positive,
            negative,
        )


def _first_decision(reading: Reading, deals: Select[bytes]) -> Subquery:
    """The first decision on each of these deals, or its withdrawal."""
    return (
        select(DealDecision.deal, DealDecision.seq, DealDecision.decided_at)
        .ext(distinct_on(DealDecision.deal))
        .where(reading.seen(DealDecision, _CONTRACT), DealDecision.deal.in_(deals))
        .order_by(DealDecision.deal, DealDecision.seq)
        .subquery("first")
    )
