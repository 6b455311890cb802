"""Rulings on disputed payments of deals: who was right, and who broke the agreement.

A ruling counts when both sides are known: a payment of a deal, disputed by the deal's partner or vendor.
Whoever disputed was right when the arbiter gave something back, the other side when not. A breach
is one that the arbiter calls so, by the reason code ``BREACH``: that of the side that was not right.

Rulings of an arbiter whom the consortium does not attest count for nothing, or partners could appoint each
other to praise themselves; nor does a dispute that was dropped because nobody ruled.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, or_, select

from ledger.reputation.evidence import Kind
from ledger.reputation.scope import Scope, row
from ledger.store.tables import Deal, Dispute, Payment, Ruling
from ledger.terms.contracts import REVENUE

BREACH = b"BREACH".ljust(32, b"\0")
"""The reason code of a ruling that finds a breach."""


def rulings(scope: Scope) -> Iterator[Select[Any]]:
    """Rulings in disputes between the two sides of a deal: those confirmed, and those in breach."""
    by_partner = Dispute.by_account == Deal.account
    ruled = (
        select(
            Deal.deal,
            Deal.account,
            Deal.vendor,
            Ruling.ruled_at,
            Ruling.seq,
            Ruling.reason,
            Ruling.by_account,
            case((Ruling.refunded > 0, by_partner), else_=~by_partner).label("partner_right"),
        )
        .select_from(Ruling)
        .join(Dispute, _of_payment(scope, Dispute))
        .join(Payment, _of_payment(scope, Payment))
        .join(Deal, Deal.deal == Payment.deal)
        .where(
            scope.deals(),
            scope.reading.seen(Ruling, REVENUE),
            or_(by_partner, Dispute.by_account == Deal.vendor),
            Ruling.by_account.is_not(None),
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
                (REVENUE, each.seq),
                each.deal,
                as_owner=owner,
                arbiter=each.by_account,
            ).where(scope.about(about, other), was_right)
            yield found if right else found.where(each.reason == BREACH)


def _of_payment(scope: Scope, table: type[Dispute] | type[Payment]) -> ColumnElement[bool]:
    """Rows about the payment that a ruling is about."""
    return and_(
        scope.reading.seen(table, REVENUE),
        table.payer == Ruling.payer,
        table.invoice_ref == Ruling.invoice_ref,
    )
