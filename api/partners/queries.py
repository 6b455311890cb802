"""Partners in SQL."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, desc, func, select

from api.deals.queries import has_lapsed
from api.paging import Page
from api.payers import wallets_of
from ledger.store.reading import Reading
from ledger.store.tables import (
    AgreementParty,
    AgreementPayee,
    Deal,
    Payment,
    Programme,
    Review,
)
from ledger.store.tables.base import Lasting
from ledger.terms.contracts import AGREEMENTS, DEALS, REVENUE, ContractName


def programmes(reading: Reading, owner: bytes) -> Sequence[Programme]:
    """The programmes that an account owns, oldest first."""
    return reading.session.scalars(
        select(Programme)
        .where(reading.seen(Programme, AGREEMENTS), Programme.owner == owner)
        .order_by(Programme.seq)
    ).all()


def involvement(reading: Reading, account: bytes) -> dict[str, int]:
    """How many rows name the account, by part."""
    owned = select(Programme.programme).where(reading.seen(Programme, AGREEMENTS), Programme.owner == account)
    return {
        "agreements_as_party": _count(reading, AgreementParty, AGREEMENTS, AgreementParty.account == account),
        "agreements_as_payee": _count(reading, AgreementPayee, AGREEMENTS, AgreementPayee.account == account),
        "deals_brought": _deals(reading, Deal.account == account),
        "commitments_lapsed": _deals(
            reading, and_(Deal.account == account, has_lapsed(reading.as_of.timestamp))
        ),
        "deals_to_decide": _deals(reading, Deal.programme.in_(owned)),
        "payments_made": _count(reading, Payment, REVENUE, Payment.payer.in_(wallets_of(reading, account))),
    }


def ratings(reading: Reading, account: bytes) -> dict[int, int]:
    """How many reviews of each rating the account received, those taken back left out."""
    rows = reading.session.execute(
        select(Review.rating, func.count())
        .where(reading.now(Review, DEALS), Review.reviewed == account, Review.revoked_at.is_(None))
        .group_by(Review.rating)
    )
    return dict(rows.all())


def reviews(reading: Reading, page: Page, account: bytes) -> Sequence[Review]:
    """Reviews of the account, the newest first, one more than the page holds."""
    question = select(Review).where(reading.now(Review, DEALS), Review.reviewed == account)
    after = page.key()
    if after is not None:
        question = question.where(Review.seq < after)
    return reading.session.scalars(question.order_by(desc(Review.seq)).limit(page.probe)).all()


def _deals(reading: Reading, condition: ColumnElement[bool]) -> int:
    question = select(func.count()).select_from(Deal).where(reading.now(Deal, DEALS), condition)
    return reading.session.scalar(question) or 0


def _count(
    reading: Reading, table: type[Lasting], contract: ContractName, condition: ColumnElement[bool]
) -> int:
    return (
        reading.session.scalar(
            select(func.count()).select_from(table).where(reading.seen(table, contract), condition)
        )
        or 0
    )
