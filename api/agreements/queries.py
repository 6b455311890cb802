"""Agreements in SQL."""

from collections.abc import Collection, Sequence
from typing import Any

from eth_utils.address import to_checksum_address
from sqlalchemy import desc, func, select

from api.paging import Page
from ledger.store.reading import Reading
from ledger.store.tables import (
    Agreement,
    AgreementParty,
    AgreementPayee,
    AgreementToken,
    AgreementTranche,
    Programme,
)
from ledger.terms.agreement import Payee, Terms, Tranche
from ledger.terms.contracts import AGREEMENTS
from ledger.terms.ids import AgreementId, ProgrammeId


def listed(
    reading: Reading, page: Page, party: bytes | None, payee: bytes | None, programme: ProgrammeId | None
) -> Sequence[Agreement]:
    """Agreements, the newest first, one more than the page holds."""
    question = select(Agreement).where(reading.seen(Agreement, AGREEMENTS))
    after = page.key()
    if after is not None:
        question = question.where(Agreement.seq < after)
    if programme is not None:
        question = question.where(Agreement.programme == programme)
    filters = [party, payee, programme]
    for table, account in ((AgreementParty, party), (AgreementPayee, payee)):
        if account is not None:
            named = select(table.seq).where(reading.seen(table, AGREEMENTS), table.account == account)
            if after is not None:
                named = named.where(table.seq < after)
            if filters.count(None) == len(filters) - 1:  # an account is named once in an agreement's list
                named = named.order_by(desc(table.seq)).limit(page.probe)
            question = question.where(Agreement.seq.in_(named))
    return reading.session.scalars(question.order_by(desc(Agreement.seq)).limit(page.probe)).all()


def one(reading: Reading, agreement: AgreementId) -> Agreement | None:
    """The agreement with this id."""
    return reading.session.scalar(
        select(Agreement).where(reading.seen(Agreement, AGREEMENTS), Agreement.agreement == agreement)
    )


def by_id(reading: Reading, agreements: Collection[AgreementId]) -> dict[bytes, Agreement]:
    """Agreements by their id."""
    rows = reading.session.scalars(
        select(Agreement).where(reading.seen(Agreement, AGREEMENTS), Agreement.agreement.in_(agreements))
    )
    return {row.agreement: row for row in rows}


def parties(reading: Reading, agreements: Collection[AgreementId]) -> dict[bytes, list[bytes]]:
    """The parties of each agreement, in the order of its terms."""
    return _items(reading, AgreementParty, AgreementParty.account, agreements)


def tokens(reading: Reading, agreements: Collection[AgreementId]) -> dict[bytes, list[bytes]]:
    """The tokens that each agreement accepts, in the order of its terms."""
    return _items(reading, AgreementToken, AgreementToken.token, agreements)


def payee_counts(reading: Reading, agreements: Collection[AgreementId]) -> dict[bytes, int]:
    """How many payees each agreement has."""
    rows = reading.session.execute(
        select(AgreementPayee.agreement, func.count())
        .where(reading.of(AgreementPayee, AGREEMENTS), AgreementPayee.agreement.in_(agreements))
        .group_by(AgreementPayee.agreement)
    )
    return dict(rows.all())


def programmes(reading: Reading, ids: Collection[bytes]) -> dict[bytes, Programme]:
    """Programmes by id."""
    rows = reading.session.scalars(
        select(Programme).where(reading.seen(Programme, AGREEMENTS), Programme.programme.in_(ids))
    )
    return {row.programme: row for row in rows}


def terms(reading: Reading, row: Agreement) -> Terms:
    """The terms as they were signed."""
    return terms_by_id(reading, [row])[row.agreement]


def terms_by_id(reading: Reading, rows: Collection[Agreement]) -> dict[bytes, Terms]:
    """The same of several agreements, asked for together."""
    ids = [row.agreement for row in rows]
    of_parties, of_tokens = parties(reading, ids), tokens(reading, ids)
    payees = _rows(reading, AgreementPayee, (AgreementPayee.account, AgreementPayee.weights), ids)
    bands = (AgreementTranche.up_to, AgreementTranche.period_seconds)
    tranches = _rows(reading, AgreementTranche, bands, ids)
    return {
        row.agreement: Terms(
            parties=tuple(to_checksum_address(each) for each in of_parties[row.agreement]),
            payees=tuple(
                Payee(to_checksum_address(account), tuple(weights))
                for account, weights in payees[row.agreement]
            ),
            tranches=tuple(
                Tranche(up_to, period_seconds) for up_to, period_seconds in tranches[row.agreement]
            ),
            list_root=row.list_root,
            list_hash=row.list_hash,
            list_count=row.list_count,
            tokens=tuple(to_checksum_address(each) for each in of_tokens[row.agreement]),
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
        for row in rows
    }


def _items(
    reading: Reading, table: Any, column: Any, agreements: Collection[AgreementId]
) -> dict[bytes, list[bytes]]:
    found = _rows(reading, table, (column,), agreements)
    return {agreement: [item for (item,) in items] for agreement, items in found.items()}


def _rows(
    reading: Reading, table: Any, columns: tuple[Any, ...], agreements: Collection[AgreementId]
) -> dict[bytes, list[Sequence[Any]]]:
    """Columns of the agreements' lists, in the order of their terms."""
    rows = reading.session.execute(
        select(table.agreement, *columns)
        .where(reading.of(table, AGREEMENTS), table.agreement.in_(agreements))
        .order_by(table.agreement, table.position)
    )
    found: dict[bytes, list[Sequence[Any]]] = {}
    for agreement, *values in rows:
        found.setdefault(agreement, []).append(values)
    return found
