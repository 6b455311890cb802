"""How much each account's word counts: a walk over who settled business with whom, one edge at a time.

EigenTrust (Kamvar, Schlosser, Garcia-Molina, WWW 2003): trust starts with the verified, flows from each
account to those with whom it settled deals, and a part of it restarts with the verified in each step. Whoever
nobody trusted has dealt with gets none, however many identities it has. Integers alone, floors by edge and
exact sums: no order of edges and no machine gives another number. ``walk.py`` does the same by columns.
"""

from collections.abc import Collection, Mapping
from functools import cache

from ledger.reputation.configuration import Configuration
from ledger.reputation.fixed_point import ONE_BITS, SCALE, divide, exp_minus

ONE = 1 << 60
"""All trust there is, as the walk's scaled integer."""

Counts = Mapping[tuple[bytes, bytes], int]
"""Settled deals by (who vouches, for whom)."""


@cache
def said(count: int, saturation: int) -> int:
    """saturation · (1 − e^(−count / saturation)), scaled by 1e18, halves to even: what so many settled deals
    say.
    """
    return divide(SCALE * saturation * (ONE_BITS - exp_minus(count, saturation)), ONE_BITS)


def mass_of(
    counts: Counts, origins: Collection[bytes], configuration: Configuration | None = None
) -> dict[bytes, int]:
    """t of each account that has any, in units of 1/``ONE``, when trust starts with ``origins``.

    A pair of the same account twice says nothing. Without origins nobody has any.
    """
    chosen = configuration or Configuration()
    starts = sorted(set(origins))
    if not starts:
        return {}
    edges = _edges(counts, chosen)
    share = ONE // len(starts)
    mass = dict.fromkeys(starts, share)
    for _ in range(chosen.trust_iterations):
        received: dict[bytes, int] = {}
        for giver, taker, part in edges:
            if giver in mass:
                received[taker] = received.get(taker, 0) + mass[giver] * part // ONE
        again = (ONE - sum(received.values())) // len(starts)
        for each in starts:
            received[each] = received.get(each, 0) + again
        mass = received
    return {account: each for account, each in mass.items() if each}


def omega(
    mass: Mapping[bytes, int], middle: int, configuration: Configuration | None = None
) -> dict[bytes, int]:
    """ω of each account that counts at all, scaled by 1e18, 1 at most. ``middle`` is twice the mass that
    counts fully: the lower and the upper median's sum.
    """
    chosen = configuration or Configuration()
    if middle == 0:
        return {}
    scaled = {account: min(SCALE, 2 * SCALE * each // middle) for account, each in mass.items()}
    return {account: each for account, each in scaled.items() if each >= chosen.trust_floor}


def trusted(
    counts: Counts, verified: Collection[bytes], configuration: Configuration | None = None
) -> dict[bytes, int]:
    """ω as the consortium sees it: trust starts with the verified, the middle one of whom counts fully."""
    mass = mass_of(counts, verified, configuration)
    return omega(mass, median_sum([mass.get(each, 0) for each in set(verified)]), configuration)


def trusted_from(
    viewpoint: bytes,
    counts: Counts,
    verified: Collection[bytes],
    configuration: Configuration | None = None,
) -> dict[bytes, int]:
    """ω as one account sees it: trust starts with itself, and it counts fully itself.

    Of the others the middle one counts fully of those verified whom its trust reaches; when it reaches none
    of them, whoever it trusts as much as itself.
    """
    mass = mass_of(counts, [viewpoint], configuration)
    reached = [mass[each] for each in set(verified) - {viewpoint} if each in mass]
    middle = median_sum(reached) or 2 * mass[viewpoint]
    return omega(mass, middle, configuration) | {viewpoint: SCALE}


def median_sum(values: Collection[int]) -> int:
    """Lower and upper median together: twice the median; 0 of nothing."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2] if ordered else 0


def part_of(word: int, words: int, configuration: Configuration) -> int:
    """⌊(1 − a) · ONE · word / words⌋: the part of its trust that an account hands to one of those it vouches
    for; with a = 1/5 this is ⌊4 · ONE · word / (5 · words)⌋.
    """
    return (SCALE - configuration.restart) * ONE * word // (SCALE * words)


def _edges(counts: Counts, configuration: Configuration) -> list[tuple[bytes, bytes, int]]:
    words = {
        (giver, taker): said(count, configuration.trust_saturation)
        for (giver, taker), count in counts.items()
        if giver != taker and count > 0
    }
    sums: dict[bytes, int] = {}
    for (giver, _), word in words.items():
        sums[giver] = sums.get(giver, 0) + word
    return [
        (giver, taker, part_of(word, sums[giver], configuration)) for (giver, taker), word in words.items()
    ]
