"""All scores from columns: the same integers as one by one in Python, and room is checked before."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.reputation.all_scores import Scoreboard, graph_of, scores
from ledger.reputation.columns import KINDS, Columns, as_column, numbered, sums
from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Alike, Kind, weigh
from ledger.reputation.fixed_point import SCALE
from ledger.reputation.score import Record

DAY = 86_400
TODAY = 20_000
SIZE = 5
ACCOUNTS = tuple(number.to_bytes(20) for number in range(SIZE))
Row = tuple[int, int, Kind, int, int, int]
"""Account, counterparty, kind, rating, day, count."""


@st.composite
def rows(draw: st.DrawFn) -> Row:
    kind = draw(st.sampled_from(KINDS))
    account, counterparty = draw(st.permutations(range(SIZE)))[:2]
    rating = draw(st.integers(1, 5)) if kind is Kind.REVIEWED else 0
    return (
        account,
        counterparty,
        kind,
        rating,
        draw(st.integers(TODAY - 4000, TODAY + 1)),
        draw(st.integers(1, 9)),
    )


def columns(some: list[Row], accounts: tuple[bytes, ...] = ACCOUNTS) -> Columns:
    def column(place: int) -> Any:
        return np.array([row[place] for row in some], np.int64)

    kinds = np.array([KINDS.index(row[2]) for row in some], np.int64)
    return Columns(accounts, column(0), column(1), kinds, column(3), column(4), column(5))


def one_by_one(some: list[Row], account: int, trust: list[int]) -> Record:
    alike: Counter[Alike] = Counter()
    for about, counterparty, kind, rating, day, count in some:
        if about == account:
            weights = weigh(kind, Configuration(), rating or None)
            alike[Alike(ACCOUNTS[counterparty], day, kind, False, *weights)] += count
    return Record(alike, TODAY * DAY + 5, dict(zip(ACCOUNTS, trust, strict=True)))


@settings(max_examples=50)
@given(st.lists(rows(), max_size=60), st.lists(st.integers(0, SCALE), min_size=SIZE, max_size=SIZE))
def test_every_score_is_what_it_is_one_by_one(some: list[Row], trust: list[int]) -> None:
    found = {each.account: each for each in scores(columns(some), TODAY, np.array(trust, np.int64))}
    assert found.keys() == {ACCOUNTS[row[0]] for row in some}
    for account, each in found.items():
        record = one_by_one(some, ACCOUNTS.index(account), trust)
        assert (each.score, each.positive, each.negative) == (
            record.score,
            record.total.positive,
            record.total.negative,
        )


@settings(max_examples=50)
@given(st.lists(rows(), max_size=40), st.lists(rows(), max_size=20), st.data())
def test_a_batch_changes_sums_to_what_they_are_from_scratch_and_can_be_taken_back(
    some: list[Row], batch: list[Row], data: st.DataObject
) -> None:
    gone = data.draw(st.lists(st.sampled_from(some), unique=True)) if some else []
    left = [row for row in some if row not in gone]
    configuration = Configuration()
    taken = [(*row[:5], -row[5]) for row in gone]
    was, change = (sums(columns(each), TODAY, configuration) for each in (left + gone, taken + batch))
    anew = sums(columns(left + batch), TODAY, configuration)
    trust = np.full(SIZE, SCALE // 3, np.int64)
    changed = Scoreboard.of(ACCOUNTS, was, trust, configuration).with_batch(change)
    scratch = Scoreboard.of(ACCOUNTS, anew, trust, configuration)
    found, expected = ({each.account: each for each in of.scores()} for of in (changed, scratch))
    for account, each in found.items():
        if account in expected:
            assert (each.score, each.positive, each.negative) == (
                expected[account].score,
                expected[account].positive,
                expected[account].negative,
            )
        else:
            assert (each.score, each.positive, each.negative) == (0, 0, 0)
    assert expected.keys() <= found.keys()
    touched = np.unique(change.account)
    assert changed.scores(touched) == [found[ACCOUNTS[place]] for place in touched.tolist()]


def test_edges_go_from_whom_a_deal_was_settled_for_to_who_settled_it() -> None:
    both = [(0, 1, Kind.SETTLED_ON_TIME, 0, TODAY, 3), (1, 0, Kind.SETTLED_ON_TIME, 0, TODAY, 3)]
    late = [(2, 1, Kind.SETTLED_LATE, 0, TODAY, 1), (1, 2, Kind.REVENUE_LATE, 0, TODAY, 1)]
    graph = graph_of(columns([*both, *late, *late]))
    takers = np.repeat(graph.takers, np.diff([*graph.starts, len(graph.giver)]))
    assert set(zip(graph.giver.tolist(), takers.tolist(), strict=True)) == {(0, 1), (1, 0), (1, 2)}


def test_more_than_sums_have_room_for_is_refused_and_the_most_is_exact() -> None:
    most = (1 << 32) // 40 - 1
    full = [(0, 1, Kind.BREACH_RULED, 0, TODAY, most)]
    (found,) = scores(columns(full), TODAY, np.zeros(SIZE, np.int64))
    assert found.negative == 5 * SCALE * most
    with pytest.raises(LedgerError, match="room"):
        sums(columns([*full, *full]), TODAY, Configuration())


def test_nothing_has_no_scores() -> None:
    assert scores(columns([]), TODAY, np.zeros(SIZE, np.int64)) == []


@pytest.mark.parametrize("tail", [1, 19])
def test_addresses_that_begin_alike_are_different_ones(tail: int) -> None:
    alike = [bytes(20), b"\0" * tail + b"\1" + b"\0" * (19 - tail), b"\xff" * 20]
    names, (one, other) = numbered(as_column(alike), as_column(alike[:2]))
    assert names == tuple(sorted(alike))
    assert [names[each] for each in [*one, *other]] == [*alike, *alike[:2]]
