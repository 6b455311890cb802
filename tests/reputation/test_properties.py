"""What must hold of every score, whatever the evidence."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.reputation.change import change
from ledger.reputation.configuration import Configuration
from ledger.reputation.dimensions import Question, Tag, dimensions
from ledger.reputation.evidence import Evidence, Kind, weigh
from ledger.reputation.fixed_point import SCALE
from ledger.reputation.inputs import inputs_hash
from ledger.reputation.points import POINT, points
from ledger.reputation.score import Record

DAY = 86_400
NOW = 20_000 * DAY
CONFIGURATION = Configuration()
COUNTERPARTIES = [number.to_bytes(20) for number in range(1, 6)]


@st.composite
def pieces(draw: st.DrawFn, kinds: tuple[Kind, ...] = tuple(Kind)) -> Evidence:
    kind = draw(st.sampled_from(kinds))
    rating = draw(st.integers(1, 5)) if kind is Kind.REVIEWED else None
    positive, negative = weigh(kind, CONFIGURATION, rating)
    return Evidence(
        at=NOW - draw(st.integers(0, 3000 * DAY)),
        contract=bytes(20),
        seq=draw(st.integers(1, 1000)),
        kind=kind,
        counterparty=draw(st.sampled_from(COUNTERPARTIES)),
        subject=bytes(32),
        positive=positive,
        negative=negative,
        as_owner=draw(st.booleans()),
    )


histories = st.lists(pieces(), max_size=30)
trusts = st.fixed_dictionaries({each: st.integers(0, SCALE) for each in COUNTERPARTIES})
GOOD = (Kind.SETTLED_ON_TIME, Kind.SETTLED_LATE, Kind.CLAIM_CONFIRMED)
BAD = (Kind.REVENUE_LATE, Kind.EXPIRED_WITHOUT_PROGRESS, Kind.DECISION_OVERDUE, Kind.BREACH_RULED)


@given(histories, trusts, st.integers())
def test_the_order_in_which_evidence_comes_does_not_matter(
    evidence: list[Evidence], trust: dict[bytes, int], seed: int
) -> None:
    shuffled = list(evidence)
    Random(seed).shuffle(shuffled)
    one, other = Record.of(evidence, NOW, trust), Record.of(shuffled, NOW, trust)
    assert one.score == other.score
    assert one.total == other.total
    assert inputs_hash(one) == inputs_hash(other)


@given(histories, trusts, pieces(GOOD))
def test_more_good_evidence_never_lowers_a_score(
    evidence: list[Evidence], trust: dict[bytes, int], more: Evidence
) -> None:
    assert Record.of([*evidence, more], NOW, trust).score >= Record.of(evidence, NOW, trust).score


@given(histories, trusts, pieces(BAD))
def test_more_bad_evidence_never_raises_a_score(
    evidence: list[Evidence], trust: dict[bytes, int], more: Evidence
) -> None:
    assert Record.of([*evidence, more], NOW, trust).score <= Record.of(evidence, NOW, trust).score


@given(st.lists(pieces(), min_size=1, max_size=30), trusts)
def test_removing_one_event_changes_the_score_by_exactly_what_the_explanation_said(
    evidence: list[Evidence], trust: dict[bytes, int]
) -> None:
    record = Record.of(evidence, NOW, trust)
    for said in record.events(evidence):
        assert record.score - record.without(said.evidence.alike).score == said.effect


@given(st.lists(pieces(), min_size=1, max_size=30), trusts)
def test_removing_a_counterparty_changes_the_score_by_exactly_what_the_explanation_said(
    evidence: list[Evidence], trust: dict[bytes, int]
) -> None:
    record = Record.of(evidence, NOW, trust)
    for said in record.counterparties():
        rest = [each for each in evidence if each.adjudicated or each.counterparty != said.counterparty]
        assert record.score - Record.of(rest, NOW, trust).score == said.effect


@given(histories, trusts)
def test_what_counterparties_contribute_and_what_was_adjudicated_adds_up_to_the_total(
    evidence: list[Evidence], trust: dict[bytes, int]
) -> None:
    record = Record.of(evidence, NOW, trust)
    adjudicated = Record.of([each for each in evidence if each.adjudicated], NOW, trust).total
    contributions = [each.contribution for each in record.counterparties()]
    assert record.total.positive == adjudicated.positive + sum(each.positive for each in contributions)
    assert record.total.negative == adjudicated.negative + sum(each.negative for each in contributions)


@given(histories, trusts)
def test_a_score_is_between_0_and_1000(evidence: list[Evidence], trust: dict[bytes, int]) -> None:
    assert 0 <= Record.of(evidence, NOW, trust).score < 1000


@given(histories)
def test_with_nobody_verified_only_what_was_adjudicated_counts(evidence: list[Evidence]) -> None:
    adjudicated = [each for each in evidence if each.adjudicated]
    assert Record.of(evidence, NOW, {}).score == Record.of(adjudicated, NOW, {}).score


@given(st.lists(pieces(), min_size=1, max_size=10), trusts)
def test_every_input_is_in_the_hash(evidence: list[Evidence], trust: dict[bytes, int]) -> None:
    record = Record.of(evidence, NOW, trust)
    named = evidence[0].counterparty
    others = [
        Record.of(evidence[1:], NOW, trust),
        Record.of(evidence, NOW + DAY, trust),
        Record.of(evidence, NOW, {**trust, named: trust[named] + 1}),
        Record.of(evidence, NOW, trust, Configuration(grace_days=31)),
    ]
    assert inputs_hash(record) not in {inputs_hash(each) for each in others}


@given(histories, trusts)
def test_points_add_up_to_the_score_by_counterparty_and_by_event(
    evidence: list[Evidence], trust: dict[bytes, int]
) -> None:
    record = Record.of(evidence, NOW, trust)
    shared = points(record)
    assert sum(shared.by_counterparty.values()) + shared.ruled == record.score * POINT
    assert sum(shared.by_alike.values()) == record.score * POINT
    for alike, count in record.alike.items():
        assert sum(shared.of_event(alike, place) for place in range(count)) == shared.by_alike[alike]
        assert shared.by_alike[alike] >= 0 or alike.negative
        assert shared.by_alike[alike] <= 0 or alike.positive


@settings(max_examples=50)
@given(histories, histories, histories, trusts, trusts, st.integers(0, 400))
def test_a_change_is_exactly_what_age_each_event_and_changed_trust_did(
    stays: list[Evidence],
    goes: list[Evidence],
    comes: list[Evidence],
    trust: dict[bytes, int],
    later: dict[bytes, int],
    days: int,
) -> None:
    then = Record.of([*stays, *goes], NOW, trust)
    now = Record.of([*stays, *comes], NOW + days * DAY, later)
    why = change([*stays, *goes], then, [*comes, *stays], now)
    assert (why.before, why.after) == (then.score, now.score)
    assert why.before + why.ageing + sum(step.effect for step in why.steps) + why.trust == why.after
    untouched = Record.of([*stays, *comes], NOW + days * DAY, trust)
    assert why.trust == now.score - untouched.score
    for step in why.steps:
        good, bad = step.evidence.positive, step.evidence.negative
        assert step.effect >= 0 or (bad if step.came else good)
        assert step.effect <= 0 or (good if step.came else bad)


@given(histories, trusts)
def test_dimensions_are_scores_of_parts_of_the_evidence(
    evidence: list[Evidence], trust: dict[bytes, int]
) -> None:
    record = Record.of(evidence, NOW, trust)
    found = {each.question: each for each in dimensions(record)}
    conduct = [each for each in evidence if each.adjudicated or each.kind is Kind.REVIEWED]
    assert found[Question.CONDUCT].score == Record.of(conduct, NOW, trust).score
    twice = sum(each.kind is Kind.SETTLED_ON_TIME and each.as_owner for each in evidence)
    assert sum(each.events for each in found.values()) == len(evidence) + twice
    for each in found.values():
        assert each.tag is not Tag.GOOD or each.total.positive > each.total.negative
