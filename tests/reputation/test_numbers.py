"""The numbers that the design promises: whoever publishes a score with this algorithm gets these."""

import pytest

from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Evidence, Kind, weigh
from ledger.reputation.fixed_point import SCALE
from ledger.reputation.score import Record

DAY = 86_400
NOW = 20_000 * DAY
CONFIGURATION = Configuration()


def account(number: int) -> bytes:
    return number.to_bytes(20)


def event(kind: Kind, counterparty: int, days: int = 0, seq: int = 1) -> Evidence:
    positive, negative = weigh(kind, CONFIGURATION)
    at = NOW - days * DAY
    return Evidence(at, bytes(20), seq, kind, account(counterparty), bytes(32), positive, negative)


def settled(count: int, counterparties: int, every: int, idle: int = 0) -> list[Evidence]:
    """Deals settled in time, the newest ``idle`` days ago, with each counterparty in turn."""
    return [
        event(Kind.SETTLED_ON_TIME, 1 + i % counterparties, idle + every * i, seq=i + 1) for i in range(count)
    ]


def today(kind: Kind, count: int, counterparty: int) -> list[Evidence]:
    return [event(kind, counterparty, seq=10_000 + i) for i in range(count)]


def score(evidence: list[Evidence], trust: dict[bytes, int] | None = None) -> int:
    everybody = {each.counterparty: SCALE for each in evidence}
    return Record.of(evidence, NOW, {**everybody, **(trust or {})}).score


H = settled(30, 10, 6)
STRANGER = 99


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        pytest.param([], 0, id="newcomer"),
        pytest.param(H, 851, id="H: 30 on-time deals, 10 counterparties, one every 6 days"),
        pytest.param([*H, *today(Kind.REVENUE_LATE, 1, 1)], 796, id="H and one late delivery today"),
        pytest.param(settled(60, 20, 3), 919, id="60 on-time, 20 counterparties, one every 3 days"),
        pytest.param(today(Kind.SETTLED_ON_TIME, 1, 1), 239, id="one colluder, 1 deal today"),
        pytest.param(today(Kind.SETTLED_ON_TIME, 10, 1), 516, id="one colluder, 10 deals today"),
        pytest.param(today(Kind.SETTLED_ON_TIME, 1000, 1), 525, id="one colluder, 1000 deals today"),
        pytest.param([*H, *today(Kind.REVENUE_LATE, 1, STRANGER)], 779, id="H slandered once"),
        pytest.param([*H, *today(Kind.REVENUE_LATE, 1000, STRANGER)], 656, id="H slandered 1000 times"),
        pytest.param([*H, *today(Kind.BREACH_RULED, 1, STRANGER)], 576, id="adjudicated breach against H"),
        pytest.param(settled(30, 10, 6, idle=90), 817, id="H idle for 90 days"),
        pytest.param(settled(30, 10, 6, idle=720), 330, id="H idle for 720 days"),
        pytest.param(
            [deal for each in range(5) for deal in today(Kind.SETTLED_ON_TIME, 1000, each)],
            847,
            id="known limit: five verified colluders",
        ),
    ],
)
def test_the_table_of_the_design(evidence: list[Evidence], expected: int) -> None:
    assert score(evidence) == expected


def test_a_thousand_deals_with_a_counterparty_hardly_trusted_are_worth_next_to_nothing() -> None:
    trust = {account(1): 24 * SCALE // 10_000}
    assert 0 <= score(today(Kind.SETTLED_ON_TIME, 1000, 1), trust) <= 2


def test_slander_by_fifty_sybils_changes_nothing() -> None:
    sybils = range(1000, 1050)
    slander = [event(Kind.REVENUE_LATE, each, seq=each) for each in sybils]
    assert score([*H, *slander], {account(each): 0 for each in sybils}) == 851


def test_a_confirmed_claim_counts_for_the_winner_without_any_trust() -> None:
    assert score(today(Kind.CLAIM_CONFIRMED, 1, 1), {account(1): 0}) == 1000 * 1000 // 3706
