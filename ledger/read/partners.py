"""Registered partners, each with its newest attestation, in the order of their registration."""

from typing import Any, Final

from ledger.read.asking import NOW

_COLUMNS: Final = """p.name, p.uri, p.registered_at, p.seq, a.seq AS attested_seq, a.level, a.attested_at,
  a.expires_at, a.evidence, a.ended_at, a.end_reason, a.ended_seq"""
_ATTESTED: Final = """
LEFT JOIN LATERAL (
  SELECT * FROM chain.attestation a
  WHERE a.chain_id = %(chain)s AND a.contract = %(partners)s AND a.account = {account}
  ORDER BY a.seq DESC
  LIMIT 1
) a ON true"""
_VALID: Final = f"a.ended_seq IS NULL AND a.expires_at >= {NOW}"
_LISTED: Final = f"""
SELECT p.account, {_COLUMNS}
FROM chain.partner p{_ATTESTED.format(account="p.account")}
WHERE p.chain_id = %(chain)s AND p.contract = %(partners)s AND p.seq > %(after)s{{only}}
ORDER BY p.seq
LIMIT {{limit:d}}
"""
ACCOUNT: Final = f"""
SELECT asked.account, {_COLUMNS}
FROM (SELECT %(account)s::bytea AS account) asked
LEFT JOIN chain.partner p
  ON p.chain_id = %(chain)s AND p.contract = %(partners)s AND p.account = asked.account
{_ATTESTED.format(account="asked.account")}
"""
"""One account, registered or not."""


def listed(limit: int, after: int | None, verified: bool | None) -> tuple[str, dict[str, Any]]:
    """The question for so many, as the newest block has them: those whose attestation holds, those without
    one that does, or all.
    """
    only = {None: "", True: f" AND {_VALID}", False: f" AND ({_VALID}) IS NOT TRUE"}[verified]
    return _LISTED.format(only=only, limit=limit), {"after": after or 0}
