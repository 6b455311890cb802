"""How agreements split what they receive, and what their terms say of holds, periods and debts."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from ledger.read.asking import ask
from ledger.store.reading import Reading
from ledger.terms.ids import AgreementId


@dataclass(frozen=True)
class PayeeRow:
    """A payee of an agreement: its ``weights`` of 1e18, one a tranche, and the tranches' ``boundaries``."""

    agreement: AgreementId
    account: bytes
    weights: tuple[int, ...]
    boundaries: tuple[int, ...]


@dataclass(frozen=True)
class ClausesRow:
    """An agreement's hold, periods and debts, and the ``tokens`` that it takes; times in seconds."""

    agreement: AgreementId
    valid_from: int
    hold_seconds: int
    clawback: int
    predecessor: AgreementId
    period_seconds: int
    tokens: frozenset[bytes]


_PAYEES: Final = """
SELECT y.agreement, y.account, y.weights, ARRAY(
  SELECT t.up_to FROM chain.agreement_tranche t
  WHERE t.chain_id = %(chain)s AND t.contract = %(agreements)s AND t.agreement = y.agreement
  ORDER BY t.position)
FROM chain.agreement_payee y
WHERE y.chain_id = %(chain)s AND y.contract = %(agreements)s AND y.seq <= %(agreements_seq)s
  AND y.{column} = ANY(%(wanted)s::bytea[])
ORDER BY y.agreement, y.position
"""
_OF_ALL: Final = """
  AND (a.hold_seconds > 0 OR a.clawback > 0 OR EXISTS (
    SELECT FROM chain.agreement_tranche t
    WHERE t.chain_id = %(chain)s AND t.contract = %(agreements)s AND t.agreement = a.agreement
      AND t.position = 0 AND t.period_seconds > 0))"""
# An agreement whose terms say so also serves its predecessor's debts, and so on: clawback's bit 2.
_CLAUSES: Final = """
WITH RECURSIVE line AS (
  SELECT a.agreement, a.valid_from, a.hold_seconds, a.clawback, a.predecessor
  FROM chain.agreement a
  WHERE a.chain_id = %(chain)s AND a.contract = %(agreements)s AND a.seq <= %(agreements_seq)s {which}
  UNION
  SELECT a.agreement, a.valid_from, a.hold_seconds, a.clawback, a.predecessor
  FROM line
  CROSS JOIN LATERAL (
    SELECT a.* FROM chain.agreement a
    WHERE a.chain_id = %(chain)s AND a.contract = %(agreements)s AND a.seq <= %(agreements_seq)s
      AND a.agreement = line.predecessor
    OFFSET 0
  ) a
  WHERE line.clawback & 2 <> 0
)
SELECT line.*, t.period_seconds, ARRAY(
  SELECT k.token FROM chain.agreement_token k
  WHERE k.chain_id = %(chain)s AND k.contract = %(agreements)s AND k.agreement = line.agreement)
FROM line
CROSS JOIN LATERAL (
  SELECT t.period_seconds FROM chain.agreement_tranche t
  WHERE t.chain_id = %(chain)s AND t.contract = %(agreements)s AND t.agreement = line.agreement
    AND t.position = 0
  OFFSET 0
) t
"""


def payees_of(reading: Reading, agreements: Collection[AgreementId]) -> list[PayeeRow]:
    """Every payee of these agreements, in the order of their terms."""
    return _payees(reading, "agreement", agreements)


def plans_of(reading: Reading, accounts: Collection[bytes]) -> list[PayeeRow]:
    """These accounts as payees, of every agreement that names them."""
    return _payees(reading, "account", accounts)


def clauses_of(reading: Reading, agreements: Collection[AgreementId] | None) -> list[ClausesRow]:
    """Of these agreements, and of the predecessors whose debts they serve; of all that have holds, debts or
    periods when none are given.
    """
    which = _OF_ALL if agreements is None else "AND a.agreement = ANY(%(wanted)s::bytea[])"
    rows = ask(reading, _CLAUSES.format(which=which), wanted=agreements or ())
    return [
        ClausesRow(agreement, valid_from, hold, clawback, predecessor, period, frozenset(tokens))
        for agreement, valid_from, hold, clawback, predecessor, period, tokens in rows
    ]


def _payees(reading: Reading, column: str, wanted: Collection[bytes]) -> list[PayeeRow]:
    rows: Any = ask(reading, _PAYEES.format(column=column), wanted=wanted) if wanted else ()
    return [
        PayeeRow(agreement, account, tuple(map(int, weights)), tuple(map(int, boundaries)))
        for agreement, account, weights, boundaries in rows
    ]
