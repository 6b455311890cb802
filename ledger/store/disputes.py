"""What payers took out of held payments, or may have again: refunds, open disputes, and rulings."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, select

from ledger.store.reading import Reading
from ledger.store.tables import Dispute, Refund, Ruling
from ledger.store.tables.base import Whole
from ledger.terms.contracts import REVENUE


def open_disputes(reading: Reading) -> Subquery:
    """Disputes without a ruling, and what ``waits`` for it, in token base units: what was disputed less what
    its payer has taken back of it since; 0 when that is all.
    """
    dispute, ruling = reading.seen_rows(Dispute, REVENUE), reading.seen_rows(Ruling, REVENUE).c
    refund, of = reading.seen_rows(Refund, REVENUE).c, dispute.c
    taken = (
        select(func.sum(refund.amount, type_=Whole()))
        .where(refund.in_dispute, refund.payer == of.payer, refund.invoice_ref == of.invoice_ref)
        .correlate(dispute)
        .scalar_subquery()
    )
    ruled = (
        select(ruling.seq)
        .where(ruling.payer == of.payer, ruling.invoice_ref == of.invoice_ref)
        .correlate(dispute)
        .exists()
    )
    waits = of.amount - func.coalesce(taken, 0, type_=Whole())
    return select(dispute, waits.label("waits")).where(~ruled).subquery()


def taken_out(reading: Reading) -> Sequence[tuple[Any, ColumnElement[int]]]:
    """What was taken out of held payments, by whoever keeps it: columns of rows, of which each names the
    payment, agreement and token, and the amount.
    """
    refund, ruling = reading.seen_rows(Refund, REVENUE).c, reading.seen_rows(Ruling, REVENUE).c
    waiting = open_disputes(reading).c
    return ((refund, refund.amount), (waiting, waiting.waits), (ruling, ruling.refunded))
