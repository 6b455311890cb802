"""What people should look at in a record: never a verdict, and without effect on the score."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ledger.reputation.evidence import Kind
from ledger.reputation.score import Record

_LEAST_SETTLED = 10
"""Settled deals below which shares say nothing."""
_FEW = Fraction(1, 5)
_RECIPROCAL = Fraction(1, 2)
_INTERNAL = Fraction(1, 5)
_SETTLED = (Kind.SETTLED_ON_TIME, Kind.SETTLED_LATE)


class Suspicion(StrEnum):
    """What may be behind a score."""

    FEW_COUNTERPARTIES = "few_counterparties"
    RECIPROCITY = "reciprocity"
    INTERNAL_TRADE = "internal_trade"


@dataclass(frozen=True)
class Flag:
    """``part`` of ``whole`` settled deals or counterparties: what was seen."""

    what: Suspicion
    part: int
    whole: int


def flags(record: Record, own_house: Collection[bytes] = (), with_itself: int = 0) -> list[Flag]:
    """Flags of a record with at least ten settled deals, those ``with_itself`` among them.

    - few counterparties: they are fewer than a fifth of the settled deals;
    - reciprocity: half of the settled deals or more are with those who brought it deals and to whom it
      brought deals;
    - internal trade: a fifth of the settled deals or more are with itself, or with accounts of its
      ``own_house``, whose wallet or owner is its own.
    """
    brought: dict[bytes, int] = {}
    owned: dict[bytes, int] = {}
    for each, count in record.alike.items():
        if each.kind in _SETTLED:
            side = owned if each.as_owner else brought
            side[each.counterparty] = side.get(each.counterparty, 0) + count
    settled = sum(brought.values()) + sum(owned.values()) + with_itself
    if settled < _LEAST_SETTLED:
        return []
    both = brought.keys() & owned.keys()
    mutual = sum(brought[each] + owned[each] for each in both)
    inside = with_itself + sum(side.get(each, 0) for side in (brought, owned) for each in set(own_house))
    others = len(brought.keys() | owned.keys())
    found = []
    if others < settled * _FEW:
        found.append(Flag(Suspicion.FEW_COUNTERPARTIES, others, settled))
    if mutual >= settled * _RECIPROCAL:
        found.append(Flag(Suspicion.RECIPROCITY, mutual, settled))
    if inside >= settled * _INTERNAL:
        found.append(Flag(Suspicion.INTERNAL_TRADE, inside, settled))
    return found
