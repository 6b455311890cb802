"""What somebody may mean who writes an address, an id, a transaction's hash, a number or words of a name.

Each question's rows are (kind, id, name, account, partner, contract, seq): ``name`` is the thing's own,
``account`` and ``partner`` are whose it is and how that one is called. An entry has no ``id``: ``contract``
and ``seq`` say which it is.
"""

import re
from typing import Final

from ledger.store.tables.base import words

MOST: Final = 20
"""Results of a search."""
_LOOKED_AT: Final = 500
"""Names with all the words: of more, these are put in order."""
_WORD: Final = re.compile(r"\w+")
_OF_PARTNERS: Final = "p.chain_id = %(chain)s AND p.contract = %(partners)s AND p.seq <= %(partners_seq)s"
_OF_PROGRAMMES: Final = (
    "g.chain_id = %(chain)s AND g.contract = %(agreements)s AND g.seq <= %(agreements_seq)s"
)
_PROGRAMMES: Final = f"""FROM chain.programme g
LEFT JOIN chain.partner p ON {_OF_PARTNERS} AND p.account = g.owner
WHERE {_OF_PROGRAMMES}"""
_NO_ENTRY: Final = "NULL::bytea AS contract, NULL::bigint AS seq"

ADDRESS: Final = f"""
SELECT 'partner' AS kind, p.account AS id, p.name, p.account, p.name AS partner, {_NO_ENTRY}
FROM chain.partner p WHERE {_OF_PARTNERS} AND p.account = %(sought)s
UNION ALL
SELECT 'wallet', w.wallet, NULL, w.account, p.name, NULL, NULL
FROM chain.wallet_change w LEFT JOIN chain.partner p ON {_OF_PARTNERS} AND p.account = w.account
WHERE w.chain_id = %(chain)s AND w.contract = %(partners)s AND w.seq <= %(partners_seq)s
  AND w.wallet = %(sought)s AND w.account <> w.wallet
LIMIT 2
"""
"""Whose account it is, or of which account it is or was the wallet."""

_IN_ALL: Final = ", ".join(f"%({name})s" for name in ("partners", "agreements", "deals", "ledger"))
ID: Final = f"""
SELECT 'agreement' AS kind, a.agreement AS id, NULL AS name, NULL::bytea AS account, NULL AS partner,
  {_NO_ENTRY}
FROM chain.agreement a
WHERE a.chain_id = %(chain)s AND a.contract = %(agreements)s AND a.seq <= %(agreements_seq)s
  AND a.agreement = %(sought)s
UNION ALL
SELECT 'deal', d.deal, NULL, d.account, p.name, NULL, NULL
FROM chain.deal d LEFT JOIN chain.partner p ON {_OF_PARTNERS} AND p.account = d.account
WHERE d.chain_id = %(chain)s AND d.contract = %(deals)s AND d.seq <= %(deals_seq)s AND d.deal = %(sought)s
UNION ALL
SELECT 'programme', g.programme, g.name, g.owner, p.name, NULL, NULL
{_PROGRAMMES} AND g.programme = %(sought)s
UNION ALL
(SELECT 'entry', NULL, e.event, NULL, NULL, e.contract, e.seq
FROM chain.entry e
WHERE e.chain_id = %(chain)s AND e.contract IN ({_IN_ALL}) AND e.transaction_hash = %(sought)s
ORDER BY e.log_index LIMIT {MOST})
"""
"""What has the id, and the entries of the transaction that has the hash."""

NUMBER: Final = f"""
SELECT 'entry' AS kind, NULL AS id, e.event AS name, NULL AS account, NULL AS partner, e.contract, e.seq
FROM chain.entry e
WHERE e.chain_id = %(chain)s AND e.contract IN ({_IN_ALL}) AND e.seq = %(sought)s
ORDER BY e.block_number, e.log_index
"""
"""The entries with the number, one in each journal at most."""

_HAVE: Final = "{words} @@ to_tsquery('simple', %(sought)s)"
NAMES: Final = f"""
(SELECT 'partner' AS kind, p.account AS id, p.name, p.account, p.name AS partner, {_NO_ENTRY}
FROM chain.partner p WHERE {_OF_PARTNERS} AND {_HAVE.format(words=words("p.name"))} LIMIT {_LOOKED_AT})
UNION ALL
(SELECT 'programme', g.programme, g.name, g.owner, p.name, NULL, NULL
{_PROGRAMMES} AND {_HAVE.format(words=words("g.name"))} LIMIT {_LOOKED_AT})
ORDER BY name, id
"""
"""Partners and programmes in whose names words begin as those sought do."""


def beginnings(text: str) -> str:
    """For PostgreSQL: all these words, each as the beginning of one. Empty where there is no word."""
    return " & ".join(f"{word}:*" for word in _WORD.findall(text))
