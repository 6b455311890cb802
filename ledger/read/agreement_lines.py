"""Agreements that amended one another."""

from typing import Final

from ledger.read.asking import ask
from ledger.store.reading import Reading
from ledger.terms.ids import AgreementId

_LINE: Final = """
WITH RECURSIVE before AS (
  SELECT a.agreement, a.predecessor, 0 AS place
  FROM chain.agreement a
  WHERE a.chain_id = %(chain)s AND a.contract = %(agreements)s AND a.seq <= %(agreements_seq)s
    AND a.agreement = %(agreement)s
  UNION ALL
  SELECT a.agreement, a.predecessor, before.place - 1
  FROM before
  CROSS JOIN LATERAL (
    SELECT a.agreement, a.predecessor FROM chain.agreement a
    WHERE a.chain_id = %(chain)s AND a.contract = %(agreements)s AND a.seq <= %(agreements_seq)s
      AND a.agreement = before.predecessor
    OFFSET 0
  ) a
), after AS (
  SELECT agreement, place FROM before WHERE place = 0
  UNION ALL
  SELECT a.agreement, after.place + 1
  FROM after
  CROSS JOIN LATERAL (
    SELECT a.agreement
    FROM chain.amendment m
    JOIN chain.agreement a ON a.chain_id = m.chain_id AND a.contract = m.contract
      AND a.seq <= %(agreements_seq)s AND a.agreement = m.successor
    WHERE m.chain_id = %(chain)s AND m.contract = %(agreements)s AND m.seq <= %(agreements_seq)s
      AND m.agreement = after.agreement
    OFFSET 0
  ) a
)
SELECT agreement, place FROM before UNION SELECT agreement, place FROM after ORDER BY place
"""


def line_of(reading: Reading, agreement: AgreementId) -> list[AgreementId]:
    """The versions of an agreement, itself among them, the first one first."""
    return [version for version, _ in ask(reading, _LINE, agreement=agreement)]
