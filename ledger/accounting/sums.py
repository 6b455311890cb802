"""A book's sums as of a block: as the mirror keeps them for its newest block, added up for earlier ones."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import case, func, select, true

from ledger.read.sums import NAMES, books_of
from ledger.store.disputes import open_disputes
from ledger.store.reading import Reading
from ledger.store.tables import (
    Claim,
    Debt,
    DebtPayout,
    Maturity,
    Netting,
    Payment,
    Refund,
    RefundPayout,
    Ruling,
)
from ledger.store.tables.base import Whole
from ledger.terms.contracts import REVENUE
from ledger.terms.ids import AgreementId, BookKey

Sums = Mapping[str, int]
"""The columns of the table ``book`` after its key, in token base units; each is there."""

NOTHING: Sums = dict.fromkeys(NAMES, 0)


def sums_of(reading: Reading, agreements: Collection[AgreementId]) -> dict[BookKey, Sums]:
    """The sums of every book of these agreements."""
    if not reading.newest:
        return _added_up(reading, agreements)
    return dict(books_of(reading, agreements))


def _added_up(reading: Reading, agreements: Collection[AgreementId]) -> dict[BookKey, Sums]:
    waiting = open_disputes(reading).c
    at_once = case((Payment.matures_at <= Payment.paid_at, Payment.amount), else_=0)
    parts: list[tuple[Any, Any, dict[str, Any]]] = [
        (Payment, None, {"received": Payment.amount, "matured": at_once}),
        (Claim, None, {"claimed": Claim.amount}),
        (Refund, None, {"refunded": Refund.amount, "paid_back": Refund.amount}),
        (waiting, None, {"disputed": waiting.waits}),
        (Ruling, None, {"refunded": Ruling.refunded}),
        (RefundPayout, None, {"paid_back": RefundPayout.amount}),
        (Maturity, None, {"matured": Maturity.amount}),
        (Netting, None, {"netted": Netting.amount}),
        (
            Netting,
            Netting.debtor,
            _by_kind(Netting.amount, Netting.by_consent, "debts_served", "agreed_served"),
        ),
        (Debt, None, _by_kind(Debt.amount, Debt.by_account.is_(None), "debts", "agreed_debts")),
        (DebtPayout, None, {"debts_paid": DebtPayout.amount}),
    ]
    found: dict[BookKey, dict[str, int]] = {}
    for table, subject, amounts in parts:
        agreement = table.agreement if subject is None else subject
        sums = [func.sum(amount, type_=Whole()).label(name) for name, amount in amounts.items()]
        rows = reading.session.execute(
            select(agreement.label("agreement"), table.token, *sums)
            .where(true() if table is waiting else reading.seen(table, REVENUE), agreement.in_(agreements))
            .group_by(agreement, table.token)
        )
        for row in rows:
            book = found.setdefault((row.agreement, row.token), dict(NOTHING))
            for name in amounts:
                book[name] += int(getattr(row, name))
    return dict(found)


def _by_kind(amount: Any, by_consent: Any, ruled: str, agreed: str) -> dict[str, Any]:
    return {ruled: case((by_consent, 0), else_=amount), agreed: case((by_consent, amount), else_=0)}
