"""The scores of many accounts, or of all, in one pass over the mirror."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from ledger.reputation.all_scores import Score, scores
from ledger.reputation.columns import Columns, numbered
from ledger.reputation.configuration import DAY, Configuration
from ledger.reputation.kept_as_of import kept_as_of
from ledger.reputation.kept_scores import kept_ranking, kept_scores_of
from ledger.reputation.standing import trust_in
from ledger.reputation.statements import Wanted, columns
from ledger.store.reading import Reading

_KEPT = 8
_ALIKE = {
    "account": "V20",
    "counterparty": "V20",
    "kind": ">i2",
    "as_owner": ">u1",
    "rating": ">i2",
    "day": ">i8",
    "count": ">i8",
}


@dataclass(frozen=True)
class Ranking:
    """Scores of all accounts that have evidence: the best first, and of equal ones by address."""

    scores: tuple[Score, ...]


@dataclass(frozen=True)
class Ranked:
    """A part of a ranking: how many scores are before it, and how many there are in all."""

    before: int
    scores: Sequence[Score]
    in_all: int


_kept: OrderedDict[object, Ranking] = OrderedDict()
_making = Lock()


def ranking(
    reading: Reading, configuration: Configuration | None = None, *, viewpoint: bytes | None = None
) -> Ranking:
    """All scores as of the reading's block, as the viewpoint sees them. Those asked for last are kept."""
    chosen = configuration or Configuration()
    source = str(reading.session.get_bind().engine.url)
    as_of = (reading.as_of.number, reading.as_of.hash, reading.as_of.timestamp)
    key = (source, reading.chain_id, reading.ledger, as_of, viewpoint, chosen)
    with _making:
        found = _kept.get(key)
        if found is None:
            found = _kept[key] = _made(reading, chosen, viewpoint)
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
    return found


def ranked(
    reading: Reading, limit: int, after: tuple[int, bytes] | None, *, viewpoint: bytes | None = None
) -> Ranked:
    """So many scores behind the place that this score and account have, whether or not they are there still;
    the first without them.
    """
    if viewpoint is None and kept_as_of(reading):
        return Ranked(*kept_ranking(reading, limit, after))
    every = ranking(reading, viewpoint=viewpoint).scores
    place = 0
    if after is not None:
        place = bisect_right(every, (-after[0], after[1]), key=lambda each: (-each.score, each.account))
    return Ranked(place, every[place : place + limit], len(every))


def scores_of(
    reading: Reading,
    accounts: Collection[bytes],
    configuration: Configuration | None = None,
    *,
    viewpoint: bytes | None = None,
) -> dict[bytes, int]:
    """The scores of these accounts: those that are kept, or else one statement, at the cost of their own
    evidence.
    """
    if viewpoint is None and configuration in (None, Configuration()):
        kept = kept_scores_of(reading, accounts)
        if kept is not None:
            return kept
    found = scored(reading, accounts, configuration or Configuration(), viewpoint)
    return dict.fromkeys(accounts, 0) | {each.account: each.score for each in found}


def all_evidence(
    reading: Reading, accounts: Collection[bytes] | None, configuration: Configuration
) -> Columns:
    """What speaks for or against these accounts, or anyone where they are None, how many there are of each by
    day: counted in SQL.
    """
    found = columns(reading, Wanted.COUNTS, accounts, configuration, _ALIKE)
    named, (account, counterparty) = numbered(found["account"], found["counterparty"])
    rest = {name: found[name].astype(np.int64) for name in ("kind", "rating", "day", "count")}
    return Columns(named, account, counterparty, **rest)


def _made(reading: Reading, configuration: Configuration, viewpoint: bytes | None) -> Ranking:
    found = scored(reading, None, configuration, viewpoint)
    return Ranking(tuple(sorted(found, key=lambda each: (-each.score, each.account))))


def scored(
    reading: Reading,
    accounts: Collection[bytes] | None,
    configuration: Configuration,
    viewpoint: bytes | None,
) -> list[Score]:
    """Scores of these accounts, or of all, from evidence; of those alone that have some."""
    evidence = all_evidence(reading, accounts, configuration)
    _, omega = trust_in(reading, evidence.accounts, configuration, viewpoint)
    trust = np.array([omega.get(each, 0) for each in evidence.accounts], np.int64)
    return scores(evidence, reading.as_of.timestamp // DAY, trust, configuration)
