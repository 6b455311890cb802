"""Evidence of many accounts as columns, and its exact sums by account and counterparty.

Weights are small multiples of their greatest common divisor and decay is at most 1e18 < 2^60: with decay in
two limbs of 30 bits every sum stays below 2^63, which is checked before, as numpy overflows in silence. The
sums are those of ``score.Record``, one by one in Python's integers, to the last digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ledger.errors import LedgerError
from ledger.reputation.configuration import Configuration
from ledger.reputation.decay import decay
from ledger.reputation.evidence import ADJUDICATED, Kind, weigh

Ints = NDArray[np.int64]

KINDS = tuple(Kind)
"""Kinds by the number that columns have for them."""
LIMB = 30
"""Bits of a limb."""
_ADJUDICATED = np.array([kind in ADJUDICATED for kind in KINDS])
_ROOM = 1 << 32
"""What weights and counts together must stay below, for sums of limbs to stay below 2^62."""


@dataclass(frozen=True)
class Columns:
    """A row for evidence that is alike, or for each piece of it. Accounts are numbers: places in
    ``accounts``; ``day`` counts in UTC from 1970; ``rating`` is 0 for all but reviews; a ``count`` below zero
    takes away.
    """

    accounts: Sequence[bytes]
    account: NDArray[np.integer[Any]]
    counterparty: NDArray[np.integer[Any]]
    kind: NDArray[np.integer[Any]]
    rating: NDArray[np.integer[Any]]
    day: NDArray[np.integer[Any]]
    count: NDArray[np.integer[Any]]

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True)
class Sums:
    """Decayed evidence by (account, counterparty, whether it was adjudicated), in the order of these; each
    sum is ``(high · 2^30 + low) · unit``, in units of 1e-36.
    """

    account: Ints
    counterparty: Ints
    adjudicated: NDArray[np.bool_]
    positive: tuple[Ints, Ints]
    negative: tuple[Ints, Ints]
    unit: int

    def __len__(self) -> int:
        return len(self.account)


def sums(columns: Columns, today: int, configuration: Configuration) -> Sums:
    """All sums as of a day. Raises ``LedgerError`` for more evidence than the sums have room for: four
    thousand million eighths.
    """
    unit, plus, minus = _weights(configuration)
    count = columns.count.astype(np.int64)
    heaviest = max(int(plus.max()), int(minus.max()), 1)
    if heaviest * int(np.abs(count).sum()) >= _ROOM:
        raise LedgerError(
            f"The evidence of {int(np.abs(count).sum()):,} events is more than one pass has room for.",
            "Sum it up in parts.",
        )
    ruled = _ADJUDICATED[columns.kind]
    size = len(columns.accounts)
    key = (columns.account.astype(np.int64) * size + columns.counterparty) * 2 + ruled
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    ages = np.maximum(today - columns.day[order].astype(np.int64), 0)
    kinds, ratings, count = columns.kind[order], columns.rating[order], count[order]
    for_, against = plus[kinds, ratings] * count, minus[kinds, ratings] * count
    pairs = key[starts]
    return Sums(
        pairs // 2 // size,
        pairs // 2 % size,
        (pairs % 2).astype(np.bool_),
        _summed(for_, ages, configuration.half_life_positive_days, starts),
        _summed(against, ages, configuration.half_life_negative_days, starts),
        unit,
    )


def merged(sums: Sums, more: Sums) -> Sums:
    """The sums of both together, of the same day and configuration: what a batch adds, or with counts below
    zero takes away. Rows that are left with nothing stay, at zero.
    """
    places, known = places_among(sums, more)
    new = places[~known]
    columns = []
    for was, added in zip(_limbs(sums), _limbs(more), strict=True):
        column = was.copy()
        column[places[known]] += added[known]
        columns.append(np.insert(column, new, added[~known]))
    positive, positive_low, negative, negative_low = columns
    return Sums(
        np.insert(sums.account, new, more.account[~known]),
        np.insert(sums.counterparty, new, more.counterparty[~known]),
        np.insert(sums.adjudicated, new, more.adjudicated[~known]),
        (positive, positive_low),
        (negative, negative_low),
        sums.unit,
    )


def places_among(sums: Sums, more: Sums) -> tuple[Ints, NDArray[np.bool_]]:
    """Which row of ``sums`` each row of ``more`` is, or would come before; and whether it is there."""
    old, new = _keys(sums, more), _keys(more, sums)
    places = np.searchsorted(old, new)
    known = places < len(old)
    known[known] = old[places[known]] == new[known]
    return places, known


def rows_of(sums: Sums, accounts: Ints) -> Ints:
    """The rows of these accounts."""
    chosen = np.unique(accounts)
    begin = np.searchsorted(sums.account, chosen)
    count = np.searchsorted(sums.account, chosen, side="right") - begin
    return np.repeat(begin - np.cumsum(count) + count, count) + np.arange(int(count.sum()))


def _keys(sums: Sums, beside: Sums) -> Ints:
    size = 1 + max((int(each.counterparty.max()) for each in (sums, beside) if len(each)), default=0)
    return (sums.account * size + sums.counterparty) * 2 + sums.adjudicated


def _limbs(sums: Sums) -> tuple[Ints, Ints, Ints, Ints]:
    return (*sums.positive, *sums.negative)


def _weights(configuration: Configuration) -> tuple[int, Ints, Ints]:
    """The weights' greatest common divisor, and for and against as multiples of it, by kind and rating."""
    ratings = range(configuration.review_best + 1)
    found = {
        (k, rating): weigh(kind, configuration, rating)
        for k, kind in enumerate(KINDS)
        for rating in (ratings[1:] if kind is Kind.REVIEWED else (0,))
    }
    unit = gcd(*(each for pair in found.values() for each in pair))
    plus, minus = (np.zeros((len(KINDS), len(ratings)), np.int64) for _ in range(2))
    for place, (positive, negative) in found.items():
        plus[place], minus[place] = positive // unit, negative // unit
    return unit, plus, minus


def _summed(weights: Ints, ages: Ints, half_life: int, starts: Ints) -> tuple[Ints, Ints]:
    """Σ weight · decay by group, in two limbs: their sum is ``high · 2^30 + low``."""
    if not len(starts):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    left = _left(half_life, int(ages.max()) // 1024)[ages]
    high, low = left >> LIMB, left & ((1 << LIMB) - 1)
    return np.add.reduceat(weights * high, starts), np.add.reduceat(weights * low, starts)


@cache
def _left(half_life: int, thousands: int) -> Ints:
    """What is left of one after each of so many days, scaled by 1e18."""
    return np.array([decay(days, half_life) for days in range((thousands + 1) * 1024)], np.int64)


def as_column(accounts: Sequence[bytes]) -> NDArray[Any]:
    """Addresses as a column of 20 bytes each."""
    return np.frombuffer(b"".join(accounts), "V20")


def numbered(*columns: NDArray[Any]) -> tuple[tuple[bytes, ...], tuple[Ints, ...]]:
    """The addresses that columns of 20 bytes hold, in order, and the columns as places among them."""
    every = np.concatenate([np.ascontiguousarray(each) for each in columns])
    if not len(every):
        return (), tuple(np.zeros(0, np.int64) for _ in columns)
    words = np.ascontiguousarray(every).view(np.uint8).reshape(-1, 20)
    heads = words[:, :8].copy().view(">u8").ravel().astype(np.uint64)
    _, first, which = np.unique(heads, return_index=True, return_inverse=True)
    if (words[first[which]] != words).any():  # different addresses with the same first eight bytes
        _, first, which = np.unique(every.view("S20"), return_index=True, return_inverse=True)
    places = np.split(which.astype(np.int64), np.cumsum([len(each) for each in columns])[:-1])
    return tuple(words[place].tobytes() for place in first.tolist()), tuple(places)
