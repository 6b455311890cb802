"""Won deals and whether the revenue they declared came in, in time or late."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import CTE, ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Evidence, Kind, weigh
from ledger.rules.deal_status import State
from ledger.store.disputes import disputes
from ledger.store.reading import Reading
from ledger.store.tables import Agreement, Deal, DealDecision, Debt, Payment, Programme, Refund
from ledger.store.tables.base import Whole

_DAY = 86_400


@dataclass(frozen=True)
class Settlement:
    """A won deal. Times in seconds; ``recorded_*`` say which payment made its released revenue reach the
    declared value, ``released_at`` when that payment was released; None as long as none did.
    ``payment_seconds`` of 0: the terms set no deadline.
    """

    deal: bytes
    account: bytes
    vendor: bytes
    won_at: int
    won_seq: int
    payment_seconds: int
    recorded_at: int | None
    recorded_seq: int | None
    released_at: int | None


def given_back(reading: Reading) -> ColumnElement[int]:
    """What of a payment was refunded, waits for a ruling, or was clawed back: it settles no deal."""
    refund, debt = reading.seen_rows(Refund, "RevenueLedger").c, reading.seen_rows(Debt, "RevenueLedger").c
    dispute = disputes(reading).c
    parts: list[ColumnElement[int]] = []
    for of, amount in (
        (refund, refund.amount),
        (dispute, func.coalesce(dispute.refunded, dispute.waits)),
        (debt, debt.amount),
    ):
        total = select(func.sum(amount, type_=Whole())).where(
            of.payer == Payment.payer, of.invoice_ref == Payment.invoice_ref
        )
        parts.append(func.coalesce(total.correlate(Payment).scalar_subquery(), 0, type_=Whole()))
    refunded, disputed, clawed_back = parts
    return refunded + disputed + clawed_back


def deals_of(reading: Reading, account: bytes) -> ColumnElement[bool]:
    """Deals in which the account is one side: its own, and those of the programmes that it owns."""
    # Asked for apart: a subquery within "or" would keep PostgreSQL from both sides' indexes.
    owned = reading.session.scalars(
        select(Programme.programme).where(
            reading.seen(Programme, "AgreementRegistry"), Programme.owner == account
        )
    ).all()
    return and_(reading.begun(Deal, "DealRegistry"), or_(Deal.account == account, Deal.programme.in_(owned)))


def settlements_of(reading: Reading, account: bytes) -> Iterator[Settlement]:
    """Every won deal in which the account is one side."""
    won = _won(reading, account)
    running = (
        select(
            Payment.deal,
            Payment.token,
            Payment.seq,
            Payment.paid_at,
            Payment.matures_at,
            func.sum(Payment.amount - given_back(reading), type_=Whole())
            .over(partition_by=(Payment.deal, Payment.token), order_by=(Payment.matures_at, Payment.seq))
            .label("released"),
        )
        .where(
            reading.seen(Payment, "RevenueLedger"),
            Payment.deal.in_(select(won.c.deal)),
            Payment.matures_at <= reading.as_of.timestamp,
        )
        .cte("running")
    )
    reached = (
        select(won.c.deal, running.c.seq, running.c.paid_at, running.c.matures_at)
        .ext(distinct_on(won.c.deal))
        .join(running, and_(running.c.deal == won.c.deal, running.c.token == won.c.token))
        .where(running.c.released >= won.c.value)
        .order_by(won.c.deal, running.c.matures_at, running.c.seq)
        .cte("reached")
    )
    rows = reading.session.execute(
        select(won, reached.c.paid_at, reached.c.matures_at, reached.c.seq.label("paid_seq"))
        .outerjoin(reached, reached.c.deal == won.c.deal)
        .order_by(won.c.seq)
    )
    for row in rows:
        yield Settlement(
            deal=row.deal,
            account=row.account,
            vendor=row.vendor,
            won_at=row.decided_at,
            won_seq=row.seq,
            payment_seconds=row.payment_seconds,
            recorded_at=row.paid_at,
            recorded_seq=row.paid_seq,
            released_at=row.matures_at,
        )


def evidence_of_settlement(
    reading: Reading, account: bytes, settlement: Settlement, configuration: Configuration
) -> Evidence | None:
    """What a won deal says about one of its two sides, with the other as counterparty; None: nothing yet."""
    owner = account == settlement.vendor
    counterparty = settlement.account if owner else settlement.vendor
    due = settlement.won_at + settlement.payment_seconds
    too_late = due + configuration.grace_days * _DAY
    recorded = settlement.recorded_at
    # In time is what was paid in time; that the deal is settled is known once the payment is released.
    released = settlement.released_at
    if recorded is not None and (settlement.payment_seconds == 0 or recorded <= due):
        kind, at = Kind.SETTLED_ON_TIME, released or recorded
    elif settlement.payment_seconds == 0:
        return None
    elif owner and (recorded is not None or reading.as_of.timestamp > too_late):
        kind, at = Kind.REVENUE_LATE, too_late if recorded is None else min(recorded, too_late)
    elif recorded is not None:
        kind, at = Kind.SETTLED_LATE, released or recorded
    else:
        return None
    contract, seq = reading.contracts["DealRegistry"], settlement.won_seq
    if settlement.recorded_seq is not None:
        contract, seq = reading.contracts["RevenueLedger"], settlement.recorded_seq
    positive, negative = weigh(kind, configuration)
    return Evidence(at, contract, seq, kind, counterparty, settlement.deal, positive, negative)


def _won(reading: Reading, account: bytes) -> CTE:
    return (
        select(
            Deal.deal,
            Deal.account,
            Deal.vendor,
            Deal.agreement,
            DealDecision.seq,
            DealDecision.decided_at,
            DealDecision.value,
            DealDecision.token,
            Agreement.payment_seconds,
        )
        .join(DealDecision, and_(DealDecision.deal == Deal.deal, reading.seen(DealDecision, "DealRegistry")))
        .join(
            Agreement,
            and_(Agreement.agreement == Deal.agreement, reading.seen(Agreement, "AgreementRegistry")),
        )
        .where(deals_of(reading, account), DealDecision.outcome == State.WON)
        .cte("won")
    )
