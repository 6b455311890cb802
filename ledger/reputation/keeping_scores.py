"""Scores of all accounts, kept as of the block that evidence is kept as of.

They are made anew for those whose evidence new entries touch or time does, and once a day (UTC) for all, as
ages and trust are others then.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from ledger.read import figures
from ledger.reputation.configuration import DAY, Configuration
from ledger.reputation.ranking import scored
from ledger.reputation.trust_of_day import trust_of_day
from ledger.store import asked
from ledger.store.reading import Reading, read

_OF: Final = "chain_id = %(chain)s AND deployment = %(ledger)s"
# Rows count from ``since`` to ``until``, both included, while the arbiter's attestation holds.
_AFFECTED: Final = f"""
SELECT account FROM chain.deal
  WHERE chain_id = %(chain)s AND contract = %(deals)s AND deal = ANY(%(touched)s::bytea[])
UNION SELECT vendor FROM chain.deal
  WHERE chain_id = %(chain)s AND contract = %(deals)s AND deal = ANY(%(touched)s::bytea[])
UNION SELECT account FROM chain.evidence WHERE {_OF} AND since > %(from)s AND since <= %(to)s
UNION SELECT account FROM chain.evidence WHERE {_OF} AND until >= %(from)s AND until < %(to)s
UNION SELECT account FROM chain.evidence WHERE {_OF} AND arbiter IN (
  SELECT account FROM chain.attestation
  WHERE chain_id = %(chain)s AND contract = %(partners)s AND (seq > %(partners_seq)s
    OR ended_seq > %(partners_seq)s OR (expires_at >= %(from)s AND expires_at < %(to)s)))
"""
_FORGET: Final = f"DELETE FROM chain.score WHERE {_OF}"
_SCORES: Final = """
INSERT INTO chain.score (chain_id, deployment, account, score, positive, negative, counterparties)
SELECT %(chain)s, %(ledger)s, * FROM unnest(%(accounts)s::bytea[], %(scores)s::smallint[],
  %(positive)s::numeric[], %(negative)s::numeric[], %(counterparties)s::bigint[])
"""
_TRUST: Final = """
INSERT INTO chain.trust (chain_id, deployment, account, omega)
SELECT %(chain)s, %(ledger)s, * FROM unnest(%(accounts)s::bytea[], %(omega)s::bigint[])
"""


def keep_scores(
    connection: Connection,
    given: Mapping[str, Any],
    touched: Collection[bytes] | None,
    before: int | None,
) -> None:
    """Brings scores up to the block that evidence is kept as of by now; ``before``: the time of the block
    that they were of, None where there were none. ``…_seq``: the entries up to which they were.
    """
    with Session(connection) as session:
        reading = read(session, chain_id=given["chain"], ledger=given["ledger"])
        now = reading.as_of.timestamp
        accounts = None
        if touched is None or before is None or now < before or now // DAY != before // DAY:
            _keep_trust(connection, reading, given)
        else:
            values = {**given, "touched": list(touched), "from": before, "to": now}
            accounts = [row.account for row in asked.ask(connection, (_AFFECTED, values)) if row.account]
        if accounts is not None and not accounts:
            return
        gone = _forget(connection, given, accounts)
        found = scored(reading, accounts, Configuration(), None)
        values = {
            "accounts": [each.account for each in found],
            "scores": [each.score for each in found],
            "positive": [each.positive for each in found],
            "negative": [each.negative for each in found],
            "counterparties": [each.counterparties for each in found],
        }
        asked.run(connection, (_SCORES, {**given, **values}))
        figures.add(connection, given, figures.SCORES, len(found) - gone)


def _keep_trust(connection: Connection, reading: Reading, given: Mapping[str, Any]) -> None:
    found = trust_of_day(reading, Configuration())
    was = figures.tallies(reading).get((figures.VERIFIED, b""), 0)
    figures.add(connection, given, figures.VERIFIED, len(found.verified) - was)
    asked.run(connection, (f"DELETE FROM chain.trust WHERE {_OF}", given))
    counting = {"accounts": list(found.omega), "omega": list(found.omega.values())}
    asked.run(connection, (_TRUST, {**given, **counting}))


def _forget(connection: Connection, given: Mapping[str, Any], accounts: Sequence[bytes] | None) -> int:
    """Of these accounts, or of all; returns how many there were."""
    some = "" if accounts is None else " AND account = ANY(%(accounts)s::bytea[])"
    values = {**given, "accounts": accounts or []}
    return len(asked.ask(connection, (f"{_FORGET}{some} RETURNING account", values)))
