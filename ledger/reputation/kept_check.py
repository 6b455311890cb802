"""What is kept of evidence beside what the other tables say: whether every row is what it must be."""

from typing import Final

from ledger.reputation.configuration import Configuration
from ledger.reputation.kept_as_of import kept_as_of
from ledger.reputation.statements import of_deals, values_of
from ledger.store.asked import ask
from ledger.store.reading import Reading

_COLUMNS: Final = (
    "account, counterparty, kind, as_owner, rating, at, {contract}, {seq}, deal, since, until, arbiter"
)
_MADE: Final = _COLUMNS.format(contract="contract", seq="seq")
_KEPT: Final = _COLUMNS.format(contract="journal", seq="entry")
_UNLIKE: Final = f"""
WITH made AS (SELECT {_MADE} FROM ({{question}}) found),
  kept AS (
    SELECT {_KEPT} FROM chain.evidence WHERE chain_id = %(chain)s AND deployment = %(ledger)s
  )
SELECT account, deal FROM (
  (SELECT * FROM kept EXCEPT ALL SELECT * FROM made)
  UNION ALL (SELECT * FROM made EXCEPT ALL SELECT * FROM kept)
) unlike
ORDER BY deal, account
LIMIT 1
"""


def unlike_kept(reading: Reading) -> str | None:
    """The first evidence that is kept as it is not, or that is not kept, in words; None where all is as it
    must be, or none is kept as of the reading's block: then nobody uses it.
    """
    if not kept_as_of(reading):
        return None
    question, constants = of_deals(Configuration(), some=False)
    statement = _UNLIKE.format(question=question)
    found = ask(reading.session.connection(), (statement, {**constants, **values_of(reading)}))
    if not found:
        return None
    return (
        f"table evidence, account 0x{found[0].account.hex()}, deal 0x{found[0].deal.hex()}: "
        "it is not what the other tables make"
    )
