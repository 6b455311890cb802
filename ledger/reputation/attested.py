"""Who counts as a counterparty: partners whose attestation by the consortium is valid."""

from collections.abc import Collection

from sqlalchemy import Subquery, distinct, func, select

from ledger.reputation.fixed_point import SCALE
from ledger.store.reading import Reading
from ledger.store.tables import Attestation


def valid(reading: Reading) -> Subquery:
    """Attestations that hold at the reading's block: neither replaced, nor revoked, nor expired."""
    was = reading.then(Attestation, "PartnerRegistry")
    of = was.c
    return select(was).where(of.expires_at >= reading.as_of.timestamp, of.ended_seq.is_(None)).subquery()


def trust_in(reading: Reading, accounts: Collection[bytes]) -> dict[bytes, int]:
    """ω of each account, scaled by 1e18: 1 when its attestation is valid, 0 otherwise."""
    holding = valid(reading).c.account
    attested = set(reading.session.scalars(select(holding).where(holding.in_(accounts))))
    return {account: SCALE if account in attested else 0 for account in accounts}


def count_verified(reading: Reading) -> int:
    """How many accounts have a valid attestation."""
    return reading.session.scalar(select(func.count(distinct(valid(reading).c.account)))) or 0
