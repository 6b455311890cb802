"""Deals as the portal lists them, and who was first where several partners brought the same customer."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Subquery, desc, func, select, tuple_

from api.as_of import Answering
from api.deals import bodies
from api.deals.programmes import Programmes
from api.deals.schemas import Conflict, Customer, DealSummary
from api.paging import Page
from api.partner_names import Names
from ledger.read import figures
from ledger.read.asking import NEWEST, ask
from ledger.read.deals import listed
from ledger.reputation.kept_as_of import kept_as_of
from ledger.rules.deal_status import Status
from ledger.store.reading import Reading
from ledger.store.tables import Deal
from ledger.terms.contracts import DEALS
from ledger.terms.ids import AgreementId

CustomerKey = tuple[bytes, int, bytes]


@dataclass(frozen=True)
class DealRow:
    """A deal; ``conflict`` only when its customer was registered several times."""

    deal: DealSummary
    conflict: Conflict | None

    @property
    def rivals(self) -> int:
        """How many other partners registered the same customer."""
        registrations = self.conflict.registrations if self.conflict else []
        return len({each.partner.account for each in registrations} - {self.deal.partner.account})


def deal_rows(
    answering: Answering,
    page: Page,
    *,
    status: Status | None = None,
    account: bytes | None = None,
    agreement: AgreementId | None = None,
) -> tuple[list[DealRow], str | None]:
    """A page of deals, the newest commitment first, and the next page's cursor."""
    question, given = listed(page.probe, page.key(), status, account=account, agreement=agreement)
    found = ask(answering.reading, question, **given)
    shown, now = page.cut(found), answering.reading.as_of.timestamp
    deals = [DealSummary.model_validate(bodies.summary(each, now)) for each in shown]
    customers = {_key(each.customer) for each in deals if each.customer is not None}
    conflicts = {
        _key(each.customer): each for each in _conflicts_of(answering, _queues(answering.reading, customers))
    }
    rows = [
        DealRow(each, conflicts.get(_key(each.customer)) if each.customer is not None else None)
        for each in deals
    ]
    return rows, page.next_cursor(found, shown[-1].seq) if shown else None


def conflict_rows(answering: Answering, page: Page) -> tuple[list[Conflict], str | None]:
    """A page of customers that several partners registered, those that were last registered first, and the
    next page's cursor.
    """
    found = _newest_contested(answering.reading, page.probe, page.key())
    shown = page.cut(found)
    keys = [(programme, epoch, tag) for programme, epoch, tag, _ in shown]
    queues = _queues(answering.reading, set(keys))
    conflicts = _conflicts_of(answering, {key: queues[key] for key in keys})
    return conflicts, page.next_cursor(found, shown[-1][-1]) if shown else None


def count_conflicts(reading: Reading) -> int:
    """How many customers several partners registered."""
    if kept_as_of(reading):
        return figures.tallies(reading).get((figures.CONTESTED, b""), 0)
    return reading.session.scalar(select(func.count()).select_from(_contested(reading))) or 0


def _newest_contested(
    reading: Reading, limit: int, after: int | None
) -> Sequence[tuple[bytes, int, bytes, int]]:
    if kept_as_of(reading):
        return figures.contested(reading, limit, NEWEST if after is None else after)
    contested = _contested(reading)
    question = select(contested).order_by(desc(contested.c.newest)).limit(limit)
    if after is not None:
        question = question.where(contested.c.newest < after)
    return [tuple(row) for row in reading.session.execute(question)]


def _contested(reading: Reading) -> Subquery:
    """Customers of several partners, with the number of their newest commitment. (One that a partner
    registered twice is in conflict with nobody.)
    """
    by_partner = (
        select(Deal.programme, Deal.epoch, Deal.tag, func.max(Deal.seq).label("newest"))
        .where(reading.now(Deal, DEALS), Deal.tag.is_not(None))
        .group_by(Deal.programme, Deal.epoch, Deal.tag, Deal.account)
        .subquery()
    )
    customer = (by_partner.c.programme, by_partner.c.epoch, by_partner.c.tag)
    return (
        select(*customer, func.max(by_partner.c.newest).label("newest"))
        .group_by(*customer)
        .having(func.count() > 1)
        .subquery()
    )


def _key(customer: Customer) -> CustomerKey:
    return (customer.programme, customer.epoch, customer.tag)


def _queues(reading: Reading, customers: set[CustomerKey]) -> dict[CustomerKey, list[Deal]]:
    """Every registration of these customers, by priority."""
    rows = reading.session.scalars(
        select(Deal)
        .where(
            reading.now(Deal, DEALS),
            tuple_(Deal.programme, Deal.epoch, Deal.tag).in_(customers),
        )
        .order_by(Deal.priority)
    )
    queues: dict[CustomerKey, list[Deal]] = {}
    for row in rows:
        whom = bodies.customer(row)
        if whom is not None:
            queues.setdefault(_key(whom), []).append(row)
    return queues


def _conflicts_of(answering: Answering, queues: dict[CustomerKey, list[Deal]]) -> list[Conflict]:
    contested: list[Sequence[Deal]] = [queue for queue in queues.values() if len(queue) > 1]
    names = Names.of(answering.reading, [row.account for queue in contested for row in queue])
    now = answering.reading.as_of.timestamp
    programmes = Programmes.of(answering.reading, [queue[0] for queue in contested])
    found = [bodies.conflict(queue[0], queue, programmes, names, now) for queue in contested]
    return [each for each in found if each is not None]
