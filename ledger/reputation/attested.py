"""Who counts as a counterparty: partners whose attestation by the consortium is valid."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, distinct, func, or_, select

from ledger.reputation.fixed_point import SCALE
from ledger.store.reading import Reading
from ledger.store.tables import Attestation


def valid(reading: Reading) -> ColumnElement[bool]:
    """Attestations that hold at the reading's time: neither replaced, nor revoked, nor expired."""
    now = reading.as_of.timestamp
    return and_(
        reading.seen(Attestation, "PartnerRegistry"),
        Attestation.expires_at >= now,
        or_(Attestation.ended_at.is_(None), Attestation.ended_at > now),
    )


def trust_in(reading: Reading, accounts: Collection[bytes]) -> dict[bytes, int]:
    """ω of each account, scaled by 1e18: 1 when its attestation is valid, 0 otherwise."""
    attested = set(
        reading.session.scalars(
            select(Attestation.account).where(valid(reading), Attestation.account.in_(accounts))
        )
    )
    return {account: SCALE if account in attested else 0 for account in accounts}


def count_verified(reading: Reading) -> int:
    """How many accounts have a valid attestation."""
    return (
        reading.session.scalar(select(func.count(distinct(Attestation.account))).where(valid(reading))) or 0
    )
