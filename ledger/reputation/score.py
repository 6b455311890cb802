"""The score of a partner from its evidence, with what each counterparty and each event contributes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ledger.reputation.configuration import Configuration
from ledger.reputation.decay import decay
from ledger.reputation.evidence import Evidence
from ledger.reputation.fixed_point import ONE_BITS, SCALE, divide, exp_minus
from ledger.reputation.wilson import wilson_lower

BEST = 1000
"""Scores run from 0 to below this."""
_DAY = 86_400


@dataclass(frozen=True)
class Weight:
    """Decayed evidence for and against, in units of 1e-36: sums are exact, so that no order matters."""

    positive: int = 0
    negative: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.positive + other.positive, self.negative + other.negative)

    def __sub__(self, other: "Weight") -> "Weight":
        return Weight(self.positive - other.positive, self.negative - other.negative)


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

    ``at`` in seconds; ``trust`` is ω by counterparty, scaled by 1e18, 0 for those not named.
    """

    evidence: tuple[Evidence, ...]
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
        """Orders the evidence, so that the order in which it came does not matter."""
        return cls(tuple(sorted(evidence)), at, trust, configuration or Configuration())

    @cached_property
    def score(self) -> int:
        """floor(1000 · Wilson's lower bound), 0 without evidence that counts."""
        return self._score(self.total)

    @cached_property
    def total(self) -> Contribution:
        """r and s, scaled by 1e18: every counterparty's contribution and what was adjudicated."""
        r = divide(self._adjudicated.positive, SCALE)
        s = divide(self._adjudicated.negative, SCALE)
        for contribution in self._contributions.values():
            r += contribution.positive
            s += contribution.negative
        return Contribution(r, s)

    def counterparties(self) -> list[CounterpartyEffect]:
        """By effect, the largest first, then by address."""
        counts: dict[bytes, int] = {}
        for each in self.evidence:
            if not each.adjudicated:
                counts[each.counterparty] = counts.get(each.counterparty, 0) + 1
        nothing = Contribution(0, 0)
        effects = [
            CounterpartyEffect(
                counterparty,
                self.trust.get(counterparty, 0),
                counts[counterparty],
                contribution,
                self.score - self._score(self._replacing(contribution, nothing)),
            )
            for counterparty, contribution in self._contributions.items()
        ]
        return sorted(effects, key=lambda each: (-abs(each.effect), each.counterparty))

    def events(self, evidence: Iterable[Evidence] | None = None) -> Iterator[EventEffect]:
        """The effect of each event, or of some: with ω held, exactly what the score would lose without it."""
        for each in self.evidence if evidence is None else evidence:
            weight = self._decayed(each)
            yield EventEffect(
                each,
                self._days(each),
                divide(weight.positive, SCALE),
                divide(weight.negative, SCALE),
                self.score - self._score(self._without(each)),
            )

    def without(self, evidence: Evidence) -> "Record":
        """The record as if this had not happened, ω held."""
        rest = list(self.evidence)
        rest.remove(evidence)
        return replace(self, evidence=tuple(rest))

    @cached_property
    def _weights(self) -> dict[bytes, Weight]:
        weights: dict[bytes, Weight] = {}
        for each in self.evidence:
            if not each.adjudicated:
                weights[each.counterparty] = weights.get(each.counterparty, Weight()) + self._decayed(each)
        return weights

    @cached_property
    def _adjudicated(self) -> Weight:
        return sum((self._decayed(each) for each in self.evidence if each.adjudicated), Weight())

    @cached_property
    def _contributions(self) -> dict[bytes, Contribution]:
        return {each: self._contribution(each, weight) for each, weight in self._weights.items()}

    def _contribution(self, counterparty: bytes, weight: Weight) -> Contribution:
        """ω · C · (1 − e^(−T/C)) / T, times P and N."""
        total = weight.positive + weight.negative
        trust = self.trust.get(counterparty, 0)
        if total == 0 or trust == 0:
            return Contribution(0, 0)
        saturation = self.configuration.saturation
        reached = ONE_BITS - exp_minus(total, saturation * SCALE)
        numerator = trust * saturation * reached
        denominator = SCALE * total * ONE_BITS
        return Contribution(
            divide(numerator * weight.positive, denominator), divide(numerator * weight.negative, denominator)
        )

    def _without(self, evidence: Evidence) -> Contribution:
        weight = self._decayed(evidence)
        if evidence.adjudicated:
            rest = self._adjudicated - weight
            return self._replacing(
                Contribution(
                    divide(self._adjudicated.positive, SCALE), divide(self._adjudicated.negative, SCALE)
                ),
                Contribution(divide(rest.positive, SCALE), divide(rest.negative, SCALE)),
            )
        counterparty = evidence.counterparty
        rest = self._weights[counterparty] - weight
        return self._replacing(self._contributions[counterparty], self._contribution(counterparty, rest))

    def _replacing(self, old: Contribution, new: Contribution) -> Contribution:
        return Contribution(
            self.total.positive - old.positive + new.positive,
            self.total.negative - old.negative + new.negative,
        )

    def _score(self, total: Contribution) -> int:
        return wilson_lower(total.positive, total.negative, self.configuration.z_squared, BEST)

    def _days(self, evidence: Evidence) -> int:
        return max(0, self.at - evidence.at) // _DAY

    def _decayed(self, evidence: Evidence) -> Weight:
        days = self._days(evidence)
        positive = evidence.positive * decay(days, self.configuration.half_life_positive_days)
        negative = evidence.negative * decay(days, self.configuration.half_life_negative_days)
        return Weight(positive, negative)
