"""What must hold of every score, whatever the evidence."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Evidence, Kind, weigh
from ledger.reputation.fixed_point import SCALE
from ledger.reputation.inputs import inputs_hash
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
    for said in record.events():
        assert record.score - record.without(said.evidence).score == said.effect


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
        Record.of(evidence, NOW + 1, trust),
        Record.of(evidence, NOW, {**trust, named: trust[named] + 1}),
        Record.of(evidence, NOW, trust, Configuration(grace_days=31)),
    ]
    assert inputs_hash(record) not in {inputs_hash(each) for each in others}
