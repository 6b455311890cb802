"""The score of a partner from its evidence, with what each counterparty and each event contributes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ledger.reputation.configuration import DAY, Configuration
from ledger.reputation.decay import decay
from ledger.reputation.evidence import ADJUDICATED, Alike, Evidence
from ledger.reputation.fixed_point import ONE_BITS, SCALE, divide, exp_minus
from ledger.reputation.wilson import wilson_lower

BEST = 1000
"""Scores run from 0 to below this."""


@dataclass(frozen=True)
class Weight:
    """Decayed evidence for and against, in units of 1e-36: sums are exact, so that no order matters."""

    positive: int = 0
    negative: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.positive + other.positive, self.negative + other.negative)

    def __sub__(self, other: "Weight") -> "Weight":
        return Weight(self.positive - other.positive, self.negative - other.negative)

    def times(self, count: int) -> "Weight":
        """So many of it."""
        return Weight(self.positive * count, self.negative * count)


@dataclass(frozen=True)
class Contribution:
    """What a counterparty adds to r and s, after saturation and trust; scaled by 1e18."""

    positive: int
    negative: int


@dataclass(frozen=True)
class EventEffect:
    """An event, its age in days, its decayed weight (1e18), and the score less the score without it."""

    evidence: Evidence
    days: int
    positive: int
    negative: int
    effect: int


@dataclass(frozen=True)
class CounterpartyEffect:
    """A counterparty: how much it counts (ω, 1e18), what it adds to r and s, and the score less the score
    without it.
    """

    counterparty: bytes
    trust: int
    events: int
    contribution: Contribution
    effect: int


@dataclass(frozen=True)
class Record:
    """A partner's evidence as of a time, weighed: ask it for the score and for what made it.

    ``alike`` says how many there are of each; ``at`` in seconds; ``trust`` is ω by counterparty, scaled by
    1e18, 0 for those not named.
    """

    alike: Mapping[Alike, int]
    at: int
    trust: Mapping[bytes, int]
    configuration: Configuration = field(default_factory=Configuration)

    @classmethod
    def of(
        cls,
        evidence: Iterable[Evidence],
        at: int,
        trust: Mapping[bytes, int],
        configuration: Configuration | None = None,
    ) -> "Record":
        """Counts the evidence, so that the order in which it came does not matter."""
        return cls(Counter(each.alike for each in evidence), at, trust, configuration or Configuration())

    @cached_property
    def score(self) -> int:
        """floor(1000 · Wilson's lower bound), 0 without evidence that counts."""
        return self.score_of(self.total)

    @cached_property
    def total(self) -> Contribution:
        """r and s, scaled by 1e18: every counterparty's contribution and what was adjudicated."""
        r, s = self.adjudicated.positive, self.adjudicated.negative
        for contribution in self.contributions.values():
            r += contribution.positive
            s += contribution.negative
        return Contribution(r, s)

    @cached_property
    def adjudicated(self) -> Contribution:
        """What rulings add to r and s."""
        return unsaturated(self.ruled)

    @cached_property
    def contributions(self) -> Mapping[bytes, Contribution]:
        """What each counterparty adds to r and s."""
        return {
            each: contribution(weight, self.trust.get(each, 0), self.configuration)
            for each, weight in self.weights.items()
        }

    @property
    def events_in_all(self) -> int:
        """How many pieces of evidence there are."""
        return sum(self.alike.values())

    def counterparties(self) -> list[CounterpartyEffect]:
        """By effect, the largest first, then by address."""
        counts: dict[bytes, int] = {}
        for each, count in self.alike.items():
            if not each.adjudicated:
                counts[each.counterparty] = counts.get(each.counterparty, 0) + count
        nothing = Contribution(0, 0)
        effects = [
            CounterpartyEffect(
                counterparty,
                self.trust.get(counterparty, 0),
                counts[counterparty],
                added,
                self.score - self.score_of(self._replacing(added, nothing)),
            )
            for counterparty, added in self.contributions.items()
        ]
        return sorted(effects, key=lambda each: (-abs(each.effect), each.counterparty))

    def events(self, evidence: Iterable[Evidence]) -> Iterator[EventEffect]:
        """The effect of each event: with ω held, exactly what the score would lose without it."""
        known: dict[Alike, int] = {}
        for each in evidence:
            alike = each.alike
            if alike not in known:
                known[alike] = self.score - self.score_of(self._without(alike))
            weight = self.decayed(alike)
            yield EventEffect(
                each,
                self.days(alike),
                divide(weight.positive, SCALE),
                divide(weight.negative, SCALE),
                known[alike],
            )

    def ruled_effect(self) -> int:
        """The score less what it would be without each ruling alone, summed."""
        return sum(
            count * (self.score - self.score_of(self._without(alike)))
            for alike, count in self.alike.items()
            if alike.adjudicated
        )

    def without(self, alike: Alike) -> "Record":
        """The record as if one of these had not happened, ω held. Raises ``KeyError`` when there is none."""
        rest = dict(self.alike)
        rest[alike] -= 1
        if not rest[alike]:
            del rest[alike]
        return replace(self, alike=rest)

    def days(self, alike: Alike) -> int:
        """Age in days: the difference of the days' numbers, and 0 for what is yet to come."""
        return max(0, self.at // DAY - alike.day)

    def decayed(self, alike: Alike) -> Weight:
        """What is left of one of these."""
        days = self.days(alike)
        return Weight(
            alike.positive * decay(days, self.configuration.half_life_positive_days),
            alike.negative * decay(days, self.configuration.half_life_negative_days),
        )

    def score_of(self, total: Contribution) -> int:
        """What the score is with these r and s."""
        return wilson_lower(total.positive, total.negative, self.configuration.z_squared, BEST)

    @cached_property
    def weights(self) -> dict[bytes, Weight]:
        """Decayed evidence by counterparty, rulings left out."""
        sums: dict[bytes, list[int]] = {}
        today, configuration = self.at // DAY, self.configuration
        plus_life, minus_life = configuration.half_life_positive_days, configuration.half_life_negative_days
        for each, count in self.alike.items():  # written out: this is where large records take their time
            if each.kind in ADJUDICATED:
                continue
            days = max(0, today - each.day)
            found = sums.setdefault(each.counterparty, [0, 0])
            if each.positive:
                found[0] += each.positive * decay(days, plus_life) * count
            if each.negative:
                found[1] += each.negative * decay(days, minus_life) * count
        return {account: Weight(*found) for account, found in sums.items()}

    @cached_property
    def ruled(self) -> Weight:
        """Decayed rulings."""
        ruled = (self.decayed(each).times(count) for each, count in self.alike.items() if each.adjudicated)
        return sum(ruled, Weight())

    def _without(self, alike: Alike) -> Contribution:
        weight = self.decayed(alike)
        if alike.adjudicated:
            return self._replacing(self.adjudicated, unsaturated(self.ruled - weight))
        counterparty = alike.counterparty
        rest = self.weights[counterparty] - weight
        trust = self.trust.get(counterparty, 0)
        return self._replacing(
            self.contributions[counterparty], contribution(rest, trust, self.configuration)
        )

    def _replacing(self, old: Contribution, new: Contribution) -> Contribution:
        return Contribution(
            self.total.positive - old.positive + new.positive,
            self.total.negative - old.negative + new.negative,
        )


def contribution(weight: Weight, trust: int, configuration: Configuration) -> Contribution:
    """ω · C · (1 − e^(−T/C)) / T, times P and N; trust is ω, scaled by 1e18."""
    return Contribution(*saturated(weight.positive, weight.negative, trust, configuration.saturation))


def saturated(positive: int, negative: int, trust: int, saturation: int) -> tuple[int, int]:
    """What weights for and against, in units of 1e-36, come to; C and ω are scaled by 1e18."""
    total = positive + negative
    if total == 0 or trust == 0:
        return 0, 0
    numerator = trust * saturation * (ONE_BITS - exp_minus(total, saturation * SCALE))
    denominator = SCALE * total * ONE_BITS
    return (
        divide(numerator * positive, denominator) if positive else 0,
        divide(numerator * negative, denominator) if negative else 0,
    )


def unsaturated(weight: Weight) -> Contribution:
    """What rulings add to r and s."""
    return Contribution(divide(weight.positive, SCALE), divide(weight.negative, SCALE))
