"""Agreements in SQL."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from eth_utils.address import to_checksum_address
from sqlalchemy import desc, func, select

from api.paging import Page
from ledger.chain.terms import Payee, Terms, Tranche
from ledger.store.reading import Reading
from ledger.store.tables import (
    Agreement,
    AgreementParty,
    AgreementPayee,
    AgreementToken,
    AgreementTranche,
    Programme,
)

_CONTRACT: Final = "AgreementRegistry"


def listed(
    reading: Reading, page: Page, party: bytes | None, payee: bytes | None, programme: bytes | None
) -> Sequence[Agreement]:
    """Agreements, the newest first, one more than the page holds."""
    question = select(Agreement).where(reading.seen(Agreement, _CONTRACT))
    after = page.key()
    if after is not None:
        question = question.where(Agreement.seq < after)
    if programme is not None:
        question = question.where(Agreement.programme == programme)
    for table, account in ((AgreementParty, party), (AgreementPayee, payee)):
        if account is not None:
            named = select(table.agreement).where(reading.of(table, _CONTRACT), table.account == account)
            question = question.where(Agreement.agreement.in_(named))
    return reading.session.scalars(question.order_by(desc(Agreement.seq)).limit(page.probe)).all()


def one(reading: Reading, agreement: bytes) -> Agreement | None:
    """The agreement with this id."""
    return reading.session.scalar(
        select(Agreement).where(reading.seen(Agreement, _CONTRACT), Agreement.agreement == agreement)
    )


def parties(reading: Reading, agreements: Collection[bytes]) -> dict[bytes, list[bytes]]:
    """The parties of each agreement, in the order of its terms."""
    return _items(reading, AgreementParty, AgreementParty.account, agreements)


def tokens(reading: Reading, agreements: Collection[bytes]) -> dict[bytes, list[bytes]]:
    """The tokens that each agreement accepts, in the order of its terms."""
    return _items(reading, AgreementToken, AgreementToken.token, agreements)


def payee_counts(reading: Reading, agreements: Collection[bytes]) -> dict[bytes, int]:
    """How many payees each agreement has."""
    rows = reading.session.execute(
        select(AgreementPayee.agreement, func.count())
        .where(reading.of(AgreementPayee, _CONTRACT), AgreementPayee.agreement.in_(agreements))
        .group_by(AgreementPayee.agreement)
    )
    return dict(rows.all())


def programmes(reading: Reading, ids: Collection[bytes]) -> dict[bytes, Programme]:
    """Programmes by id."""
    rows = reading.session.scalars(
        select(Programme).where(reading.seen(Programme, _CONTRACT), Programme.programme.in_(ids))
    )
    return {row.programme: row for row in rows}


def terms(reading: Reading, row: Agreement) -> Terms:
    """The terms as they were signed."""
    key = [row.agreement]
    return Terms(
        parties=tuple(to_checksum_address(each) for each in parties(reading, key)[row.agreement]),
        payees=tuple(
            Payee(to_checksum_address(account), tuple(weights))
            for account, weights in _rows(
                reading, AgreementPayee, (AgreementPayee.account, AgreementPayee.weights), row.agreement
            )
        ),
        tranches=tuple(
            Tranche(up_to, period_seconds)
            for up_to, period_seconds in _rows(
                reading,
                AgreementTranche,
                (AgreementTranche.up_to, AgreementTranche.period_seconds),
                row.agreement,
            )
        ),
        list_root=row.list_root,
        list_hash=row.list_hash,
        list_count=row.list_count,
        tokens=tuple(to_checksum_address(each) for each in tokens(reading, key)[row.agreement]),
        programme=row.programme,
        territories=tuple(row.territories),
        decision_seconds=row.decision_seconds,
        exclusivity_seconds=row.exclusivity_seconds,
        hold_seconds=row.hold_seconds,
        payment_seconds=row.payment_seconds,
        clawback=row.clawback,
        arbiter=to_checksum_address(row.arbiter),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        notice_seconds=row.notice_seconds,
        after_end=row.after_end,
        predecessor=row.predecessor,
        document_hash=row.document_hash,
        uri=row.uri,
        salt=row.salt,
    )


def _items(
    reading: Reading, table: Any, column: Any, agreements: Collection[bytes]
) -> dict[bytes, list[bytes]]:
    rows = reading.session.execute(
        select(table.agreement, column)
        .where(reading.of(table, _CONTRACT), table.agreement.in_(agreements))
        .order_by(table.agreement, table.position)
    )
    found: dict[bytes, list[bytes]] = {}
    for agreement, item in rows:
        found.setdefault(agreement, []).append(item)
    return found


def _rows(reading: Reading, table: Any, columns: tuple[Any, ...], agreement: bytes) -> Sequence[Any]:
    return reading.session.execute(
        select(*columns)
        .where(reading.of(table, _CONTRACT), table.agreement == agreement)
        .order_by(table.position)
    ).all()
