"""The trust walk: what must hold of it whatever the graph, one edge at a time and by columns alike."""

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.reputation import walk
from ledger.reputation.configuration import Configuration
from ledger.reputation.fixed_point import SCALE
from ledger.reputation.trust import ONE, mass_of, said, trusted, trusted_from

SIZE = 7
ACCOUNTS = [number.to_bytes(20) for number in range(SIZE)]
counts = st.dictionaries(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), st.integers(1, 2000), max_size=25
)
some = st.sets(st.integers(0, SIZE - 1))

Counts = dict[tuple[int, int], int]


def named(graph: Counts) -> dict[tuple[bytes, bytes], int]:
    return {(ACCOUNTS[i], ACCOUNTS[j]): count for (i, j), count in graph.items()}


def by_columns(graph: Counts, seed: int = 0) -> walk.Graph:
    edges = list(graph.items())
    Random(seed).shuffle(edges)
    givers, takers, numbers = (
        np.array(each, np.int64)
        for each in ([i for (i, _), _ in edges], [j for (_, j), _ in edges], [n for _, n in edges])
    )
    return walk.Graph.of(SIZE, givers, takers, numbers)


@given(counts, some, st.integers(0, SIZE - 1), st.integers())
def test_by_columns_it_gives_the_same_integers_in_whatever_order(
    graph: Counts, verified: set[int], viewpoint: int, seed: int
) -> None:
    columns, places = by_columns(graph, seed), np.array(sorted(verified), np.int64)
    origins = [ACCOUNTS[each] for each in verified]
    mass = mass_of(named(graph), origins)
    assert [mass.get(each, 0) for each in ACCOUNTS] == columns.mass_of(places).tolist()
    omega = trusted(named(graph), origins)
    assert [omega.get(each, 0) for each in ACCOUNTS] == walk.trusted(columns, places).tolist()
    omega = trusted_from(ACCOUNTS[viewpoint], named(graph), origins)
    seen = walk.trusted_from(columns, viewpoint, places).tolist()
    assert [omega.get(each, 0) for each in ACCOUNTS] == seen


@given(counts, some)
def test_all_trust_together_is_one_but_for_less_than_a_unit_for_each_of_the_verified(
    graph: Counts, verified: set[int]
) -> None:
    total = sum(mass_of(named(graph), [ACCOUNTS[each] for each in verified]).values())
    assert ONE - len(verified) < total <= ONE if verified else total == 0


@settings(max_examples=30)
@given(counts, some)
def test_it_is_the_formula_to_twelve_digits(graph: Counts, verified: set[int]) -> None:
    if not verified:
        return
    words = {pair: Fraction(said(n, 3), SCALE) for pair, n in graph.items() if pair[0] != pair[1]}
    sums = {
        i: sum((word for (giver, _), word in words.items() if giver == i), Fraction(0)) for i in range(SIZE)
    }
    mass = [Fraction(int(each in verified), len(verified)) for each in range(SIZE)]
    for _ in range(64):
        following = [Fraction(0)] * SIZE
        for (i, j), word in words.items():
            following[j] += mass[i] * Fraction(4, 5) * word / sums[i]
        rest = 1 - sum(following, Fraction(0))
        mass = [
            each + (rest / len(verified) if i in verified else Fraction(0))
            for i, each in enumerate(following)
        ]
        mass = [each.limit_denominator(10**24) for each in mass]
    found = mass_of(named(graph), [ACCOUNTS[each] for each in verified])
    for place, exact in enumerate(mass):
        assert abs(Fraction(found.get(ACCOUNTS[place], 0), ONE) - exact) < Fraction(1, 10**12)


@given(
    counts,
    st.sets(st.integers(0, 3)),
    st.dictionaries(st.tuples(st.integers(4, 6), st.integers(0, 6)), st.integers(1, 9)),
)
def test_sybils_with_no_edge_from_the_honest_have_no_mass(
    graph: Counts, verified: set[int], sybils: Counts
) -> None:
    honest = {(i, j): n for (i, j), n in graph.items() if i < 4 and j < 4}
    mass = mass_of(named(honest | sybils), [ACCOUNTS[each] for each in verified])
    assert not mass.keys() & set(ACCOUNTS[4:])


def ring(size: int, honest: int = 5) -> dict[bytes, int]:
    """Mass of sybils who settle with each other around a ring, one of whom an honest partner vouches for."""
    names = [number.to_bytes(20) for number in range(honest + size)]
    partners, sybils = names[:honest], names[honest:]
    edges = {(a, b): 5 for a in partners for b in partners if a != b} | {(partners[0], sybils[0]): 1}
    edges |= dict.fromkeys(pairwise([*sybils, sybils[0]]), 1000)
    mass = mass_of(edges, partners)
    return {each: mass.get(each, 0) for each in sybils}


def test_the_mass_of_a_ring_through_one_edge_does_not_depend_on_its_size() -> None:
    rings = {size: ring(size) for size in (2, 3, 10, 100, 10_000)}
    least, most = (f(sum(each.values()) for each in rings.values()) for f in (min, max))
    assert most - least < ONE // 10**6, "what 64 steps have not yet carried around"
    assert max(rings[2].values()) >= max(rings[10_000].values())


def test_with_nobody_verified_nobody_counts() -> None:
    assert trusted({(ACCOUNTS[0], ACCOUNTS[1]): 9}, []) == {}


def test_whoever_trades_only_with_whom_nobody_trusts_gains_nothing_and_the_middle_one_counts_fully() -> None:
    edges = {(a, b): 3 for a in ACCOUNTS[:3] for b in ACCOUNTS[:3] if a != b}
    omega = trusted(edges | {(ACCOUNTS[5], ACCOUNTS[6]): 900}, ACCOUNTS[:3])
    assert omega == dict.fromkeys(ACCOUNTS[:3], SCALE)
    far = trusted({(ACCOUNTS[0], ACCOUNTS[5]): 1} | edges | {(ACCOUNTS[0], ACCOUNTS[1]): 900}, ACCOUNTS[:3])
    assert 0 < far[ACCOUNTS[5]] < SCALE


def test_as_one_sees_it_own_dealings_count_and_strangers_do_not() -> None:
    edges = {(ACCOUNTS[0], ACCOUNTS[1]): 5, (ACCOUNTS[1], ACCOUNTS[2]): 5, (ACCOUNTS[3], ACCOUNTS[4]): 50}
    omega = trusted_from(ACCOUNTS[0], edges, ACCOUNTS[1:])
    assert omega[ACCOUNTS[0]] == SCALE
    assert omega[ACCOUNTS[1]] == SCALE
    assert 0 < omega[ACCOUNTS[2]] < SCALE
    assert not omega.keys() & {ACCOUNTS[3], ACCOUNTS[4]}
    nobody = trusted_from(ACCOUNTS[6], edges, ACCOUNTS[:3])
    assert nobody == {ACCOUNTS[6]: SCALE}, "who dealt with nobody trusts itself"


def test_trust_below_the_floor_is_none() -> None:
    edges = {(ACCOUNTS[0], ACCOUNTS[1]): 900, (ACCOUNTS[0], ACCOUNTS[2]): 900, (ACCOUNTS[1], ACCOUNTS[0]): 1}
    verified = ACCOUNTS[:2]
    low, high = (Configuration(trust_floor=floor * SCALE // 100) for floor in (5, 99))
    assert ACCOUNTS[2] in trusted(edges, verified, low)
    assert ACCOUNTS[2] not in trusted(edges, verified, high)


@pytest.mark.parametrize("count", [1, 2, 3, 10, 1000])
def test_many_deals_say_hardly_more_than_some(count: int) -> None:
    with localcontext() as context:
        context.prec = 50
        exact = 3 * (1 - (Decimal(-count) / 3).exp())
    assert abs(Decimal(said(count, 3)) / SCALE - exact) <= Decimal("0.5e-18")
