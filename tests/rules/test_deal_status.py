"""Status and lead as functions of facts and time, by the rules of DealRegistry.sol."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.deal_status import (
    Facts,
    Lead,
    Status,
    competing,
    is_contestable,
    is_exclusive,
    is_open,
    is_overdue,
    leader,
    status,
)
from ledger.terms.deals import REVEAL_SECONDS, Rule, State
from ledger.terms.ids import DealId

NOW = 10**9
COMMITTED = Facts(DealId(b"\1" * 32), State.COMMITTED, 1, NOW, None, None)
REGISTERED = replace(COMMITTED, state=State.REGISTERED, decide_by=NOW + 10)
APPROVED = replace(REGISTERED, state=State.APPROVED, exclusive_until=NOW + 20)


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        (COMMITTED, NOW + REVEAL_SECONDS, Status.COMMITTED),
        (COMMITTED, NOW + REVEAL_SECONDS + 1, Status.LAPSED),
        (REGISTERED, NOW + 10**8, Status.REGISTERED),
        (APPROVED, NOW + 20, Status.APPROVED),
        (APPROVED, NOW + 21, Status.EXPIRED),
        (replace(APPROVED, state=State.WON), NOW + 10**8, Status.WON),
        (replace(APPROVED, tagged_until=NOW + 9), NOW + 9, Status.APPROVED),
        (replace(APPROVED, tagged_until=NOW + 9), NOW + 10, Status.UNTAGGED),
        (replace(REGISTERED, tagged_until=NOW + 9), NOW + 10, Status.UNTAGGED),
        (replace(APPROVED, state=State.WON, tagged_until=NOW + 9), NOW + 10, Status.WON),
        (replace(APPROVED, state=State.LOST), NOW, Status.LOST),
        (replace(APPROVED, state=State.WITHDRAWN), NOW, Status.WITHDRAWN),
        (replace(REGISTERED, state=State.RETURNED), NOW, Status.RETURNED),
        (replace(REGISTERED, state=State.REJECTED), NOW, Status.REJECTED),
    ],
)
def test_deadlines_are_inclusive(facts: Facts, now: int, expected: Status) -> None:
    assert status(facts, now) is expected


@pytest.mark.parametrize("state", [State.REGISTERED, State.RETURNED])
def test_what_waits_for_a_decision_is_overdue_once_its_time_is_over(state: State) -> None:
    waits = replace(REGISTERED, state=state)
    assert not is_overdue(waits, NOW + 10)
    assert is_overdue(waits, NOW + 11)
    assert not is_overdue(replace(waits, tagged_until=NOW + 10), NOW + 11)
    assert not is_overdue(replace(waits, state=State.REJECTED), NOW + 11)


@st.composite
def queues(draw: st.DrawFn) -> list[Facts]:
    states = st.sampled_from([state for state in State if state > State.COMMITTED])
    queue = []
    for number, state in enumerate(draw(st.lists(states, max_size=6)), 1):
        approved = state in (State.APPROVED, State.WON, State.LOST)
        until = NOW + draw(st.integers(-5, 5)) if approved else None
        queue.append(Facts(DealId(bytes([number]) * 32), state, number, NOW - number, NOW, until))
    return queue


@given(queues(), st.randoms())
def test_who_leads_does_not_depend_on_the_order_in_which_the_queue_is_given(
    queue: list[Facts], random: Random
) -> None:
    shuffled = list(queue)
    random.shuffle(shuffled)
    assert leader(shuffled, NOW) == leader(queue, NOW)


@given(queues())
def test_the_leader_is_the_one_that_the_contract_would_let_through(queue: list[Facts]) -> None:
    """As ``_requireFirst``: nobody earlier waits, and nobody else holds the customer."""
    found = leader(queue, NOW)
    waiting = [facts for facts in queue if is_open(facts, NOW)]
    holding = [facts for facts in queue if is_exclusive(facts, NOW)]
    if found is None:
        assert not waiting and not holding
        return
    chosen = next(facts for facts in queue if facts.deal == found.deal)
    if found.lead is Lead.FIRST_REGISTERED:
        assert not holding
        assert all(other.priority >= chosen.priority for other in waiting)
        assert found.final_from == chosen.committed_at + REVEAL_SECONDS + 1
    else:
        assert chosen in holding
        assert (found.lead is Lead.WON) == (chosen.state is State.WON)


def test_territories_compete_apart_and_in_an_open_programme_nobody_does() -> None:
    north, south = (replace(REGISTERED, deal=DealId(each * 32), territory=each) for each in (b"N", b"S"))
    queue = [north, south]
    assert competing(queue, south, Rule.FIRST_REGISTERED) == queue
    assert competing(queue, south, Rule.TERRITORY) == [south]
    assert competing(queue, south, Rule.OPEN) == []
    assert leader(competing(queue, south, Rule.OPEN), NOW) is None


def test_a_deal_that_was_not_tagged_again_in_time_leads_nobody() -> None:
    old = replace(APPROVED, tagged_until=NOW - 1)
    assert leader([old], NOW) is None
    won = replace(old, state=State.WON)
    found = leader([won], NOW)
    assert found is not None and found.lead is Lead.WON


def test_an_approved_deal_that_was_tagged_again_is_contestable_until_the_grace_ends() -> None:
    tagged = replace(APPROVED, contestable_until=NOW + 5)
    assert is_contestable(tagged, NOW + 5)
    assert not is_contestable(tagged, NOW + 6)
    assert not is_contestable(replace(tagged, state=State.WON), NOW)
    assert not is_contestable(APPROVED, NOW)
