"""Made-up business of many partners, as columns of evidence: the same for the same seed."""

from collections.abc import Iterator

import numpy as np

from ledger.reputation.columns import KINDS, Columns, Ints
from ledger.reputation.evidence import Kind

TODAY = 20_000
_DAYS = 1_000
_SEED = 17
VENDORS = 50
"""One partner in so many owns a programme."""
_KNOWN = 5
"""Vendors that a partner works with."""
_ON_TIME, _LATE, _RECORDED_LATE, _REVIEW, _EXPIRED, _OVERDUE = (
    KINDS.index(kind)
    for kind in (
        Kind.SETTLED_ON_TIME,
        Kind.SETTLED_LATE,
        Kind.REVENUE_LATE,
        Kind.REVIEWED,
        Kind.EXPIRED_WITHOUT_PROGRESS,
        Kind.DECISION_OVERDUE,
    )
)


def business(partners: int, deals: int) -> tuple[Columns, Ints]:
    """Evidence of so many won deals, a row an event, and who is verified: nine in ten.

    A few vendors have most deals, as in life; one in twelve is recorded late, one in four reviewed, and
    others expire or wait too long.
    """
    draw = np.random.default_rng(_SEED)
    accounts = [number.to_bytes(20) for number in (np.arange(partners) + (1 << 60)).tolist()]
    vendors = max(1, partners // VENDORS)
    partner = draw.integers(vendors, partners, deals)
    # Each partner works with a few vendors, again and again.
    known = (vendors * draw.random((partners, _KNOWN)) ** 3).astype(np.int64)
    vendor = known[partner, draw.integers(0, _KNOWN, deals)]
    day = TODAY - draw.integers(0, _DAYS, deals)
    late = draw.random(deals) < 1 / 12
    parts = list(_events(draw, vendor, partner, day, late))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    account, counterparty, kind, rating, when = columns
    verified = np.flatnonzero(draw.random(partners) < 0.9)
    return Columns(
        accounts, account, counterparty, kind, rating, when, np.ones(len(account), np.int64)
    ), verified


def _events(
    draw: np.random.Generator,
    vendor: Ints,
    partner: Ints,
    day: Ints,
    late: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> Iterator[tuple[Ints, ...]]:
    def rows(
        about: Ints, other: Ints, kind: Ints | int, when: Ints, rating: Ints | int = 0
    ) -> tuple[Ints, ...]:
        return about, other, np.broadcast_to(kind, len(about)), np.broadcast_to(rating, len(about)), when

    yield rows(partner, vendor, np.where(late, _LATE, _ON_TIME), day)
    yield rows(vendor, partner, np.where(late, _RECORDED_LATE, _ON_TIME), day)
    for some, about, other, kind in (
        (draw.random(len(day)) < 1 / 8, partner, vendor, _REVIEW),
        (draw.random(len(day)) < 1 / 8, vendor, partner, _REVIEW),
        (draw.random(len(day)) < 1 / 8, partner, vendor, _EXPIRED),
        (draw.random(len(day)) < 1 / 8, vendor, partner, _OVERDUE),
    ):
        rating = draw.integers(1, 6, int(some.sum())) if kind == _REVIEW else 0
        yield rows(about[some], other[some], kind, day[some], rating)
