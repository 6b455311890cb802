"""What entries say for and against a partner: reviews, rulings, holds, defaults and extensions, on chain."""

from collections import Counter
from collections.abc import Callable

import pytest
from ledger_actions import dispute, extend, paid, refund, review, revoke_review, rule, rule_clawback
from ledger_world import DAY, Deal, Partner, World

from ledger.indexer.run import indexing
from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Kind
from ledger.reputation.gathering import evidence_of
from ledger.reputation.standing import standing_of
from ledger.store.database import Database
from ledger.store.reading import read, snapshot
from ledger.terms.clauses import Clawback
from ledger.terms.deals import State


class Trade:
    """A vendor and an agency under an agreement with a hold, clawback and an arbiter."""

    def __init__(self, world: World, database: Database) -> None:
        self.world, self.database = world, database
        self.vendor, self.agency = (world.partner(name, level=1) for name in ("Vendor", "Agency"))
        self.arbiter = world.partner("Arbiter")
        self.agreement = world.agreement(
            [self.vendor, self.agency],
            programme=world.programme(self.vendor),
            hold_seconds=DAY,
            payment_seconds=30 * DAY,
            clawback=Clawback.ALLOWED,
            arbiter=self.arbiter.account,
        )

    def won(self, customer: str = "won.example") -> Deal:
        return self.world.won_deal(self.agreement, self.agency, customer, value=1_000)

    def evidence(self, partner: Partner) -> list[tuple[Kind, int, int]]:
        """Kind, and what it says for and against, in quarters."""
        with indexing(self.database, self.world.node, self.world.deployment, finality="immediate") as indexer:
            indexer.catch_up()
        with snapshot(self.database) as session:
            reading, account = read(session), bytes.fromhex(partner.account[2:])
            found = list(evidence_of(reading, account, Configuration()))
            assert standing_of(reading, account).record.alike == Counter(each.alike for each in found)
        quarter = 10**18 // 4
        return [(each.kind, each.positive // quarter, each.negative // quarter) for each in found]


@pytest.fixture
def trade(world: World, database: Database) -> Callable[[], Trade]:
    return lambda: Trade(world, database)


def test_a_deal_is_settled_when_its_revenue_is_released(trade: Callable[[], Trade]) -> None:
    ours = trade()
    deal = ours.won()
    payment = paid(ours.world, ours.vendor, ours.agreement, 1_000, deal=deal)
    assert ours.evidence(ours.vendor) == []
    payment = refund(ours.world, ours.vendor, payment, 1)
    ours.world.chain.increase_time(3 * DAY)
    ours.world.fund(ours.vendor, 1)
    assert ours.evidence(ours.vendor) == []  # a unit short of the declared value
    paid(ours.world, ours.vendor, ours.agreement, 1, deal=deal)
    ours.world.chain.increase_time(3 * DAY)
    ours.world.fund(ours.vendor, 1)
    for partner in (ours.vendor, ours.agency):
        assert ours.evidence(partner) == [(Kind.SETTLED_ON_TIME, 4, 0)]
    rule_clawback(ours.world, ours.arbiter, ours.agreement, payment, 999)
    assert ours.evidence(ours.vendor) == []  # given back: settled no more


def test_a_review_counts_once_its_deal_is_settled_and_until_it_is_revoked(trade: Callable[[], Trade]) -> None:
    ours = trade()
    deal = ours.won()
    review(ours.world, ours.agency, deal, 2)
    paid(ours.world, ours.vendor, ours.agreement, 1_000, deal=deal)
    assert ours.evidence(ours.vendor) == []
    ours.world.chain.increase_time(3 * DAY)
    ours.world.fund(ours.vendor, 1)
    settled = (Kind.SETTLED_ON_TIME, 4, 0)
    assert sorted(ours.evidence(ours.vendor)) == [(Kind.REVIEWED, 0, 1), settled]  # 1/8 for, 3/8 against
    revoke_review(ours.world, ours.agency, deal)
    assert ours.evidence(ours.vendor) == [settled]


def test_a_ruling_counts_when_its_arbiter_is_verified(trade: Callable[[], Trade]) -> None:
    ours = trade()
    deal = ours.won()
    payment = paid(ours.world, ours.vendor, ours.agreement, 1_000, deal=deal)
    disputed = dispute(ours.world, ours.vendor, ours.agreement, payment)
    rule(ours.world, ours.arbiter, ours.agreement, disputed, 1_000, "BREACH")
    assert ours.evidence(ours.vendor) == []
    ours.world.attest(ours.arbiter)
    assert ours.evidence(ours.vendor) == [(Kind.CLAIM_CONFIRMED, 4, 0)]
    assert ours.evidence(ours.agency) == [(Kind.BREACH_RULED, 0, 20)]


def test_an_approval_by_default_is_a_decision_that_came_too_late(trade: Callable[[], Trade]) -> None:
    ours = trade()
    deal = ours.world.registered_deal(ours.agreement, ours.agency, "silent.example")
    ours.world.chain.increase_time(8 * DAY)
    ours.world.relayer.send(ours.world.deals.functions.approveByDefault(deal.id))
    assert ours.evidence(ours.vendor) == [(Kind.DECISION_OVERDUE, 0, 1)]
    assert ours.evidence(ours.agency) == []


def test_exclusivity_is_unused_only_when_its_extension_is_over(trade: Callable[[], Trade]) -> None:
    ours = trade()
    deal = ours.world.approved_deal(ours.agreement, ours.agency, "slow.example")
    extend(ours.world, ours.vendor, deal, ours.world.node.timestamp() + 120 * DAY)
    ours.world.chain.increase_time(100 * DAY)
    ours.world.fund(ours.vendor, 1)
    assert ours.evidence(ours.agency) == []
    ours.world.chain.increase_time(30 * DAY)
    ours.world.fund(ours.vendor, 1)
    assert ours.evidence(ours.agency) == [(Kind.EXPIRED_WITHOUT_PROGRESS, 0, 1)]
    ours.world.withdraw(deal)
    assert ours.evidence(ours.agency) == [(Kind.EXPIRED_WITHOUT_PROGRESS, 0, 1)]


def test_a_deal_rejected_after_all_was_not_left_unused(trade: Callable[[], Trade]) -> None:
    ours = trade()
    deal = ours.world.registered_deal(ours.agreement, ours.agency, "no.example")
    ours.world.decide(ours.vendor, deal, State.REJECTED, reason="EXISTING_CUSTOMER")
    assert ours.evidence(ours.agency) == []
