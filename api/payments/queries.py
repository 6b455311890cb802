"""Payments, and what became of them, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import and_, desc, func, select, tuple_

from api.paging import Page
from ledger.store.reading import Reading
from ledger.store.tables import Debt, DebtPayout, Netting, Payment
from ledger.store.tables.base import Whole
from ledger.terms.ids import AgreementId

_CONTRACT: Final = "RevenueLedger"

DebtKey = tuple[bytes, bytes, int]
"""Agreement, token and number."""


def listed(
    reading: Reading,
    page: Page,
    agreement: AgreementId,
    token: bytes | None,
    payers: Collection[bytes] | None,
) -> Sequence[Payment]:
    """An agreement's payments, the newest first, one more than the page holds."""
    question = select(Payment).where(reading.seen(Payment, _CONTRACT), Payment.agreement == agreement)
    place = (Payment.seq, Payment.position)
    after = page.keys(2)
    if after is not None:
        question = question.where(tuple_(*place) < tuple_(*after))
    if token is not None:
        question = question.where(Payment.token == token)
    if payers is not None:
        question = question.where(Payment.payer.in_(payers))
    return reading.session.scalars(question.order_by(*map(desc, place)).limit(page.probe)).all()


def debts(reading: Reading, page: Page, agreement: AgreementId) -> Sequence[Debt]:
    """An agreement's debts in the order of their entries, one more than the page holds."""
    question = select(Debt).where(reading.seen(Debt, _CONTRACT), Debt.agreement == agreement)
    after = page.key()
    if after is not None:
        question = question.where(Debt.seq > after)
    return reading.session.scalars(question.order_by(Debt.seq).limit(page.probe)).all()


def owed_before(reading: Reading, rows: Sequence[Debt]) -> Mapping[DebtKey, int]:
    """What the agreement owed in the token before each debt: where in its debts, by ruling or by consent,
    this one begins.
    """
    if not rows:
        return {}
    earlier = select(
        Debt.agreement,
        Debt.token,
        Debt.debt,
        (
            func.sum(Debt.amount, type_=Whole()).over(
                partition_by=(Debt.agreement, Debt.token, Debt.by_account.is_(None)), order_by=Debt.debt
            )
            - Debt.amount
        ).label("before"),
    ).where(reading.seen(Debt, _CONTRACT), Debt.agreement.in_({row.agreement for row in rows}))
    return {
        (agreement, token, debt): int(before)
        for agreement, token, debt, before in reading.session.execute(earlier)
    }


def served(reading: Reading, agreements: Collection[AgreementId]) -> Mapping[tuple[bytes, bytes, bool], int]:
    """What revenue has netted of each agreement's debts, by agreement, token, and whether by consent."""
    rows = reading.session.execute(
        select(Netting.debtor, Netting.token, Netting.by_consent, func.sum(Netting.amount, type_=Whole()))
        .where(reading.seen(Netting, _CONTRACT), Netting.debtor.in_(agreements))
        .group_by(Netting.debtor, Netting.token, Netting.by_consent)
    )
    return {(debtor, token, by_consent): amount for debtor, token, by_consent, amount in rows}


def debt_payouts(reading: Reading, rows: Sequence[Any]) -> Mapping[DebtKey, list[DebtPayout]]:
    """What went out to payers of each debt."""
    keys = [(row.agreement, row.token, row.debt) for row in rows]
    found: dict[DebtKey, list[DebtPayout]] = {}
    payouts = reading.session.scalars(
        select(DebtPayout)
        .where(
            and_(
                reading.seen(DebtPayout, _CONTRACT),
                tuple_(DebtPayout.agreement, DebtPayout.token, DebtPayout.debt).in_(keys),
            )
        )
        .order_by(DebtPayout.seq)
    )
    for row in payouts:
        found.setdefault((row.agreement, row.token, row.debt), []).append(row)
    return found
