"""As of which block evidence is kept, and of which deals it is another as of a reading's block.

A deal that nothing happened to in between has the same evidence as of both, as each row says from when to
when it counts. So a score as of another block costs what happened since, not what ever happened.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from ledger.read.asking import GIVEN
from ledger.store.asked import ask
from ledger.store.reading import Reading
from ledger.terms.contracts import JOURNALS, ContractName

MAX_DEALS: Final = 20_000
"""Whose evidence is gathered beside what is kept; with more of them, all is gathered."""
_KEPT: Final = """
SELECT block_number, block_hash, timestamp, seqs::bigint[], heads FROM chain.evidence_kept
WHERE chain_id = %(chain)s AND deployment = %(ledger)s
"""
_STILL: Final = """
SELECT count(*) AS count
FROM unnest(%(contracts)s::bytea[], %(seqs)s::bigint[], %(heads)s::bytea[]) k (contract, seq, head)
JOIN chain.entry e ON e.chain_id = %(chain)s AND e.contract = k.contract AND e.seq = k.seq AND e.head = k.head
"""
# An entry of the deals' journal names its deal among its topics, one about a payment names the payment.
_TOUCHED: Final = """
WITH new AS MATERIALIZED (
  SELECT unnest(topics) AS topic FROM chain.entry
  WHERE chain_id = %(chain)s AND contract = %(deals)s AND seq > %(deals_seq)s
), about AS MATERIALIZED (
  SELECT payer, invoice_ref FROM chain.refund
  WHERE chain_id = %(chain)s AND contract = %(ledger)s AND seq > %(ledger_seq)s
  UNION SELECT payer, invoice_ref FROM chain.dispute
  WHERE chain_id = %(chain)s AND contract = %(ledger)s AND seq > %(ledger_seq)s
  UNION SELECT payer, invoice_ref FROM chain.ruling
  WHERE chain_id = %(chain)s AND contract = %(ledger)s AND seq > %(ledger_seq)s
  UNION SELECT payer, invoice_ref FROM chain.debt
  WHERE chain_id = %(chain)s AND contract = %(ledger)s AND seq > %(ledger_seq)s
)
SELECT d.deal FROM new JOIN chain.deal d
  ON d.chain_id = %(chain)s AND d.contract = %(deals)s AND d.deal = new.topic
UNION SELECT deal FROM chain.payment
  WHERE chain_id = %(chain)s AND contract = %(ledger)s AND seq > %(ledger_seq)s AND deal IS NOT NULL
UNION SELECT p.deal FROM about JOIN chain.payment p
  ON p.chain_id = %(chain)s AND p.contract = %(ledger)s AND p.payer = about.payer
  AND p.invoice_ref = about.invoice_ref AND p.deal IS NOT NULL
"""


def kept(connection: Connection, given: Mapping[str, Any]) -> Any:
    """The deployment's row of ``evidence_kept``; None when nothing is kept."""
    found = ask(connection, (_KEPT, given))
    return found[0] if found else None


def stands(connection: Connection, given: Mapping[str, Any], row: Any) -> bool:
    """Whether no entry that it rests on was taken back. ``given`` has all ``contracts``."""
    of = [place for place, seq in enumerate(row.seqs) if seq]
    asked = {name: [getattr(row, name)[place] for place in of] for name in ("seqs", "heads")}
    asked["contracts"] = [given["contracts"][place] for place in of]
    return bool(ask(connection, (_STILL, {**given, **asked}))[0].count == len(of))


def touched_since(
    connection: Connection, given: Mapping[str, Any], seqs: Mapping[ContractName, int]
) -> list[bytes]:
    """The deals that something happened to after these entries of the journals."""
    after = {f"{short}_seq": seqs[name] for name, short in GIVEN.items()}
    return [row.deal for row in ask(connection, (_TOUCHED, {**given, **after}))]


def given_of(chain_id: int, contracts: Mapping[ContractName, bytes]) -> dict[str, Any]:
    """What the statements name."""
    given: dict[str, Any] = {"chain": chain_id, "contracts": [contracts[name] for name in JOURNALS]}
    return given | {short: contracts[name] for name, short in GIVEN.items()}


def touched_beside_kept(reading: Reading) -> list[bytes] | None:
    """The deals whose evidence as of the reading's block may be another than what is kept; None when all has
    to be gathered: nothing is kept that stands, or they are too many.
    """
    info = reading.session.info
    key = ("evidence kept", reading.chain_id, reading.ledger, reading.as_of.number, reading.newest)
    if key not in info:
        info[key] = _touched(reading)
    found: list[bytes] | None = info[key]
    return found


def kept_as_of(reading: Reading) -> bool:
    """Whether evidence is kept as of exactly the reading's block."""
    return reading.newest and touched_beside_kept(reading) == []


def _touched(reading: Reading) -> list[bytes] | None:
    connection = reading.session.connection()
    given = given_of(reading.chain_id, reading.contracts)
    row = kept(connection, given)
    if row is None:
        return None
    if reading.newest and (row.block_number, row.block_hash) == (reading.as_of.number, reading.as_of.hash):
        return []
    if not stands(connection, given, row):
        return None
    earlier = {name: min(seq, reading.seqs[name]) for name, seq in zip(JOURNALS, row.seqs, strict=True)}
    found = touched_since(connection, given, earlier)
    return found if len(found) <= MAX_DEALS else None
