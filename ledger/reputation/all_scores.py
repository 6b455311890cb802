"""The scores of all accounts at once, from columns of evidence: what ``score.Record`` gives, one by one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ledger.reputation.columns import (
    KINDS,
    LIMB,
    Columns,
    Ints,
    Sums,
    merged,
    places_among,
    rows_of,
    sums,
)
from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Kind
from ledger.reputation.fixed_point import SCALE, divide
from ledger.reputation.score import BEST, saturated
from ledger.reputation.walk import Graph
from ledger.reputation.wilson import wilson_lower

_SETTLED = [KINDS.index(Kind.SETTLED_ON_TIME), KINDS.index(Kind.SETTLED_LATE)]
_LOW = (1 << LIMB) - 1


@dataclass(frozen=True)
class Score:
    """An account's score; r and s scaled by 1e18; how many counterparties count for it."""

    account: bytes
    score: int
    positive: int
    negative: int
    counterparties: int


@dataclass(frozen=True)
class Scoreboard:
    """Sums of a day and what each of their rows adds to r and s (1e18; rulings, which are not saturated, are
    left at 0), so that a batch of events costs what it touches.
    """

    accounts: Sequence[bytes]
    trust: Ints
    """ω by account, scaled by 1e18."""
    configuration: Configuration
    sums: Sums
    plus: Ints
    minus: Ints

    @classmethod
    def of(
        cls, accounts: Sequence[bytes], found: Sums, trust: Ints, configuration: Configuration
    ) -> "Scoreboard":
        """From sums: e^−x once for each pair that counts."""
        plus, minus = _contributions(found, np.arange(len(found)), trust, configuration)
        return cls(accounts, trust, configuration, found, plus, minus)

    def with_batch(self, batch: Sums) -> "Scoreboard":
        """After more events of the same day, or fewer (counts below zero)."""
        places, known = places_among(self.sums, batch)
        plus, minus = (np.insert(each, places[~known], 0) for each in (self.plus, self.minus))
        now = merged(self.sums, batch)
        touched, _ = places_among(now, batch)
        plus[touched], minus[touched] = _contributions(now, touched, self.trust, self.configuration)
        return Scoreboard(self.accounts, self.trust, self.configuration, now, plus, minus)

    def scores(self, touched: Ints | None = None) -> list[Score]:
        """Of these accounts, or of all that have rows, in the order of their numbers."""
        rows = np.arange(len(self.sums)) if touched is None else rows_of(self.sums, touched)
        if not len(rows):
            return []
        account = self.sums.account[rows]
        starts = np.flatnonzero(np.diff(account, prepend=-1))
        counting = (self.plus[rows] > 0) | (self.minus[rows] > 0)
        sums_of = [
            np.add.reduceat(part, starts).tolist()
            for each in (self.plus[rows], self.minus[rows])
            for part in (each >> LIMB, each & _LOW)
        ]
        ruled = self._ruled(rows)
        z_squared = self.configuration.z_squared
        made = []
        for place, high, low, against, against_low, number in zip(
            account[starts].tolist(),
            *sums_of,
            np.add.reduceat(counting.astype(np.int64), starts).tolist(),
            strict=True,
        ):
            r, s = (high << LIMB) + low, (against << LIMB) + against_low
            if place in ruled:
                for_, against_ = ruled[place]
                r, s = r + divide(for_, SCALE), s + divide(against_, SCALE)
            made.append(Score(self.accounts[place], wilson_lower(r, s, z_squared, BEST), r, s, number))
        return made

    def _ruled(self, rows: Ints) -> dict[int, tuple[int, int]]:
        ruled: dict[int, tuple[int, int]] = {}
        which = rows[self.sums.adjudicated[rows]]
        for place, plus, minus in zip(
            self.sums.account[which].tolist(), *_whole(self.sums, which), strict=True
        ):
            before = ruled.get(place, (0, 0))
            ruled[place] = before[0] + plus, before[1] + minus
        return ruled


def graph_of(columns: Columns, configuration: Configuration | None = None) -> Graph:
    """Who vouches for whom: the counterparty of each deal that was settled for the account that delivered."""
    settled = np.isin(columns.kind, _SETTLED)
    size = len(columns.accounts)
    pair = columns.counterparty[settled].astype(np.int64) * size + columns.account[settled]
    order = np.argsort(pair, kind="stable")
    pair, count = pair[order], columns.count[settled].astype(np.int64)[order]
    starts = np.flatnonzero(np.diff(pair, prepend=-1))
    if not len(starts):
        return Graph.of(size, pair, pair, count, configuration)
    pairs = pair[starts]
    return Graph.of(size, pairs // size, pairs % size, np.add.reduceat(count, starts), configuration)


def scores(
    columns: Columns, today: int, trust: Ints, configuration: Configuration | None = None
) -> list[Score]:
    """Of every account that has evidence, in the columns' order of accounts; ``trust`` is ω by account."""
    chosen = configuration or Configuration()
    return Scoreboard.of(columns.accounts, sums(columns, today, chosen), trust, chosen).scores()


def _contributions(found: Sums, rows: Ints, trust: Ints, configuration: Configuration) -> tuple[Ints, Ints]:
    plus, minus = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    omega = trust[found.counterparty[rows]]
    counting = np.flatnonzero((omega > 0) & ~found.adjudicated[rows])
    made = [
        saturated(positive, negative, how_far, configuration.saturation)
        for positive, negative, how_far in zip(
            *_whole(found, rows[counting]), omega[counting].tolist(), strict=True
        )
    ]
    if made:
        plus[counting], minus[counting] = np.array(made, np.int64).T
    return plus, minus


def _whole(found: Sums, rows: Ints) -> tuple[list[int], list[int]]:
    """Sums for and against as Python's integers, in units of 1e-36."""
    plus, minus = (
        [
            ((high << LIMB) + low) * found.unit
            for high, low in zip(*(each[rows].tolist() for each in limbs), strict=True)
        ]
        for limbs in (found.positive, found.negative)
    )
    return plus, minus
