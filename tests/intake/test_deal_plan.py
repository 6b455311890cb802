"""The way to where the CRM says the deals stand: complete, in order of priority, and never walked twice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ledger.intake.deal_plan import plan_deals
from ledger.intake.deals import COMMITTED_AT_A_TIME, MAX_UNREVEALED, DealPlan, Goal, Programme, Registration
from ledger.intake.report_sections import Target
from ledger.terms.deals import REVEAL_SECONDS, State
from ledger.terms.ids import CustomerId, DealId

NOW = 1_800_000_000
VENDOR = "0xvendor"
TARGETS: tuple[Target, ...] = ("registered", "approved", "won", "lost")


def goal(number: int, target: Target, *, customer: int | None = None, partner: str = "a") -> Goal:
    return Goal(
        line=number,
        opportunity=f"deal{number}",
        partner=partner,
        account=f"0x{partner}",
        agreement="resale",
        customer=CustomerId(bytes([number if customer is None else customer]) * 32),
        target=target,
        value=1,
        currency="usd",
        exclusivity_seconds=90 * REVEAL_SECONDS,
        valid_from=0,
        valid_until=2**40,
        deal=DealId(number.to_bytes(32)),
    )


def plan(
    goals: Sequence[Goal],
    registrations: Sequence[tuple[bytes, Registration]] = (),
    *,
    now: int = NOW,
    signers: str = "0xa 0xb 0xc " + VENDOR,
    reject: bool = False,
    programme: Programme | None = None,
    unrevealed: Mapping[str, int] | None = None,
) -> DealPlan:
    return plan_deals(
        goals,
        registrations,
        now=now,
        programme=programme or Programme(VENDOR),
        can_sign=lambda account: account in signers.split(),
        reject_held=reject,
        unrevealed=unrevealed,
    )


def after(goals: Sequence[Goal], done: DealPlan) -> list[tuple[bytes, Registration]]:
    customers = {goal.opportunity: goal.customer for goal in goals}
    return [(customers[opportunity], found) for opportunity, found in done.deals.items()]


def steps(done: DealPlan) -> list[tuple[str, str]]:
    return [(action.kind, action.opportunity) for action in done.actions]


def test_a_deal_is_won_in_two_runs_an_hour_apart() -> None:
    goals = [goal(1, "won")]
    first = plan(goals)
    assert steps(first) == [("commit", "deal1"), ("reveal", "deal1")]
    assert first.standings["deal1"].until == NOW + REVEAL_SECONDS + 1
    second = plan(goals, after(goals, first), now=NOW + REVEAL_SECONDS + 1)
    assert steps(second) == [("approve", "deal1"), ("won", "deal1")]
    assert second.standings["deal1"].status == "reached"


def test_the_first_of_two_partners_wins_the_customer() -> None:
    goals = [goal(1, "won", customer=9), goal(2, "won", customer=9, partner="b")]
    first = plan(goals)
    second = plan(goals, after(goals, first), now=NOW + REVEAL_SECONDS + 1, reject=True)
    assert steps(second) == [("approve", "deal1"), ("won", "deal1"), ("reject", "deal2")]
    assert second.standings["deal2"].other == "deal1"
    waiting = plan(goals, after(goals, first), now=NOW + REVEAL_SECONDS + 1, reject=False)
    assert steps(waiting) == [("approve", "deal1"), ("won", "deal1")]
    assert waiting.standings["deal2"].status == "waits"


def test_when_the_first_loses_the_second_may_win() -> None:
    goals = [goal(1, "lost", customer=9), goal(2, "won", customer=9, partner="b")]
    first = plan(goals)
    second = plan(goals, after(goals, first), now=NOW + REVEAL_SECONDS + 1, reject=True)
    assert steps(second) == [("approve", "deal1"), ("lost", "deal1"), ("approve", "deal2"), ("won", "deal2")]


def test_a_partners_second_deal_with_a_customer_waits_for_the_end_of_its_first() -> None:
    goals = [goal(1, "lost", customer=9), goal(2, "registered", customer=9)]
    first = plan(goals)
    assert steps(first) == [("commit", "deal1"), ("reveal", "deal1")]
    second = plan(goals, after(goals, first), now=NOW + REVEAL_SECONDS + 1)
    assert steps(second) == [
        ("approve", "deal1"),
        ("lost", "deal1"),
        ("commit", "deal2"),
        ("reveal", "deal2"),
    ]


def test_what_nobody_here_can_sign_is_said_to_be_signed_by_whom() -> None:
    goals = [goal(1, "won"), replace(goal(2, "won", partner="b"), deal=None)]
    done = plan(goals, signers="")
    assert done.actions == []
    assert {own.signer for own in done.standings.values()} == {"0xa", "0xb"}
    registered = Registration(DealId(b"r" * 32), "0xa", State.REGISTERED, NOW - 2 * REVEAL_SECONDS, 1)
    done = plan(goals, [(goals[0].customer, registered)], signers="0xa")
    assert done.standings["deal1"].signer == VENDOR


def test_a_registration_made_by_other_means_is_taken_as_the_deal() -> None:
    goals = [replace(goal(1, "won"), deal=None)]
    registered = Registration(DealId(b"r" * 32), "0xa", State.REGISTERED, NOW - 2 * REVEAL_SECONDS, 1)
    done = plan(goals, [(goals[0].customer, registered)], signers=VENDOR)
    assert [(action.kind, action.deal) for action in done.actions] == [
        ("approve", registered.deal),
        ("won", registered.deal),
    ]


def test_few_are_committed_to_before_they_are_revealed_in_the_order_of_the_report() -> None:
    """A run that stops loses no more than it had committed to, and may register any number."""
    goals = [
        replace(
            goal(1, "registered"),
            opportunity=f"d{n}",
            deal=DealId(n.to_bytes(32)),
            customer=CustomerId(n.to_bytes(32)),
        )
        for n in range(1, 3 * MAX_UNREVEALED)
    ]
    done = plan(goals)
    assert [own.opportunity for own in done.actions if own.kind == "commit"] == [
        own.opportunity for own in goals
    ]
    unrevealed = most = 0
    for action in done.actions:
        unrevealed += 1 if action.kind == "commit" else -1
        most = max(most, unrevealed)
    assert (unrevealed, most) == (0, COMMITTED_AT_A_TIME)


def test_who_let_commitments_lapse_waits_and_reveals_what_is_in_time() -> None:
    goals = [goal(1, "registered"), goal(2, "registered"), goal(3, "registered", partner="b")]
    committed = Registration(DealId(goals[0].deal or b""), "0xa", State.COMMITTED, NOW, 1)
    full = {"0xa": MAX_UNREVEALED}
    done = plan(goals, [(goals[0].customer, committed)], unrevealed=full)
    assert steps(done) == [
        ("reveal", "deal1"),
        ("commit", "deal2"),
        ("commit", "deal3"),
        ("reveal", "deal2"),
        ("reveal", "deal3"),
    ]
    waiting = plan(goals[1:], unrevealed=full)
    assert steps(waiting) == [("commit", "deal3"), ("reveal", "deal3")]
    assert "did not reveal" in waiting.standings["deal2"].why


def test_nobody_is_approved_while_a_won_deal_is_left_behind_which_its_vendor_tags_again() -> None:
    goals = [goal(1, "won"), goal(2, "approved", partner="b")]
    won = Registration(DealId(goals[0].deal or b""), "0xa", State.WON, 1, 1, epoch=1)
    waits = Registration(DealId(goals[1].deal or b""), "0xb", State.REGISTERED, 1, 2, epoch=2)
    found = [(goals[0].customer, won), (goals[1].customer, waits)]
    second = Programme(VENDOR, epoch=2, grace_until=NOW - 1, won_behind=1)
    done = plan(goals, found, programme=second)
    assert steps(done) == [("retag won", "deal1"), ("approve", "deal2")]
    assert done.standings["deal1"].status == "reached"
    others = plan(goals, found, programme=second, signers="0xa 0xb")
    assert (others.actions, others.standings["deal1"].status) == ([], "reached")
    assert "1 won deals" in others.standings["deal2"].why


def test_a_deal_that_was_not_tagged_again_in_time_is_over() -> None:
    goals = [goal(1, "won"), goal(2, "registered", customer=1, partner="b")]
    old = Registration(
        DealId(goals[0].deal or b""), "0xa", State.APPROVED, 1, 1, 2**40, epoch=1, untagged=True
    )
    done = plan(goals, [(goals[0].customer, old)], programme=Programme(VENDOR, epoch=2, grace_until=1))
    assert done.standings["deal1"].status == "otherwise"
    assert steps(done) == [("commit", "deal2"), ("reveal", "deal2")]


def test_nothing_is_registered_outside_the_agreements_validity() -> None:
    early = plan([replace(goal(1, "won"), valid_from=NOW + 5)])
    late = plan([replace(goal(1, "won"), valid_until=NOW - 5)])
    assert (early.actions, late.actions) == ([], [])
    assert early.standings["deal1"].until == NOW + 5
    assert late.standings["deal1"].status == "otherwise"


@st.composite
def _goals(draw: st.DrawFn) -> list[Goal]:
    return [
        goal(
            number,
            draw(st.sampled_from(TARGETS)),
            customer=draw(st.integers(100, 103)),
            partner=draw(st.sampled_from("abc")),
        )
        for number in range(1, draw(st.integers(1, 12)) + 1)
    ]


@given(goals=_goals(), reject=st.booleans(), days=st.integers(2, 6))
def test_any_report_settles_and_is_never_sent_twice(goals: list[Goal], reject: bool, days: int) -> None:
    state: list[tuple[bytes, Registration]] = []
    seen: set[tuple[str, str]] = set()
    for day in range(days):
        now = NOW + day * (REVEAL_SECONDS + 1)
        done = plan(goals, state, now=now, reject=reject)
        assert not seen & set(steps(done))
        seen |= set(steps(done))
        state = after(goals, done)
        again = plan(goals, state, now=now, reject=reject)
        assert again.actions == []
        assert {name: own.status for name, own in again.standings.items()} == {
            name: own.status for name, own in done.standings.items()
        }
    assert set(done.standings) == {goal.opportunity for goal in goals}
    for customer in {goal.customer for goal in goals}:
        holders = [found for of, found in state if of == customer and found.holds(now)]
        assert len(holders) <= 1


@given(goals=_goals(), reject=st.booleans(), cut=st.integers(0, 40))
def test_an_interrupted_run_goes_on_where_it_stopped(goals: list[Goal], reject: bool, cut: int) -> None:
    """Whatever part of the actions got through, the next run sends the others and ends in the same states."""
    whole = plan(goals, now=NOW, reject=reject)
    kept = {(action.kind, action.opportunity) for action in whole.actions[:cut]}
    part: list[tuple[bytes, Registration]] = []
    for place, action in enumerate(whole.actions[:cut]):
        own = next(goal for goal in goals if goal.opportunity == action.opportunity)
        if action.kind == "commit":
            part.append(
                (own.customer, Registration(action.deal, own.account, State.COMMITTED, NOW, place + 1, 90))
            )
        else:
            part = [
                (of, replace(found, state=State.REGISTERED) if found.deal == action.deal else found)
                for of, found in part
            ]
    rest = plan(goals, part, now=NOW, reject=reject)
    assert kept | set(steps(rest)) == set(steps(whole))
    assert len(kept) + len(rest.actions) == len(whole.actions)
