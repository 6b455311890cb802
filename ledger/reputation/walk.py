"""The trust walk of ``trust.py`` by columns: the same integers, for a million edges in seconds.

Masses and parts are 2^60 at most: products are made of 30-bit limbs, so that floors are those of whole
integers, and sums by taker are sums of int64 in whatever order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ledger.reputation.columns import LIMB, Ints
from ledger.reputation.configuration import Configuration
from ledger.reputation.fixed_point import SCALE
from ledger.reputation.trust import ONE, median_sum, part_of, said

_LOW = (1 << LIMB) - 1


@dataclass(frozen=True)
class Graph:
    """Who handed which part of its trust to whom, ordered by taker; accounts are numbers below ``size``."""

    size: int
    giver: Ints
    part: tuple[Ints, Ints]
    """High and low limb."""
    takers: Ints
    starts: Ints
    """Where each taker's edges begin."""

    @classmethod
    def of(
        cls, size: int, giver: Ints, taker: Ints, count: Ints, configuration: Configuration | None = None
    ) -> "Graph":
        """Of settled deals by ordered pair, each pair once."""
        chosen = configuration or Configuration()
        real = (giver != taker) & (count > 0)
        giver, taker, count = giver[real], taker[real], count[real]
        order = np.argsort(taker, kind="stable")
        giver, taker, count = giver[order], taker[order], count[order]
        starts = np.flatnonzero(np.diff(taker, prepend=-1))
        part = _parts(size, giver, count, chosen)
        return cls(size, giver, (part >> LIMB, part & _LOW), taker[starts], starts)

    def mass_of(self, origins: Ints, configuration: Configuration | None = None) -> Ints:
        """t of each account, in units of 1/``ONE``, when trust starts with ``origins``, each named once."""
        chosen = configuration or Configuration()
        mass = np.zeros(self.size, np.int64)
        if not len(origins):
            return mass
        mass[origins] = ONE // len(origins)
        high, low = self.part
        for _ in range(chosen.trust_iterations):
            given = mass[self.giver]
            above, below = given >> LIMB, given & _LOW
            across = above * low + below * high + (below * low >> LIMB)
            received = np.zeros(self.size, np.int64)
            if len(self.starts):
                received[self.takers] = np.add.reduceat(above * high + (across >> LIMB), self.starts)
            received[origins] += (ONE - int(received.sum())) // len(origins)
            mass = received
        return mass


def trusted(graph: Graph, verified: Ints, configuration: Configuration | None = None) -> Ints:
    """ω of each account as the consortium sees it, scaled by 1e18."""
    mass = graph.mass_of(verified, configuration)
    return _omega(mass, median_sum(mass[verified].tolist()), configuration)


def trusted_from(
    graph: Graph, viewpoint: int, verified: Ints, configuration: Configuration | None = None
) -> Ints:
    """ω of each account as one account sees it, scaled by 1e18."""
    mass = graph.mass_of(np.array([viewpoint]), configuration)
    reached = mass[verified[(verified != viewpoint) & (mass[verified] > 0)]]
    omega = _omega(mass, median_sum(reached.tolist()) or 2 * int(mass[viewpoint]), configuration)
    omega[viewpoint] = SCALE
    return omega


def _omega(mass: Ints, middle: int, configuration: Configuration | None) -> Ints:
    chosen = configuration or Configuration()
    if middle == 0:
        return np.zeros(len(mass), np.int64)
    scaled = (min(SCALE, 2 * SCALE * each // middle) for each in mass.tolist())
    return np.array([each if each >= chosen.trust_floor else 0 for each in scaled], np.int64)


def _parts(size: int, giver: Ints, count: Ints, configuration: Configuration) -> NDArray[np.int64]:
    """What each edge hands on of ``ONE``."""
    counts, which = np.unique(count, return_inverse=True)
    words = [said(each, configuration.trust_saturation) for each in counts.tolist()]
    sums = [0] * size
    givers, places = giver.tolist(), which.tolist()
    for each, place in zip(givers, places, strict=True):
        sums[each] += words[place]
    known: dict[tuple[int, int], int] = {}
    parts = []
    for each, place in zip(givers, places, strict=True):
        key = (place, sums[each])
        part = known.get(key)
        if part is None:
            part = known[key] = part_of(words[place], sums[each], configuration)
        parts.append(part)
    return np.array(parts, np.int64)
