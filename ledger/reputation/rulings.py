"""Rulings on disputed payments of deals: who was right, and who broke the agreement.

A ruling counts when both sides are known: a payment of a deal, disputed by the deal's partner or vendor.
Whoever disputed was right when the arbiter gave something back, the other side when not. A breach
is one that the arbiter calls so, by the reason code ``BREACH``: that of the side that was not right.

Rulings of an arbiter whom the consortium does not attest count for nothing, or partners could appoint each
other to praise themselves; nor does a dispute that was dropped because nobody ruled.
"""

from collections.abc import Iterator

from sqlalchemy import and_, or_, select

from ledger.reputation.attested import trust_in
from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Evidence, Kind, weigh
from ledger.reputation.settlements import deals_of
from ledger.store.reading import Reading
from ledger.store.tables import Deal, Dispute, Payment

BREACH = b"BREACH".ljust(32, b"\0")
"""The reason code of a ruling that finds a breach."""


def rulings_on(reading: Reading, account: bytes, configuration: Configuration) -> Iterator[Evidence]:
    """Rulings in disputes between the account and the other side of one of its deals."""
    of = reading.then(Dispute, "RevenueLedger").c
    rows = reading.session.execute(
        select(
            of.by_account,
            of.ruled_by,
            of.ruled_at,
            of.ruled_seq,
            of.refunded,
            of.ruling,
            Deal.deal,
            Deal.account,
            Deal.vendor,
        )
        .join(
            Payment,
            and_(
                reading.seen(Payment, "RevenueLedger"),
                Payment.payer == of.payer,
                Payment.invoice_ref == of.invoice_ref,
            ),
        )
        .join(Deal, Deal.deal == Payment.deal)
        .where(
            deals_of(reading, account),
            of.ruled_by.is_not(None),
            or_(of.by_account == Deal.account, of.by_account == Deal.vendor),
        )
    ).all()
    attested = trust_in(reading, {row.ruled_by for row in rows})
    contract = reading.contracts["RevenueLedger"]
    for row in rows:
        if not attested[row.ruled_by] or row.account == row.vendor:
            continue
        sides = (row.account, row.vendor)
        right = row.by_account if row.refunded else next(each for each in sides if each != row.by_account)
        other = row.vendor if account == row.account else row.account
        if account == right:
            kind = Kind.CLAIM_CONFIRMED
        elif row.ruling == BREACH:
            kind = Kind.BREACH_RULED
        else:
            continue
        positive, negative = weigh(kind, configuration)
        yield Evidence(row.ruled_at, contract, row.ruled_seq, kind, other, row.deal, positive, negative)
