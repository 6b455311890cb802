"""Held payments by the day on which they are released, less what was taken out of them. Token base units."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, literal, select

from ledger.store.disputes import taken_out
from ledger.store.reading import Reading
from ledger.store.tables import Maturity, Payment
from ledger.store.tables.base import Whole
from ledger.terms.contracts import REVENUE
from ledger.terms.ids import AgreementId, BookKey

Days = dict[int, int]
"""Amounts by the second at which they are, or were, due."""


@dataclass(frozen=True)
class Taken:
    """What was taken out of payments that are due at one moment.

    ``left``: refunded, or in dispute; it is not released with the rest. ``apart``: released by a ruling of
    its own, after that moment, and so not with the rest either.
    """

    left: int
    apart: int


def payments_by_maturity(
    reading: Reading, agreements: Collection[AgreementId], which: ColumnElement[bool]
) -> dict[BookKey, Days]:
    """Sums of those payments of these agreements, by book and maturity."""
    rows = reading.session.execute(
        select(Payment.agreement, Payment.token, Payment.matures_at, func.sum(Payment.amount, type_=Whole()))
        .where(reading.seen(Payment, REVENUE), Payment.agreement.in_(agreements), which)
        .group_by(Payment.agreement, Payment.token, Payment.matures_at)
    )
    found: dict[BookKey, Days] = {}
    for agreement, token, matures_at, amount in rows:
        found.setdefault((agreement, token), {})[matures_at] = amount
    return found


def taken_by_maturity(
    reading: Reading, agreements: Collection[AgreementId]
) -> dict[BookKey, dict[int, Taken]]:
    """What was taken out of payments of these agreements, by book and maturity."""
    found: dict[BookKey, dict[int, Taken]] = {}
    for table, amount in taken_out(reading):
        left = func.sum(amount, type_=Whole())
        apart: ColumnElement[int] = literal(0)
        if "ruled_at" in table:
            ruled_apart = case((table.ruled_at >= Payment.matures_at, table.remaining), else_=0)
            apart = func.sum(ruled_apart, type_=Whole())
        rows = reading.session.execute(
            select(table.agreement, table.token, Payment.matures_at, left, apart)
            .join(
                Payment,
                and_(
                    reading.of(Payment, REVENUE),
                    Payment.payer == table.payer,
                    Payment.invoice_ref == table.invoice_ref,
                ),
            )
            .where(table.agreement.in_(agreements))
            .group_by(table.agreement, table.token, Payment.matures_at)
        )
        for agreement, token, matures_at, gone, by_itself in rows:
            days = found.setdefault((agreement, token), {})
            before = days.get(matures_at, Taken(0, 0))
            days[matures_at] = Taken(before.left + int(gone), before.apart + int(by_itself))
    return found


def held_by_day(reading: Reading, agreements: Collection[AgreementId]) -> dict[BookKey, Days]:
    """What is held of each book of these agreements, by the day on which it is released."""
    if not agreements:
        return {}
    now = reading.as_of.timestamp
    was_held = Payment.matures_at > Payment.paid_at  # follows from the other, but the index must be told
    held = payments_by_maturity(reading, agreements, and_(was_held, Payment.matures_at > now))
    taken = taken_by_maturity(reading, agreements) if held else {}
    return {
        key: {
            day: amount - taken[key][day].left if day in taken.get(key, ()) else amount
            for day, amount in sorted(days.items())
        }
        for key, days in held.items()
    }


def due_by_day(
    reading: Reading, agreements: Collection[AgreementId], taken: dict[BookKey, dict[int, Taken]]
) -> dict[BookKey, Days]:
    """What is due but not yet recorded as released: days are recorded in their order."""
    recorded = (
        select(Maturity.agreement, Maturity.token, func.max(Maturity.matures_at).label("newest"))
        .where(reading.seen(Maturity, REVENUE), Maturity.agreement.in_(agreements))
        .group_by(Maturity.agreement, Maturity.token)
        .subquery()
    )
    newest = (
        select(recorded.c.newest)
        .where(recorded.c.agreement == Payment.agreement, recorded.c.token == Payment.token)
        .scalar_subquery()
    )
    which = and_(
        Payment.matures_at > Payment.paid_at,
        Payment.matures_at <= reading.as_of.timestamp,
        Payment.matures_at > func.coalesce(newest, 0),
    )
    due = payments_by_maturity(reading, agreements, which)
    for key, days in due.items():
        for day in days:
            gone = taken.get(key, {}).get(day, Taken(0, 0))
            days[day] -= gone.left + gone.apart
    return due
