"""Deals in SQL."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, desc, exists, func, select

from api.paging import Page
from ledger.rules.deal_status import REVEAL_SECONDS, Rule, State, Status
from ledger.store.reading import Reading
from ledger.store.tables import Deal, DealDecision, Payment, Programme, ProgrammeEpoch
from ledger.store.tables.base import Whole

_CONTRACT: Final = "DealRegistry"
_PROGRAMMES: Final = "AgreementRegistry"
_OVER_UNTAGGED: Final = (State.REGISTERED, State.RETURNED, State.APPROVED)


def listed(
    reading: Reading,
    page: Page,
    account: bytes | None,
    agreement: bytes | None,
    programme: bytes | None,
    status: Status | None,
) -> Sequence[Deal]:
    """Deals, the newest commitment first, one more than the page holds."""
    question = select(Deal).where(reading.now(Deal, _CONTRACT))
    after = page.key()
    if after is not None:
        question = question.where(Deal.seq < after)
    for column, wanted in (
        (Deal.account, account),
        (Deal.agreement, agreement),
        (Deal.programme, programme),
    ):
        if wanted is not None:
            question = question.where(column == wanted)
    if status is not None:
        question = question.where(_has(status, reading))
    return reading.session.scalars(question.order_by(desc(Deal.seq)).limit(page.probe)).all()


def one(reading: Reading, deal: bytes) -> Deal | None:
    """The deal with this id."""
    return reading.session.scalar(select(Deal).where(reading.now(Deal, _CONTRACT), Deal.deal == deal))


def decisions(reading: Reading, *deals: bytes) -> Sequence[DealDecision]:
    """Decisions on these deals and their withdrawals, in the order of the journal."""
    return reading.session.scalars(
        select(DealDecision)
        .where(reading.of(DealDecision, _CONTRACT), DealDecision.deal.in_(deals))
        .order_by(DealDecision.seq)
    ).all()


def changes(reading: Reading, table: Any, *deals: bytes) -> Sequence[Any]:
    """These deals' rows of another table, in the order of the journal."""
    return reading.session.scalars(
        select(table).where(reading.now(table, _CONTRACT), table.deal.in_(deals)).order_by(table.seq)
    ).all()


def queue(reading: Reading, deal: Deal) -> Sequence[Deal]:
    """Every registration of the deal's customer, by priority; none when the deal was not revealed."""
    if deal.tag is None:
        return []
    return reading.session.scalars(
        select(Deal)
        .where(
            reading.now(Deal, _CONTRACT),
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
            reading.of(Payment, "RevenueLedger"),
            Payment.agreement == deal.agreement,
            Payment.deal == deal.deal,
            Payment.token == deal.token,
        )
    )
    return total or 0


def _has(status: Status, reading: Reading) -> ColumnElement[bool]:
    """``ledger.rules.deal_status.status`` in SQL."""
    now = reading.as_of.timestamp
    match status:
        case Status.COMMITTED:
            return and_(Deal.state == State.COMMITTED, Deal.committed_at + REVEAL_SECONDS >= now)
        case Status.LAPSED:
            return has_lapsed(now)
        case Status.UNTAGGED:
            return and_(Deal.state.in_(_OVER_UNTAGGED), _untagged(reading))
        case Status.APPROVED:
            return and_(Deal.state == State.APPROVED, Deal.exclusive_until >= now, ~_untagged(reading))
        case Status.EXPIRED:
            return and_(Deal.state == State.APPROVED, Deal.exclusive_until < now, ~_untagged(reading))
        case Status.REGISTERED | Status.RETURNED:
            return and_(Deal.state == State[status.name], ~_untagged(reading))
    return Deal.state == State[status.name]


def has_lapsed(now: int) -> ColumnElement[bool]:
    """Committed to and not revealed in time."""
    return and_(Deal.state == State.COMMITTED, Deal.committed_at + REVEAL_SECONDS < now)


def _untagged(reading: Reading) -> ColumnElement[bool]:
    """Whether the key of the deal's tag was replaced and the grace is over, except where all is open."""
    return exists(
        select(ProgrammeEpoch.epoch)
        .join(
            Programme,
            and_(
                Programme.programme == ProgrammeEpoch.programme,
                reading.seen(Programme, _PROGRAMMES),
                Programme.rule != Rule.OPEN,
            ),
        )
        .where(
            reading.seen(ProgrammeEpoch, _PROGRAMMES),
            ProgrammeEpoch.programme == Deal.programme,
            ProgrammeEpoch.epoch == Deal.epoch + 1,
            ProgrammeEpoch.grace_until < reading.as_of.timestamp,
        )
        .correlate(Deal)
    )
