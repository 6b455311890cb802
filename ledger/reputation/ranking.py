"""The scores of many accounts, or of all, in one pass over the mirror."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock

import numpy as np

from ledger.reputation.all_scores import Score, scores
from ledger.reputation.columns import Columns, numbered
from ledger.reputation.configuration import DAY, Configuration
from ledger.reputation.standing import trust_seen
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


def scores_of(
    reading: Reading,
    accounts: Collection[bytes],
    configuration: Configuration | None = None,
    *,
    viewpoint: bytes | None = None,
) -> dict[bytes, int]:
    """The scores of these accounts: one statement, at the cost of their own evidence."""
    found = _scored(reading, accounts, configuration or Configuration(), viewpoint)
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
    found = _scored(reading, None, configuration, viewpoint)
    return Ranking(tuple(sorted(found, key=lambda each: (-each.score, each.account))))


def _scored(
    reading: Reading,
    accounts: Collection[bytes] | None,
    configuration: Configuration,
    viewpoint: bytes | None,
) -> list[Score]:
    evidence = all_evidence(reading, accounts, configuration)
    _, omega = trust_seen(reading, configuration, viewpoint)
    trust = np.array([omega.get(each, 0) for each in evidence.accounts], np.int64)
    return scores(evidence, reading.as_of.timestamp // DAY, trust, configuration)
