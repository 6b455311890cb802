"""docs/reputation.md: its examples are recomputed, and its weights are the product's."""

import re
from decimal import Decimal

import pytest
from test_numbers import STRANGER, H, account, event, score, settled, today

from ledger.checkout import ROOT
from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Evidence, Kind, weigh
from ledger.reputation.fixed_point import SCALE
from ledger.reputation.trust import said, trusted

TEXT = (ROOT / "docs" / "reputation.md").read_text()
_EXAMPLES = TEXT.split("### Examples")[1].split("## ")[0]
SAID = dict(re.findall(r"^\| (.+?) \| (\d+) \|$", _EXAMPLES, re.MULTILINE))
ON_TIME, LATE = Kind.SETTLED_ON_TIME, Kind.REVENUE_LATE
RECORDS: dict[str, list[Evidence]] = {
    "a newcomer": [],
    "one deal today": today(ON_TIME, 1, 1),
    "10 deals today, all with one counterparty": today(ON_TIME, 10, 1),
    "1000 deals today, all with one counterparty": today(ON_TIME, 1000, 1),
    "30 deals, one every 6 days, 10 counterparties in turn": H,
    "the same, and revenue recorded late today with one of them": [*H, *today(LATE, 1, 1)],
    "the same 30, and nothing for 90 days since": settled(30, 10, 6, idle=90),
    "the same 30, and nothing for 720 days since": settled(30, 10, 6, idle=720),
    "the same 30, and one bad word by somebody verified it never dealt with": [*H, *today(LATE, 1, STRANGER)],
    "the same 30, and 1000 bad words by somebody verified it never dealt with": [
        *H,
        *today(LATE, 1000, STRANGER),
    ],
    "the same 30, and bad words by 50 accounts that nobody trusts": [
        *H,
        *(event(LATE, 1000 + each, seq=each) for each in range(50)),
    ],
    "the same 30, and a breach found by an arbiter today": [*H, *today(Kind.BREACH_RULED, 1, STRANGER)],
    "60 deals, one every 3 days, 20 counterparties in turn": settled(60, 20, 3),
    "1000 deals today with each of five counterparties": [
        deal for each in range(5) for deal in today(ON_TIME, 1000, each)
    ],
}


@pytest.mark.parametrize("record", RECORDS)
def test_each_example_is_what_the_page_says(record: str) -> None:
    nobody = {account(1000 + each): 0 for each in range(50)}
    assert score(RECORDS[record], nobody) == int(SAID[record])


def test_no_example_on_the_page_is_left_out_and_the_steps_are_right() -> None:
    assert SAID.keys() == RECORDS.keys()
    adds = Decimal(said(1, 3)) / SCALE
    assert f"3 · (1 − e^(−1/3)) = {adds:.6f}" in TEXT
    assert f"1000 · {adds:.6f} / ({adds:.6f} + 2.706) = {1000 * adds / (adds + Decimal('2.706')):.2f}" in TEXT


def test_trust_is_what_the_page_says() -> None:
    ada, ben, cem, dan = (account(each) for each in range(1, 5))
    friends = [account(each) for each in range(100, 200)]
    edges = {(one, other): 3 for one in (ada, ben, cem) for other in (ada, ben, cem) if one != other}
    edges[ada, dan] = 1
    alone = trusted(edges, [ada, ben, cem])
    with_friends = trusted(
        edges | {pair: 1000 for each in friends for pair in ((dan, each), (each, dan))}, [ada, ben, cem]
    )
    shown = [f"{Decimal(of[dan]) / SCALE:.3f}" for of in (alone, with_friends)]
    rows = re.findall(r"^\| (Ada|Dan|Each of).* \| ([0-9.]+) \|$", TEXT, re.MULTILINE)
    assert rows == [("Ada", "1"), ("Dan", shown[0]), ("Dan", shown[1]), ("Each of", "0")]
    assert all(with_friends[each] == alone[each] == SCALE for each in (ada, ben, cem))
    assert not with_friends.keys() & set(friends)


def test_the_weights_are_those_of_the_configuration() -> None:
    configuration = Configuration()
    for said_for, said_against, kind in (
        ("1", "", Kind.SETTLED_ON_TIME),
        ("", "1", Kind.REVENUE_LATE),
        ("1", "", Kind.SETTLED_LATE),
        ("", "0.25", Kind.EXPIRED_WITHOUT_PROGRESS),
        ("", "0.25", Kind.DECISION_OVERDUE),
        ("", "5", Kind.BREACH_RULED),
        ("1", "", Kind.CLAIM_CONFIRMED),
    ):
        assert weigh(kind, configuration) == tuple(
            int(Decimal(each or 0) * SCALE) for each in (said_for, said_against)
        )
        assert re.search(rf"\| {said_for} ?\| {said_against} ?\|", TEXT), kind
