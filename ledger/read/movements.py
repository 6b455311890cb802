"""Entries that move a payee's entitlement, or pay it out: the newest of each kind, and the totals before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ledger.read.asking import NEWEST, ask
from ledger.rules.release import Periods
from ledger.store.reading import Reading
from ledger.terms.ids import AgreementId, BookKey, DealId, InvoiceRef

Place = tuple[int, int]
"""An entry's number, and the place of a payment or payout among several of it; 0: it is the only one."""
PeriodKey = tuple[AgreementId, bytes, int]
"""An agreement, a token and the number of a period."""


class Kind(Enum):
    """Which entry it is."""

    PAYMENT = "payment"
    MATURITY = "maturity"
    RULING = "ruling"
    NETTING = "netting"
    CLAIM = "claim"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class Movement:
    """An entry; what its kind does not have is empty. ``released``: what it adds to the total.

    Amounts in token base units, times in seconds.
    """

    kind: Kind
    seq: int
    at: int
    agreement: AgreementId
    token: bytes
    amount: int
    position: int
    released: int
    matures_at: int
    payer: bytes
    invoice_ref: InvoiceRef
    deal: DealId | None
    debtor: bytes
    recipient: bytes
    period: int
    together: bool


# Each list is cut for each agreement, so that none waits for another's long history.
_MADE: Final = "chain_id = %(chain)s AND contract = %(ledger)s AND seq <= %(ledger_seq)s"
_ON_PAGE: Final = "seq < %(before)s AND (%(token)s::bytea IS NULL OR token = %(token)s::bytea)"
# Rulings that came after the hold, and released the rest by themselves.
_RULINGS: Final = f"""
SELECT r.seq, r.ruled_at AS at, r.token, r.remaining AS amount, p.matures_at
FROM chain.ruling r
CROSS JOIN LATERAL (
  SELECT p.matures_at FROM chain.payment p
  WHERE p.chain_id = %(chain)s AND p.contract = %(ledger)s
    AND p.payer = r.payer AND p.invoice_ref = r.invoice_ref
  OFFSET 0
) p
WHERE {_MADE} AND r.agreement = of.agreement AND r.ruled_at >= p.matures_at
"""
# Payments share an entry with payments alone, and claims with claims.
_PART_ON_PAGE: Final = """seq <= %(before)s AND (seq < %(before)s OR position < %(before_position)s)
      AND (%(token)s::bytea IS NULL OR token = %(token)s::bytea)"""
_OWN: Final = f"""{_MADE} AND account = %(account)s
      AND (%(agreement)s::bytea IS NULL OR agreement = %(agreement)s::bytea)"""
_PAGE: Final = f"""
SELECT kind, seq, at, agreement, token, amount::text, position, released::text, matures_at, payer,
  invoice_ref, deal, debtor, recipient, period, together
FROM (
  SELECT 'claim' AS kind, seq, claimed_at AS at, agreement, token, amount, position, 0 AS released,
    0 AS matures_at, NULL::bytea AS payer, NULL::bytea AS invoice_ref, NULL::bytea AS deal,
    NULL::bytea AS debtor, recipient, period, together
  FROM (
    SELECT * FROM chain.claim
    WHERE {_OWN} AND {_PART_ON_PAGE}
    ORDER BY seq DESC, position DESC
    LIMIT %(limit)s
  ) claimed
  UNION ALL
  SELECT 'set_aside', seq, at, agreement, token, amount, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, period, false
  FROM (
    SELECT * FROM chain.set_aside
    WHERE {_OWN} AND {_ON_PAGE}
    ORDER BY seq DESC
    LIMIT %(limit)s
  ) kept
  UNION ALL
  SELECT moved.kind, moved.seq, moved.at, of.agreement, moved.token, moved.amount, moved.position,
    moved.released, moved.matures_at, moved.payer, moved.invoice_ref, moved.deal, moved.debtor, NULL, 0, false
  FROM unnest(%(wanted)s::bytea[]) AS of (agreement)
  CROSS JOIN LATERAL (
    (SELECT 'payment' AS kind, seq, paid_at AS at, token, amount, position,
      CASE WHEN matures_at > paid_at THEN 0 ELSE amount END AS released, matures_at, payer, invoice_ref, deal,
      NULL::bytea AS debtor
    FROM chain.payment
    WHERE {_MADE} AND {_PART_ON_PAGE} AND agreement = of.agreement
    ORDER BY seq DESC, position DESC
    LIMIT %(limit)s)
    UNION ALL
    (SELECT 'maturity', seq, matured_at, token, amount, 0, amount, matures_at, NULL, NULL, NULL, NULL
    FROM chain.maturity
    WHERE {_MADE} AND {_ON_PAGE} AND agreement = of.agreement
    ORDER BY seq DESC
    LIMIT %(limit)s)
    UNION ALL
    (SELECT 'netting', seq, netted_at, token, amount, 0, -amount, matures_at, NULL, NULL, NULL, debtor
    FROM chain.netting
    WHERE {_MADE} AND {_ON_PAGE} AND agreement = of.agreement
    ORDER BY seq DESC
    LIMIT %(limit)s)
    UNION ALL
    SELECT 'ruling', seq, at, token, amount, 0, amount, matures_at, NULL, NULL, NULL, NULL
    FROM ({_RULINGS}) ruled
    WHERE {_ON_PAGE}
  ) moved
) found
ORDER BY seq DESC, position DESC
LIMIT %(limit)s
"""
_BEFORE: Final = f"""
SELECT of.agreement, of.token,
  coalesce((moved.matures_at - of.valid_from) / nullif(of.seconds, 0), 0) AS period, sum(moved.amount)::text
FROM unnest(%(of_agreements)s::bytea[], %(of_tokens)s::bytea[], %(firsts)s::bigint[],
  %(positions)s::bigint[], %(valid_from)s::bigint[], %(seconds)s::bigint[])
  AS of (agreement, token, first, position, valid_from, seconds)
CROSS JOIN LATERAL (
  SELECT matures_at, amount FROM chain.payment
  WHERE {_MADE} AND agreement = of.agreement AND token = of.token AND seq <= of.first
    AND (seq < of.first OR payment.position < of.position) AND matures_at <= paid_at
  UNION ALL
  SELECT matures_at, amount FROM chain.maturity
  WHERE {_MADE} AND agreement = of.agreement AND token = of.token AND seq < of.first
  UNION ALL
  SELECT matures_at, -amount FROM chain.netting
  WHERE {_MADE} AND agreement = of.agreement AND token = of.token AND seq < of.first
  UNION ALL
  SELECT matures_at, amount FROM ({_RULINGS}) ruled WHERE token = of.token AND seq < of.first
) moved
GROUP BY 1, 2, 3
"""


def movements(
    reading: Reading,
    account: bytes,
    agreements: Sequence[AgreementId],
    limit: int,
    before: Place | None,
    token: bytes | None,
    agreement: AgreementId | None,
) -> list[Movement]:
    """The newest of these agreements' entries and of the account's own, the newest first.

    ``before``: only those of a lower place; ``agreement``: of the account's own, only those under it.
    """
    seq, position = before or (NEWEST, 0)
    rows = ask(
        reading,
        _PAGE,
        account=account,
        wanted=agreements,
        limit=limit,
        before=seq,
        before_position=position,
        token=token,
        agreement=agreement,
    )
    return [
        Movement(
            Kind(row.kind),
            row.seq,
            row.at,
            row.agreement,
            row.token,
            int(row.amount),
            row.position,
            int(row.released),
            row.matures_at,
            row.payer or b"",
            InvoiceRef(row.invoice_ref or b""),
            row.deal,
            row.debtor or b"",
            row.recipient or b"",
            row.period,
            row.together,
        )
        for row in rows
    ]


def released_before(
    reading: Reading, firsts: Mapping[BookKey, Place], periods: Mapping[AgreementId, Periods]
) -> dict[PeriodKey, int]:
    """What was recorded as released of each book (agreement and token) before its movement at this place, by
    period.
    """
    rows = ask(
        reading,
        _BEFORE,
        of_agreements=[agreement for agreement, _ in firsts],
        of_tokens=[token for _, token in firsts],
        firsts=[seq for seq, _ in firsts.values()],
        positions=[position for _, position in firsts.values()],
        valid_from=[periods[agreement].valid_from for agreement, _ in firsts],
        seconds=[periods[agreement].seconds for agreement, _ in firsts],
    )
    return {(agreement, token, period): int(total) for agreement, token, period, total in rows}
