"""Evidence kept as rows, and what follows from it: made anew for the deals that new entries touch, whenever a
mirror has caught up.

Every row says from when to when it counts, so that time alone makes no work. What is kept is as of one block;
a reading of another block, or while a mirror reads on, gathers what it needs from the other tables. Nothing
rests on the rows: whoever drops them has them made again.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from ledger.read import figures
from ledger.read.asking import GIVEN
from ledger.reputation.configuration import Configuration
from ledger.reputation.keeping_scores import keep_scores
from ledger.reputation.kept_as_of import given_of, kept, stands, touched_since
from ledger.reputation.scope import DEALS
from ledger.reputation.statements import of_deals
from ledger.store.asked import ask, run
from ledger.terms.contracts import JOURNALS, ContractName

_CHECKPOINT: Final = """
SELECT block_number, block_hash, timestamp FROM chain.checkpoint
WHERE chain_id = %(chain)s AND deployment = %(ledger)s
"""
_OF: Final = "WHERE chain_id = %(chain)s AND deployment = %(ledger)s"
_OF_DEALS: Final = f"DELETE FROM chain.evidence {_OF} AND deal = ANY(%({DEALS})s::bytea[])"
_NEWEST: Final = """
SELECT coalesce(e.seq, 0) AS seq, coalesce(e.head, ''::bytea) AS head
FROM unnest(%(contracts)s::bytea[]) WITH ORDINALITY c (contract, place)
LEFT JOIN LATERAL (
  SELECT seq, head FROM chain.entry e
  WHERE e.chain_id = %(chain)s AND e.contract = c.contract ORDER BY e.seq DESC LIMIT 1
) e ON true
ORDER BY c.place
"""
_MADE: Final = """
INSERT INTO chain.evidence (chain_id, deployment, account, counterparty, kind, as_owner, rating, at, journal,
  entry, position, deal, since, until, arbiter)
SELECT %(chain)s, %(ledger)s, account, counterparty, kind, as_owner, rating, at, contract, seq, position,
  deal, since, until, arbiter
FROM ("""
_MOVE: Final = """
INSERT INTO chain.evidence_kept (chain_id, deployment, block_number, block_hash, timestamp, seqs, heads)
VALUES (%(chain)s, %(ledger)s, %(number)s, %(hash)s, %(timestamp)s, %(seqs)s::bigint[], %(heads)s::bytea[])
ON CONFLICT (chain_id, deployment) DO UPDATE SET block_number = excluded.block_number,
  block_hash = excluded.block_hash, timestamp = excluded.timestamp,
  seqs = excluded.seqs, heads = excluded.heads
"""


def keep(connection: Connection, chain_id: int, contracts: Mapping[ContractName, bytes]) -> int | None:
    """Makes what is kept that of the mirror's newest block, in the connection's transaction; returns of how
    many deals it was made anew, None for all.
    """
    given = given_of(chain_id, contracts)
    checkpoint, before = ask(connection, (_CHECKPOINT, given)), kept(connection, given)
    if not checkpoint or (before is not None and tuple(before[:2]) == tuple(checkpoint[0][:2])):
        return 0
    touched, counted = None, dict.fromkeys(JOURNALS, 0)
    if before is not None and stands(connection, given, before):
        counted = dict(zip(JOURNALS, before.seqs, strict=True))
        touched = touched_since(connection, given, counted)
    else:
        _forget(connection, given)
    since = given | {f"{short}_seq": counted[name] for name, short in GIVEN.items()}
    _make(connection, given, contracts, touched)
    figures.count(connection, since, touched)
    newest = ask(connection, (_NEWEST, given))
    newer = checkpoint[0]
    moved = {"number": newer.block_number, "hash": newer.block_hash, "timestamp": newer.timestamp}
    moved |= {"seqs": [row.seq for row in newest], "heads": [row.head for row in newest]}
    run(connection, (_MOVE, given | moved))
    keep_scores(connection, since, touched, None if touched is None else before.timestamp)
    return None if touched is None else len(touched)


def _forget(connection: Connection, given: Mapping[str, Any]) -> None:
    for table in ("evidence", "score", "trust", "contested", "tally"):
        run(connection, (f"DELETE FROM chain.{table} {_OF}", given))


def _make(
    connection: Connection,
    given: Mapping[str, Any],
    contracts: Mapping[ContractName, bytes],
    touched: list[bytes] | None,
) -> None:
    """Of these deals, or of all."""
    if touched is not None and not touched:
        return
    values = {**given, DEALS: touched or []}
    if touched is not None:
        run(connection, (_OF_DEALS, values))
    named: dict[str, bytes] = {name: address for name, address in contracts.items()}  # noqa: C416 - wider
    question, constants = of_deals(Configuration(), some=touched is not None)
    run(connection, (f"{_MADE}{question}) found", {**values, **constants, **named}))
