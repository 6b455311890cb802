"""Scores and trust that are kept as of the newest block: each asked for by an index."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from ledger.read import figures
from ledger.read.asking import ask
from ledger.reputation.all_scores import Score
from ledger.reputation.kept_as_of import kept_as_of
from ledger.store.reading import Reading

_OF: Final = "chain_id = %(chain)s AND deployment = %(ledger)s"
_SCORED: Final = (
    f"SELECT account, score FROM chain.score WHERE {_OF} AND account = ANY(%(accounts)s::bytea[])"
)
_RANKED: Final = f"""
SELECT account, score, positive::text, negative::text, counterparties FROM chain.score
WHERE {_OF} AND (score < %(score)s OR (score = %(score)s AND account > %(account)s))
ORDER BY score DESC, account LIMIT {{limit:d}}
"""
_BEFORE: Final = f"""
SELECT count(*) AS count FROM chain.score
WHERE {_OF} AND (score > %(score)s OR (score = %(score)s AND account <= %(account)s))
"""
_TRUSTED: Final = (
    f"SELECT account, omega FROM chain.trust WHERE {_OF} AND account = ANY(%(accounts)s::bytea[])"
)


def kept_scores_of(reading: Reading, accounts: Collection[bytes]) -> dict[bytes, int] | None:
    """The scores of these accounts; None where none are kept as of the reading's block."""
    if not kept_as_of(reading):
        return None
    return dict.fromkeys(accounts, 0) | {
        row.account: row.score for row in ask(reading, _SCORED, accounts=accounts)
    }


def kept_ranking(
    reading: Reading, limit: int, after: tuple[int, bytes] | None
) -> tuple[int, Sequence[Score], int]:
    """Of the ranking that is kept: the scores after this score and account, how many are before them, and how
    many there are in all.
    """
    score, account = after or (1_000, b"")
    place = 0 if after is None else ask(reading, _BEFORE, score=score, account=account)[0].count
    rows = ask(reading, _RANKED.format(limit=limit), score=score, account=account)
    shown = tuple(
        Score(row.account, row.score, int(row.positive), int(row.negative), row.counterparties)
        for row in rows
    )
    return place, shown, figures.tallies(reading).get((figures.SCORES, b""), 0)


def kept_trust(reading: Reading, accounts: Collection[bytes]) -> tuple[int, Mapping[bytes, int]] | None:
    """How many partners were verified when the day began, and ω (1e18) of those of the accounts that count;
    None where nothing is kept as of the reading's block.
    """
    if not kept_as_of(reading):
        return None
    omega = {row.account: row.omega for row in ask(reading, _TRUSTED, accounts=accounts)}
    return figures.tallies(reading).get((figures.VERIFIED, b""), 0), omega
