"""Sums that the mirror keeps for its newest block: of each book, and of what each account claimed of it."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from ledger.read.asking import ask
from ledger.store.reading import Reading
from ledger.terms.ids import AgreementId, BookKey

NAMES: Final = (
    "received",
    "claimed",
    "refunded",
    "paid_back",
    "disputed",
    "matured",
    "netted",
    "debts",
    "debts_served",
    "debts_paid",
    "agreed_debts",
    "agreed_served",
)
"""The columns of the table ``book`` after its key."""
_BOOKS: Final = f"""
SELECT agreement, token, {", ".join(NAMES)} FROM chain.book
WHERE chain_id = %(chain)s AND contract = %(ledger)s AND agreement = ANY(%(wanted)s::bytea[])
"""
_CLAIMED: Final = """
SELECT account, agreement, token, period, amount FROM chain.claimed
WHERE chain_id = %(chain)s AND contract = %(ledger)s AND account = ANY(%(accounts)s::bytea[])
"""


def books_of(reading: Reading, agreements: Collection[AgreementId]) -> dict[BookKey, dict[str, int]]:
    """The sums of every book of these agreements, in token base units, as of the newest block alone."""
    _require_newest(reading)
    return {
        (agreement, token): dict(zip(NAMES, map(int, sums), strict=True))
        for agreement, token, *sums in ask(reading, _BOOKS, wanted=agreements)
    }


def claimed_by(reading: Reading, accounts: Collection[bytes]) -> Sequence[Any]:
    """What each of these accounts claimed of each book, by period, as of the newest block alone."""
    _require_newest(reading)
    return ask(reading, _CLAIMED, accounts=accounts)


def _require_newest(reading: Reading) -> None:
    if not reading.newest:
        raise TypeError(f"these sums say what is now, not what was at block {reading.as_of.number}")
