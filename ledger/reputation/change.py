"""Why a score is another than it was: age, each event, and changed trust, which together are the change."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from ledger.reputation.evidence import Alike, Evidence
from ledger.reputation.score import Contribution, Record, Weight, contribution, unsaturated


@dataclass(frozen=True)
class Step:
    """An event that came, or one that is gone (a settlement whose money went back, a revoked review), and
    what the score changed by with it, those before it in place.
    """

    evidence: Evidence
    came: bool
    effect: int


@dataclass(frozen=True)
class Change:
    """``after = before + ageing + Σ effects + trust``, exactly."""

    before: int
    after: int
    ageing: int
    """What the days did to what there was."""
    steps: tuple[Step, ...]
    trust: int
    """What it did that counterparties are trusted more or less than before: the same events, other ω."""


def change(
    before: Collection[Evidence],
    then: Record,
    after: Collection[Evidence],
    now: Record,
) -> Change:
    """From a record to a later one of the same account, each with its evidence.

    ``then.trust`` must say what the counterparties of both counted then. Events that are no more go first,
    then come the new ones in the order of time.
    """
    gone = Counter(before)
    gone.subtract(after)
    running = _Running(replace(then, at=now.at))
    ageing, reached = running.score - then.score, running.score
    steps: list[Step] = []
    for came in (False, True):
        for evidence in sorted(each for each, count in gone.items() if (count < 0) is came):
            for _ in range(abs(gone[evidence])):
                running.move(evidence.alike, 1 if came else -1)
                steps.append(Step(evidence, came, running.score - reached))
                reached = running.score
    return Change(then.score, now.score, ageing, tuple(steps), now.score - reached)


class _Running:
    """A record's score while events come and go, each at the cost of its own counterparty."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._weights = dict(record.weights)
        self._ruled, self._total = record.ruled, record.total

    @property
    def score(self) -> int:
        return self._record.score_of(self._total)

    def move(self, alike: Alike, by: int) -> None:
        record, weight = self._record, self._record.decayed(alike).times(by)
        if alike.adjudicated:
            old, self._ruled = unsaturated(self._ruled), self._ruled + weight
            self._replace(old, unsaturated(self._ruled))
        else:
            account, trust = alike.counterparty, record.trust.get(alike.counterparty, 0)
            was = self._weights.get(account, Weight())
            self._weights[account] = was + weight
            configuration = record.configuration
            self._replace(
                contribution(was, trust, configuration),
                contribution(was + weight, trust, configuration),
            )

    def _replace(self, old: Contribution, new: Contribution) -> None:
        self._total = Contribution(
            self._total.positive - old.positive + new.positive,
            self._total.negative - old.negative + new.negative,
        )
