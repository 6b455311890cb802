"""How much there is of everything, and the customers that several partners registered: kept, so that no page
counts through all of it. `ledger.reputation.kept` has it kept as of the block of what else it keeps.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from ledger.read.asking import ask
from ledger.store import asked
from ledger.store.reading import Reading

PARTNERS, AGREEMENTS, DEALS, CONTESTED = "partners", "agreements", "deals", "contested"
SCORES, VERIFIED, RECEIVED = "scores", "verified", "received"
"""Names of tallies; what was received has one for each token."""
_OF: Final = "chain_id = %(chain)s AND deployment = %(ledger)s"
_AFTER: Final = "chain_id = %(chain)s AND contract = %({name})s AND seq > %({name}_seq)s"
_ADD: Final = """
INSERT INTO chain.tally AS t (chain_id, deployment, name, token, amount)
SELECT %(chain)s, %(ledger)s, found.name, found.token, found.amount FROM ({found}) found
ON CONFLICT (chain_id, deployment, name, token) DO UPDATE SET amount = t.amount + excluded.amount
"""
_NEW: Final = _ADD.format(
    found=" UNION ALL ".join(
        f"SELECT '{what}' AS name, ''::bytea AS token, count(*) AS amount FROM chain.{table} "
        f"WHERE {_AFTER.format(name=contract)}"
        for what, table, contract in (
            (PARTNERS, "partner", "partners"),
            (AGREEMENTS, "agreement", "agreements"),
            (DEALS, "deal", "deals"),
        )
    )
    + f" UNION ALL SELECT '{RECEIVED}', token, sum(amount) FROM chain.payment "
    f"WHERE {_AFTER.format(name='ledger')} GROUP BY token"
)
_COUNTED: Final = _ADD.format(
    found="SELECT %(name)s::text AS name, ''::bytea AS token, %(more)s::bigint AS amount"
)
_MADE: Final = (
    "SELECT programme, epoch, tag FROM chain.deal WHERE chain_id = %(chain)s AND contract = %(deals)s"
)
# Of the deals that something happened to; where one was tagged again, all of its programme.
_TOUCHED: Final = f"""
SELECT DISTINCT programme, epoch, tag FROM ({_MADE} AND tag IS NOT NULL AND deal = ANY(%(touched)s::bytea[])
  UNION ALL {_MADE} AND tag IS NOT NULL AND programme IN (
    SELECT d.programme FROM chain.deal_retag r JOIN chain.deal d USING (chain_id, contract, deal)
    WHERE r.chain_id = %(chain)s AND r.contract = %(deals)s AND r.seq > %(deals_seq)s)
  UNION ALL SELECT programme, epoch, tag FROM chain.contested c WHERE {_OF} AND programme IN (
    SELECT d.programme FROM chain.deal_retag r JOIN chain.deal d USING (chain_id, contract, deal)
    WHERE r.chain_id = %(chain)s AND r.contract = %(deals)s AND r.seq > %(deals_seq)s)
) of
"""
_ALL: Final = f"SELECT DISTINCT programme, epoch, tag FROM ({_MADE} AND tag IS NOT NULL) of"
_FORGET: Final = """
DELETE FROM chain.contested c USING ({customers}) of
WHERE c.chain_id = %(chain)s AND c.deployment = %(ledger)s AND c.programme = of.programme
  AND c.epoch = of.epoch AND c.tag = of.tag
RETURNING c.newest
"""
_MAKE: Final = """
INSERT INTO chain.contested (chain_id, deployment, programme, epoch, tag, newest)
SELECT %(chain)s, %(ledger)s, of.programme, of.epoch, of.tag, found.newest
FROM ({customers}) of
CROSS JOIN LATERAL (
  SELECT max(seq) AS newest FROM chain.deal d
  WHERE d.chain_id = %(chain)s AND d.contract = %(deals)s AND d.programme = of.programme
    AND d.epoch = of.epoch AND d.tag = of.tag
  HAVING count(DISTINCT account) > 1
) found
RETURNING newest
"""
_TALLIES: Final = f"SELECT name, token, amount::text FROM chain.tally WHERE {_OF}"
_NEWEST: Final = f"""
SELECT programme, epoch, tag, newest FROM chain.contested
WHERE {_OF} AND newest < %(before)s ORDER BY newest DESC LIMIT {{limit:d}}
"""


def count(connection: Connection, given: Mapping[str, Any], touched: Collection[bytes] | None) -> None:
    """Counts what came after the entries ``…_seq`` of each journal in; ``touched``: the deals that something
    happened to since, None for all.
    """
    asked.run(connection, (_NEW, given))
    if touched is not None and not touched:
        return
    customers = _ALL if touched is None else _TOUCHED
    values = {**given, "touched": list(touched or ())}
    gone = asked.ask(connection, (_FORGET.format(customers=customers), values)) if touched is not None else ()
    made = asked.ask(connection, (_MAKE.format(customers=customers), values))
    add(connection, given, CONTESTED, len(made) - len(gone))


def add(connection: Connection, given: Mapping[str, Any], name: str, more: int) -> None:
    """Counts so many more."""
    asked.run(connection, (_COUNTED, {**given, "name": name, "more": more}))


def tallies(reading: Reading) -> dict[tuple[str, bytes], int]:
    """All that is kept, by name and token; what there is none of may be left out."""
    return {(row.name, row.token): int(row.amount) for row in ask(reading, _TALLIES)}


def contested(reading: Reading, limit: int, before: int) -> list[tuple[bytes, int, bytes, int]]:
    """Customers of several partners and the number of their newest commitment, before ``before``: those that
    were last registered first.
    """
    return [tuple(row) for row in ask(reading, _NEWEST.format(limit=limit), before=before)]
