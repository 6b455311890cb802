"""A partner as answers show it: JSON as ``schemas`` has it, from a row of `ledger.read.partners`."""

from typing import Any

from api.identifiers import checksummed, hexadecimal
from ledger.terms.contracts import PARTNERS


def summary(row: Any, now: int) -> dict[str, Any]:
    """A partner as of ``now``, in seconds: ``PartnerSummary``."""
    attested = None if row.attested_seq is None else _attested(row, now)
    return {
        "account": checksummed(row.account),
        "name": row.name,
        "uri": row.uri,
        "registered_at": row.registered_at,
        "verified": attested is not None and attested["valid"],
        "attestation": attested,
        "entry": None if row.seq is None else _entry(row.seq),
    }


def _attested(row: Any, now: int) -> dict[str, Any]:
    return {
        "level": row.level,
        "valid": row.ended_seq is None and now <= row.expires_at,
        "attested_at": row.attested_at,
        "expires_at": row.expires_at,
        "revoked_at": row.ended_at if row.end_reason is not None else None,
        "evidence": hexadecimal(row.evidence),
        "entry": _entry(row.attested_seq),
    }


def _entry(seq: int) -> dict[str, Any]:
    return {"contract": PARTNERS, "seq": seq}
