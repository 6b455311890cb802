"""Partners in SQL."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, desc, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute

from api.paging import Page
from api.payers import wallets_of
from ledger.store.reading import ContractName, Reading
from ledger.store.tables import (
    Agreement,
    AgreementParty,
    AgreementPayee,
    Attestation,
    Deal,
    Partner,
    Payment,
    Programme,
    Review,
    WalletChange,
)
from ledger.store.tables.base import OfContract


def registered(reading: Reading, page: Page, verified: bool | None) -> Sequence[Partner]:
    """Partners in the order of their registration, one more than the page holds."""
    question = select(Partner).where(reading.seen(Partner, "PartnerRegistry"))
    after = page.key()
    if after is not None:
        question = question.where(Partner.seq > after)
    if verified is not None:
        attested = exists().where(Attestation.account == Partner.account, _valid(reading))
        question = question.where(attested if verified else ~attested)
    return reading.session.scalars(question.order_by(Partner.seq).limit(page.probe)).all()


def registration(reading: Reading, account: bytes) -> Partner | None:
    """The account's registration, if it has one."""
    return reading.session.scalar(
        select(Partner).where(reading.seen(Partner, "PartnerRegistry"), Partner.account == account)
    )


def attestations(reading: Reading, accounts: Collection[bytes]) -> dict[bytes, Attestation]:
    """The newest attestation of each account that ever had one."""
    rows = reading.session.scalars(
        select(Attestation)
        .ext(distinct_on(Attestation.account))
        .where(reading.seen(Attestation, "PartnerRegistry"), Attestation.account.in_(accounts))
        .order_by(Attestation.account, desc(Attestation.seq))
    )
    return {row.account: row for row in rows}


def is_valid(reading: Reading, attestation: Attestation) -> bool:
    """Whether it holds at the reading's time."""
    now = reading.as_of.timestamp
    ended = attestation.ended_at is not None and attestation.ended_at <= now
    return not ended and now <= attestation.expires_at


def programmes(reading: Reading, owner: bytes) -> Sequence[Programme]:
    """The programmes that an account owns, oldest first."""
    return reading.session.scalars(
        select(Programme)
        .where(reading.seen(Programme, "AgreementRegistry"), Programme.owner == owner)
        .order_by(Programme.seq)
    ).all()


def involvement(reading: Reading, account: bytes) -> dict[str, int]:
    """How many rows name the account, by part."""
    owned = select(Programme.programme).where(
        reading.seen(Programme, "AgreementRegistry"), Programme.owner == account
    )
    return {
        "agreements_as_party": _count(
            reading, AgreementParty, "AgreementRegistry", AgreementParty.account == account
        ),
        "agreements_as_payee": _count(
            reading, AgreementPayee, "AgreementRegistry", AgreementPayee.account == account
        ),
        "deals_brought": _count(reading, Deal, "DealRegistry", Deal.account == account),
        "deals_to_decide": _count(reading, Deal, "DealRegistry", Deal.programme.in_(owned)),
        "payments_made": _count(
            reading, Payment, "RevenueLedger", Payment.payer.in_(wallets_of(reading, account))
        ),
    }


def ratings(reading: Reading, account: bytes) -> dict[int, int]:
    """How many reviews of each rating the account received, those taken back left out."""
    rows = reading.session.execute(
        select(Review.rating, func.count())
        .where(reading.of(Review, "DealRegistry"), Review.reviewed == account, Review.revoked_at.is_(None))
        .group_by(Review.rating)
    )
    return dict(rows.all())


def reviews(reading: Reading, page: Page, account: bytes) -> Sequence[Review]:
    """Reviews of the account, the newest first, one more than the page holds."""
    question = select(Review).where(reading.of(Review, "DealRegistry"), Review.reviewed == account)
    after = page.key()
    if after is not None:
        question = question.where(Review.seq < after)
    return reading.session.scalars(question.order_by(desc(Review.seq)).limit(page.probe)).all()


def is_known(reading: Reading, account: bytes) -> bool:
    """Whether any entry of the journals names the account as a partner, party, payee, registrant or payer."""
    named: list[tuple[type[OfContract], ContractName, InstrumentedAttribute[bytes]]] = [
        (Partner, "PartnerRegistry", Partner.account),
        (Attestation, "PartnerRegistry", Attestation.account),
        (Programme, "AgreementRegistry", Programme.owner),
        (AgreementParty, "AgreementRegistry", AgreementParty.account),
        (AgreementPayee, "AgreementRegistry", AgreementPayee.account),
        (Deal, "DealRegistry", Deal.account),
        (WalletChange, "PartnerRegistry", WalletChange.account),
        (Agreement, "AgreementRegistry", Agreement.arbiter),
        (Payment, "RevenueLedger", Payment.payer),
    ]
    found = [
        exists().where(reading.seen(table, contract), column == account) for table, contract, column in named
    ]
    return bool(reading.session.scalar(select(or_(*found))))


def _valid(reading: Reading) -> ColumnElement[bool]:
    now = reading.as_of.timestamp
    return and_(
        reading.seen(Attestation, "PartnerRegistry"),
        Attestation.expires_at >= now,
        or_(Attestation.ended_at.is_(None), Attestation.ended_at > now),
    )


def _count(
    reading: Reading, table: type[OfContract], contract: ContractName, condition: ColumnElement[bool]
) -> int:
    return (
        reading.session.scalar(
            select(func.count()).select_from(table).where(reading.seen(table, contract), condition)
        )
        or 0
    )
