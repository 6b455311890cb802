"""Payments with all that became of them up to a block."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import select, tuple_

from ledger.read.asking import ask
from ledger.rules.payment import Change, Life, Payment, Step
from ledger.store.reading import Reading
from ledger.store.tables import Payment as Row
from ledger.terms.contracts import REVENUE
from ledger.terms.ids import NO_DEAL, PaymentKey

_MATURED: Final = "matured"
_MADE: Final = "chain_id = %(chain)s AND contract = %(ledger)s AND seq <= %(ledger_seq)s"
_OF: Final = f"{_MADE} AND payer = of.payer AND invoice_ref = of.invoice_ref"
_STEPS: Final = f"""
SELECT of.place, step.*, step.amount::text AS units
FROM unnest(%(payers)s::bytea[], %(references)s::bytea[], %(agreements)s::bytea[], %(tokens)s::bytea[],
  %(maturities)s::bigint[]) WITH ORDINALITY AS of (payer, invoice_ref, agreement, token, matures_at, place)
CROSS JOIN LATERAL (
  SELECT '{Change.REFUNDED}' AS change, seq, refunded_at AS at, amount, NULL::bytea AS by_account,
    NULL::bytea AS reason, recipient, 0::bigint AS rule_by
  FROM chain.refund WHERE {_OF}
  UNION ALL
  SELECT '{Change.DISPUTED}', seq, disputed_at, amount, by_account, reason, NULL, rule_by
  FROM chain.dispute WHERE {_OF}
  UNION ALL
  SELECT CASE WHEN by_account IS NULL THEN '{Change.DROPPED}' ELSE '{Change.RULED}' END, seq, ruled_at,
    refunded, by_account, reason, NULL, 0
  FROM chain.ruling WHERE {_OF}
  UNION ALL
  SELECT '{Change.REFUND_PAID}', seq, paid_at, amount, NULL, NULL, recipient, 0
  FROM chain.refund_payout WHERE {_OF}
  UNION ALL
  SELECT '{Change.CLAWED_BACK}', seq, clawed_back_at, amount, by_account, reason, NULL, 0
  FROM chain.debt WHERE {_OF}
  UNION ALL
  SELECT '{Change.DEBT_PAID}', paid.seq, paid.paid_at, paid.amount, NULL, NULL, paid.recipient, 0
  FROM chain.debt owed
  JOIN chain.debt_payout paid USING (chain_id, contract, agreement, token, debt)
  WHERE chain_id = %(chain)s AND contract = %(ledger)s AND owed.seq <= %(ledger_seq)s
    AND owed.payer = of.payer AND owed.invoice_ref = of.invoice_ref AND paid.seq <= %(ledger_seq)s
  UNION ALL
  SELECT '{_MATURED}', seq, matured_at, amount, NULL, NULL, NULL, 0
  FROM chain.maturity
  WHERE {_MADE} AND agreement = of.agreement AND token = of.token AND matures_at = of.matures_at
) step
ORDER BY of.place, step.seq
"""


def lives(reading: Reading, rows: Sequence[Row]) -> list[Life]:
    """What became of these payments, in their order."""
    steps: list[list[Step]] = [[] for _ in rows]
    matured: dict[int, int] = {}
    found = ask(
        reading,
        _STEPS,
        payers=[row.payer for row in rows],
        references=[row.invoice_ref for row in rows],
        agreements=[row.agreement for row in rows],
        tokens=[row.token for row in rows],
        maturities=[row.matures_at for row in rows],
    )
    for step in found:
        place = step.place - 1
        if step.change == _MATURED:
            matured[place] = step.seq
            continue
        said = (step.by_account, step.reason, step.recipient, step.rule_by)
        steps[place].append(Step(Change(step.change), step.seq, step.at, int(step.units), *said))
    return [
        Life(_paid(row), row.seq, row.paid_at, steps[place], matured.get(place))
        for place, row in enumerate(rows)
    ]


def lives_of(reading: Reading, keys: Collection[PaymentKey]) -> dict[PaymentKey, Life]:
    """The same of payments by their keys; those that there are."""
    of_keys = tuple_(Row.payer, Row.invoice_ref).in_(keys)
    rows = reading.session.scalars(select(Row).where(reading.seen(Row, REVENUE), of_keys)).all()
    return {life.paid.key: life for life in lives(reading, rows)}


def _paid(row: Row) -> Payment:
    deal = row.deal or NO_DEAL
    return Payment(row.payer, row.invoice_ref, row.agreement, row.token, row.amount, row.matures_at, deal)
