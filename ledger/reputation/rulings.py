"""Rulings on disputed payments of deals: who was right, and who broke the agreement.

A ruling counts when both sides are known: a payment of a deal, disputed by the deal's partner or vendor.
Whoever disputed was right when the arbiter gave something back, the other side when not. A breach
is one that the arbiter calls so, by the reason code ``BREACH``: that of the side that was not right.

Rulings of an arbiter whom the consortium does not attest count for nothing, or partners could appoint each
other to praise themselves; nor does a dispute that was dropped because nobody ruled.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_, case, or_, select

from ledger.reputation.attested import valid
from ledger.reputation.evidence import Kind
from ledger.reputation.scope import Scope, row
from ledger.store.tables import Deal, Dispute, Payment

BREACH = b"BREACH".ljust(32, b"\0")
"""The reason code of a ruling that finds a breach."""


def rulings(scope: Scope) -> Iterator[Select[Any]]:
    """Rulings in disputes between the two sides of a deal: those confirmed, and those in breach."""
    of = scope.reading.then(Dispute, "RevenueLedger").c
    by_partner = of.by_account == Deal.account
    ruled = (
        select(
            Deal.deal,
            Deal.account,
            Deal.vendor,
            of.ruled_at,
            of.ruled_seq,
            of.ruling,
            case((of.refunded > 0, by_partner), else_=~by_partner).label("partner_right"),
        )
        .join(
            Payment,
            and_(
                scope.reading.seen(Payment, "RevenueLedger"),
                Payment.payer == of.payer,
                Payment.invoice_ref == of.invoice_ref,
            ),
        )
        .join(Deal, Deal.deal == Payment.deal)
        .where(
            scope.deals(),
            or_(by_partner, of.by_account == Deal.vendor),
            of.ruled_by.in_(select(valid(scope.reading).c.account)),
        )
        .cte("ruled")
    )
    each = ruled.c
    for about, other, owner in ((each.account, each.vendor, False), (each.vendor, each.account, True)):
        for kind, right in ((Kind.CLAIM_CONFIRMED, True), (Kind.BREACH_RULED, False)):
            was_right = each.partner_right.is_not(True) if owner is right else each.partner_right.is_(True)
            found = row(
                about,
                other,
                kind,
                each.ruled_at,
                ("RevenueLedger", each.ruled_seq),
                each.deal,
                as_owner=owner,
            ).where(scope.about(about, other), was_right)
            yield found if right else found.where(each.ruling == BREACH)
