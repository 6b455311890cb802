"""Whose work a score is, point by point: shares of it that add up to the score exactly.

An effect says what a score would lose without one counterparty or event; effects do not add up, since what
several vouch for is lost with none of them. Points do. What the score would be without anything against it is
shared among what speaks for the partner, in proportion to r; what it lost to what speaks against it, among
that, in proportion to s. Rounding follows the order of addresses and days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ledger.reputation.evidence import Alike
from ledger.reputation.score import Contribution, Record

POINT = 10**6
"""One point of a score, in the units in which points are shared."""

Name = TypeVar("Name")


@dataclass(frozen=True)
class Points:
    """Parts of a score, in units of 1/``POINT``; together they are ``score · POINT``."""

    by_counterparty: Mapping[bytes, int]
    ruled: int
    """Of all rulings together."""
    by_alike: Mapping[Alike, int]
    """Of all events that are alike, together."""
    counts: Mapping[Alike, int]

    def of_event(self, alike: Alike, place: int) -> int:
        """Of the event in that place, from 0, among those alike: what rounding leaves goes to the first."""
        each, rest = divmod(self.by_alike[alike], self.counts[alike])
        return each + (place < rest)


def points(record: Record) -> Points:
    """Shares a record's score among its counterparties, rulings and events."""
    gained = record.score_of(Contribution(record.total.positive, 0))
    lost = gained - record.score
    contributions = sorted(record.contributions.items())
    ruled = record.adjudicated
    parts: list[tuple[bytes | None, Contribution]] = [*contributions, (None, ruled)]
    plus = _shared(gained * POINT, ((name, each.positive) for name, each in parts))
    minus = _shared(lost * POINT, ((name, each.negative) for name, each in parts))
    within: dict[bytes | None, list[Alike]] = {name: [] for name, _ in parts}
    for alike in sorted(record.alike):
        within[None if alike.adjudicated else alike.counterparty].append(alike)
    by_alike: dict[Alike, int] = {}
    for name, own in within.items():
        weights = {each: record.decayed(each).times(record.alike[each]) for each in own}
        up = _shared(plus[name], ((each, weight.positive) for each, weight in weights.items()))
        down = _shared(minus[name], ((each, weight.negative) for each, weight in weights.items()))
        by_alike |= {each: up[each] - down[each] for each in own}
    return Points(
        {name: plus[name] - minus[name] for name, _ in contributions},
        plus[None] - minus[None],
        by_alike,
        record.alike,
    )


def _shared(whole: int, weights: Iterable[tuple[Name, int]]) -> dict[Name, int]:
    """Parts in proportion to the weights that add up to the whole, or 0 to each when all weights are 0."""
    listed = list(weights)
    total = sum(weight for _, weight in listed)
    parts: dict[Name, int] = {}
    reached = given = 0
    for name, weight in listed:
        reached += weight
        so_far = whole * reached // total if total else 0
        parts[name] = so_far - given
        given = so_far
    return parts
