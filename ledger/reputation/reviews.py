"""What the other sides of settled deals think of a partner."""

from typing import Any

from sqlalchemy import CTE, Select, and_, func, or_

from ledger.reputation.evidence import Kind
from ledger.reputation.scope import Scope, row
from ledger.store.tables import Review
from ledger.terms.contracts import DEALS


def reviews(scope: Scope, settlement: CTE) -> Select[Any]:
    """Reviews of each side by the other in settled deals, unless they were taken back.

    A review given before its deal was settled counts from then on.
    """
    was = scope.reading.then(Review, DEALS)
    of, deal = was.c, settlement.c
    return (
        row(
            of.reviewed,
            of.reviewer,
            Kind.REVIEWED,
            func.greatest(of.reviewed_at, deal.released_at),
            (DEALS, of.seq),
            of.deal,
            as_owner=of.reviewed == deal.vendor,
            rating=of.rating,
        )
        .select_from(was)
        .join(settlement, deal.deal == of.deal)
        .where(
            scope.about(of.reviewed, of.reviewer),
            of.revoked_seq.is_(None),
            deal.released_at.is_not(None),
            or_(
                and_(of.reviewed == deal.vendor, of.reviewer == deal.account),
                and_(of.reviewed == deal.account, of.reviewer == deal.vendor),
            ),
        )
    )
