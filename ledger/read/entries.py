"""The journals' entries, the newest first: all, a contract's, or those about something."""

from dataclasses import dataclass
from typing import Any, Final

from ledger.read.asking import GIVEN, NEWEST
from ledger.store.tables.journal import TOPICS, topic_hash
from ledger.terms.contracts import ContractName

Place = tuple[int, ...]
"""Where a page of entries begins: block and place in it, or the number in a contract's journal."""


@dataclass(frozen=True)
class Wanted:
    """Which entries: of this contract; with this number, of this event, about this topic, unless None.

    ``after``: only those before this place, which is a number if there is one contract.
    """

    contract: ContractName | None = None
    seq: int | None = None
    event: str | None = None
    topic: bytes | None = None
    after: Place | None = None


_COLUMNS: Final = """e.contract, e.seq, e.head, e.entry_hash, e.block_number, e.block_hash, e.block_timestamp,
  e.transaction_hash, e.transaction_index, e.log_index, e.topics, e.data, e.event"""
_ALL: Final = ", ".join(f"%({name})s" for name in GIVEN.values())
_CHAIN_ORDER: Final = "ORDER BY e.block_number DESC, e.log_index DESC"
_JOURNAL_ORDER: Final = "ORDER BY e.seq DESC"
_BEFORE_SEQ: Final = "e.seq < %(before)s"
_BEFORE_PLACE: Final = "(e.block_number, e.log_index) < (%(block)s::bigint, %(log)s::bigint)"
# One journal's entries are in the chain's order too: its number is as good as the place of its entry.
_ITS: Final = """FROM chain.entry b
  WHERE b.chain_id = %(chain)s AND b.contract = {contract} AND b.seq = %(before)s"""
_BEFORE_ITS_PLACE: Final = f"""e.seq < %(before)s AND (e.block_number, e.log_index) < (
  coalesce((SELECT b.block_number {_ITS}), %(end)s), coalesce((SELECT b.log_index {_ITS}), 0))"""

ACROSS: Final = "ClaimedAcross"
"""The entry that names agreements elsewhere than in its topics: in its portions, which claims are made of."""
_ACROSS: Final = """(SELECT {columns} FROM chain.claim c
  JOIN chain.entry e ON e.chain_id = c.chain_id AND e.contract = c.contract AND e.seq = c.seq
  WHERE {where} AND c.chain_id = %(chain)s AND c.contract = %(ledger)s
    AND c.agreement = %(topic)s AND c.position > 0 AND NOT c.together
    AND NOT EXISTS (SELECT FROM chain.claim d WHERE d.chain_id = c.chain_id AND d.contract = c.contract
      AND d.seq = c.seq AND d.agreement = c.agreement AND d.position < c.position)
  ORDER BY c.seq DESC LIMIT {limit:d})"""


def entries(wanted: Wanted, limit: int) -> tuple[str, dict[str, Any]]:
    """The question for the newest of those wanted: rows of the table ``entry``."""
    if wanted.contract is None:
        filters = [f"e.chain_id = %(chain)s AND e.contract IN ({_ALL})"]
    else:
        filters = [f"e.chain_id = %(chain)s AND e.contract = %({GIVEN[wanted.contract]})s"]
    if wanted.seq is not None:
        filters.append("e.seq = %(seq)s")
    if wanted.event is not None:
        filters.append("e.event = %(event)s")
    filters += _after(wanted)
    where = " AND ".join(filters)
    if wanted.topic is not None:
        question = _about(where, limit, across=wanted.event in (None, ACROSS))
    else:
        order = _CHAIN_ORDER if wanted.contract is None else _JOURNAL_ORDER
        question = f"SELECT {_COLUMNS} FROM chain.entry e WHERE {where} {order} LIMIT {limit:d}"
    after = wanted.after or ()
    return question, {
        "seq": wanted.seq,
        "event": wanted.event,
        "topic": wanted.topic,
        "before": after[0] if after else None,
        "block": after[0] if after else None,
        "log": after[-1] if after else None,
        "end": NEWEST,
    }


def _after(wanted: Wanted) -> list[str]:
    if wanted.after is None:
        return []
    if wanted.contract is None:
        return [_BEFORE_PLACE]
    if wanted.topic is None:
        return [_BEFORE_SEQ]
    return [_BEFORE_ITS_PLACE.format(contract=f"%({GIVEN[wanted.contract]})s")]


def _about(where: str, limit: int, *, across: bool) -> str:
    """The newest with the topic in one of its places, by the index of each; one in several is found once.

    With ``across``, those of claims across agreements too, of which it is one.
    That the topic is the one, and not another of the same hash, is said as PostgreSQL takes it for no news:
    it would multiply how rare the hash is with how rare the topic is, and rather read and sort all.
    """
    questions = [_ACROSS.format(columns=_COLUMNS, where=where, limit=limit)] if across else []
    for place in TOPICS:
        others = " ".join(
            f"AND e.topics[{before}] IS DISTINCT FROM %(topic)s" for before in TOPICS if before < place
        )
        questions.append(
            f"(SELECT {_COLUMNS} FROM chain.entry e WHERE {where} "
            f"AND {topic_hash(f'e.topics[{place}]')} = {topic_hash('%(topic)s::bytea')} "
            f"AND CASE WHEN e.topics[{place}] = %(topic)s THEN true END "
            f"{others} {_CHAIN_ORDER} LIMIT {limit:d})"
        )
    return f"SELECT * FROM ({' UNION ALL '.join(questions)}) e {_CHAIN_ORDER} LIMIT {limit:d}"
