"""Disputes as of a block, with what of each still waits for a ruling."""

from typing import Final

from sqlalchemy import Subquery, case, func, select

from ledger.store.reading import Reading
from ledger.store.tables import Dispute, Refund
from ledger.store.tables.base import Whole

_CONTRACT: Final = "RevenueLedger"


def disputes(reading: Reading) -> Subquery:
    """The columns of the table ``dispute`` as they were, and ``waits``, in token base units: what was
    disputed less what its payer has taken back of it since; 0 once it is over.
    """
    was, refund = reading.then(Dispute, _CONTRACT), reading.seen_rows(Refund, _CONTRACT).c
    of = was.c
    taken = (
        select(func.sum(refund.amount, type_=Whole()))
        .where(refund.in_dispute, refund.payer == of.payer, refund.invoice_ref == of.invoice_ref)
        .correlate(was)
        .scalar_subquery()
    )
    waits = of.amount - func.coalesce(taken, 0, type_=Whole())
    return select(was, case((of.ruled_seq.is_(None), waits), else_=0).label("waits")).subquery()
