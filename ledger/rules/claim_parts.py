"""How much of what a payee is owed one transaction takes."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_Share = TypeVar("_Share")
MAX_WEIGHT, _HELD_WEIGHT = 20, 4
"""Shares in one transaction; one whose payments are held counts more: it first releases up to 64 days."""


def claim_parts(owed: Iterable[_Share], is_held: Callable[[_Share], bool]) -> Iterator[list[_Share]]:
    """Shares of one token in their order, as many at once as one transaction carries."""
    part: list[_Share] = []
    weight = 0
    for each in owed:
        own = _HELD_WEIGHT if is_held(each) else 1
        if weight + own > MAX_WEIGHT:
            yield part
            part, weight = [], 0
        part.append(each)
        weight += own
    if part:
        yield part
