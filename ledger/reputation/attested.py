"""Whom the consortium attests."""

from sqlalchemy import Subquery, select

from ledger.store.reading import Reading
from ledger.store.tables import Attestation, Partner
from ledger.terms.contracts import PARTNERS


def valid(reading: Reading) -> Subquery:
    """Attestations that hold at the reading's block: neither replaced, nor revoked, nor expired."""
    was = reading.then(Attestation, PARTNERS)
    of = was.c
    return select(was).where(of.expires_at >= reading.as_of.timestamp, of.ended_seq.is_(None)).subquery()


def verified_partners(reading: Reading) -> list[bytes]:
    """Registered partners with a valid attestation: trust starts with them.

    Arbiters that are contracts can be attested, so that their rulings count, but do not register.
    """
    holding = valid(reading).c.account
    return list(
        reading.session.scalars(
            select(Partner.account).where(
                reading.seen(Partner, PARTNERS), Partner.account.in_(select(holding))
            )
        )
    )
