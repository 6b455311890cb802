"""Balances, books, histories and the audit under holds, refunds, disputes, debts and periods, on chain."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from ledger_actions import (
    amend,
    claw_back_by_consent,
    dispute,
    drop_dispute,
    mature,
    pay_coin,
    pay_debt,
    pay_refund,
    refund,
    rule,
    rule_clawback,
)
from ledger_world import DAY, Agreement, Partner, World
from random_money import WATERFALL, Sharing, act
from sqlalchemy import select

from ledger.accounting.balances import Balance, balances_of
from ledger.accounting.books import books
from ledger.accounting.mirrored import MirroredRows
from ledger.accounting.payouts import Kept, Line, Outgoing, payouts_of, place_of
from ledger.accounting.tokens import notes_on
from ledger.audit.verdict import audit
from ledger.indexer.run import indexing
from ledger.journal.events import decode
from ledger.rules.book import Book, Share
from ledger.rules.payment import Payment
from ledger.rules.plan import division_of
from ledger.store.database import Database
from ledger.store.reading import Reading, read, snapshot
from ledger.store.tables import Entry
from ledger.terms.agreement import NATIVE_COIN, Tranche
from ledger.terms.clauses import Clawback
from ledger.terms.ids import BookKey
from ledger.verify.replay import Replay, first_unlike


class Business(Sharing):
    """It, and its mirror."""

    def __init__(self, world: World, database: Database, **terms: Any) -> None:
        super().__init__(world, **terms)
        self.database = database
        self.agreements = [self.agreement]

    def check(self) -> dict[BookKey, Book]:
        """Mirrors, and compares all with the chain: each claimable amount, each book, the audit's verdict."""
        world = self.world
        with indexing(self.database, world.node, world.deployment, finality="immediate") as indexer:
            indexer.catch_up()
        with snapshot(self.database) as session:
            reading = read(session)
            for payee in (self.vendor, self.agency):
                for balance in balances_of(reading, bytes.fromhex(payee.account[2:])):
                    agreement = next(each for each in self.agreements if each.id == balance.agreement)
                    if balance.token.hex() != world.token.address[2:].lower():
                        continue
                    for each in balance.periods:
                        assert each.claimable == world.claimable(payee, agreement, each.period)
                self.check_history(reading, payee)
            found = {(book.agreement, book.token): book for book in books(reading)}
            assert [book.violation() for book in found.values()] == [None] * len(found)
            rows, block = MirroredRows(reading), reading.as_of
            verdict = audit(rows, world.node, world.deployment, block.number, block.hash)
            assert verdict.first_difference is None
            assert verdict.shortfalls == ()
        for book in found.values():
            parts = (book.claimed, book.claimable, book.held, book.disputed, book.refunded, book.netted)
            assert book.received == sum(parts) + book.carry
        return found

    def check_past(self) -> int:
        """As of every block so far, the books are what its entries make of them; returns how many blocks."""
        with snapshot(self.database) as session:
            question = select(Entry.block_number).where(Entry.event != "AgreementActivated").distinct()
            blocks = sorted(session.scalars(question))
            for block in blocks:
                reading, replay = read(session, block=block), Replay()
                for contract in ("AgreementRegistry", "RevenueLedger"):
                    for row in MirroredRows(reading).entries(contract, 0):
                        replay.take(decode(contract, row.topics, row.data), row.block_timestamp)
                assert first_unlike(replay.books(reading.as_of.timestamp), books(reading)) is None
                assert replay.fault is None
        return len(blocks)

    def check_history(self, reading: Reading, payee: Partner) -> None:
        """The lines add up to what the contract has recorded, and any page of them says the same."""
        account = bytes.fromhex(payee.account[2:])
        lines = payouts_of(reading, account, 1_000)
        pages: list[Line] = []
        while page := payouts_of(reading, account, 3, before=place_of(pages[-1]) if pages else None):
            pages += page
        assert pages == lines
        balances = balances_of(reading, account)
        claimed = sum(line.amount for line in lines if isinstance(line, Outgoing))
        assert claimed == sum(each.claimed for each in balances)
        recorded = {(each.agreement, each.token): 0 for each in balances}
        for line in lines:
            if not isinstance(line, Outgoing | Kept):
                recorded[line.agreement, line.token] += line.earned
        for (agreement, token), earned in recorded.items():
            assert earned == self.recorded(agreement, token, account)

    def recorded(self, agreement: bytes, token: bytes, account: bytes) -> int:
        """What the account has earned of what the contract has recorded as released."""
        terms = next(each.terms for each in self.agreements if each.id == agreement)
        (payee,) = (each for each in terms.payees if bytes.fromhex(each.account[2:]) == account)
        share = Share(tuple(tranche.up_to for tranche in terms.tranches), payee.weights)
        of = self.world.ledger.functions
        if not terms.tranches[0].period_seconds:
            return share.of(of.releasedIn(agreement, token, 0).call())
        first = (self.world.node.timestamp() - terms.valid_from) // terms.tranches[0].period_seconds
        periods = range(max(0, first - 6), first + 1)
        return sum(share.of(of.releasedIn(agreement, token, period).call()) for period in periods)

    def balance(self, payee: Partner) -> Balance:
        """What the mirror now says that a payee has of the first agreement, in the token it is paid in."""
        account, token = (bytes.fromhex(each[2:]) for each in (payee.account, self.world.token.address))
        with snapshot(self.database) as session:
            found = balances_of(read(session), account)
        return next(each for each in found if (each.agreement, each.token) == (self.agreement.id, token))

    def book(self, agreement: Agreement | None = None) -> Book:
        token = bytes.fromhex(self.world.token.address[2:])
        return self.check()[(agreement or self.agreement).id, token]


@pytest.fixture
def business(world: World, database: Database) -> Callable[..., Business]:
    return lambda **terms: Business(world, database, **terms)


def test_everybody_is_paid_at_once_and_each_is_told_of_its_part(business: Callable[..., Business]) -> None:
    ours = business(hold_seconds=0, tokens=[NATIVE_COIN])
    world, agreement, account = ours.world, ours.agreement, bytes.fromhex(ours.agency.account[2:])
    for number in range(2):
        world.node.rpc("anvil_setCode", [ours.agency.account, "0x" if number else "0x5f5ffd"])
        pay_coin(world, ours.customer, agreement, 4_000)
        division = division_of(agreement.terms)
        world.relayer.send(world.ledger.functions.distribute(agreement.id, NATIVE_COIN, division))
        ours.check()
        with snapshot(ours.database) as session:
            reading = read(session)
            lines = [each for each in payouts_of(reading, account, 9) if isinstance(each, Outgoing | Kept)]
        *paid, aside = lines
        assert isinstance(aside, Kept) and (aside.amount, len(paid)) == (900, number)
    assert isinstance(paid[0], Outgoing) and paid[0].amount > aside.amount and paid[0].together


def test_a_claim_across_agreements_is_told_agreement_by_agreement(business: Callable[..., Business]) -> None:
    ours = business(hold_seconds=0)
    world, account = ours.world, bytes.fromhex(ours.vendor.account[2:])
    other = world.agreement([ours.vendor, ours.agency], ours.shares, **ours.terms)
    ours.agreements.append(other)
    for agreement in ours.agreements:
        ours.pay(900, agreement)
    world.claim(ours.vendor, ours.agreement, other)
    ours.check()
    with snapshot(ours.database) as session:
        reading = read(session)
        newest = payouts_of(reading, account, 3)
        second = payouts_of(reading, account, 1, before=place_of(newest[0]))
    assert isinstance(newest[0], Outgoing) and second == newest[1:2]
    assert [each.agreement for each in newest[:2]] == [other.id, ours.agreement.id]
    assert newest[0].seq == newest[1].seq and not newest[0].together


def test_a_held_payment_is_released_by_time_alone(business: Callable[..., Business]) -> None:
    ours = business()
    ours.pay(900)
    ours.wait(1)
    ours.pay(4_100)
    book = ours.book()
    assert (book.received, book.held, book.claimable) == (5_000, 5_000, 0)
    agency, vendor = ours.balance(ours.agency), ours.balance(ours.vendor)
    assert agency.held_parts is not None and list(agency.held_parts.values()) == [0, 1_200]
    assert vendor.held_parts is not None and list(vendor.held_parts.values()) == [900, 2_900]
    assert list(agency.held_until.values()) == [900, 4_100]
    ours.wait(3)
    ours.pay(1)
    book = ours.book()  # nobody has had it recorded
    assert (book.held, book.claimable, book.carry) == (1, 5_000, 0)
    ours.world.claim(ours.agency, ours.agreement)  # records it
    assert ours.book().claimed == 1_200  # 0.3 of what lies above 1,000


def test_refunds_disputes_and_rulings_leave_the_hold(business: Callable[..., Business]) -> None:
    ours = business()
    world, first, second, third = ours.world, ours.pay(1_000), ours.pay(2_000), ours.pay(4_000)
    refund(world, ours.customer, first, 400)
    second = dispute(world, ours.agency, ours.agreement, second)
    third = dispute(world, ours.vendor, ours.agreement, third)
    book = ours.book()
    assert (book.held, book.disputed, book.refunded) == (600, 6_000, 400)
    third = refund(world, ours.customer, third, 1_000)  # in dispute the payer can take it back all the same
    fourth = refund(world, ours.customer, dispute(world, ours.vendor, ours.agreement, ours.pay(50)), 50)
    book = ours.book()
    assert (book.held, book.disputed, book.refunded) == (600, 5_000, 1_450)
    assert fourth.left == 0
    second = rule(world, ours.arbiter, ours.agreement, second, 500)  # in its hold: the rest is held on
    book = ours.book()
    assert (book.held, book.disputed, book.refunded) == (2_100, 3_000, 1_950)
    ours.wait(3)
    third = rule(world, ours.arbiter, ours.agreement, third, 3_000 - 1)
    pay_refund(world, third)
    book = ours.book()
    assert (book.held, book.disputed, book.refunded) == (0, 0, 4_949)
    assert book.claimable + book.carry == 2_101
    assert book.owed == 7_050 - 400 - 50 - 3_999


def test_a_dispute_that_nobody_rules_is_dropped_and_released(business: Callable[..., Business]) -> None:
    ours = business()
    payment = dispute(ours.world, ours.agency, ours.agreement, ours.pay(1_000))
    ours.wait(61)
    assert ours.book().disputed == 1_000
    drop_dispute(ours.world, payment)
    assert ours.book().claimable == 1_000
    rule_clawback(ours.world, ours.arbiter, ours.agreement, payment, 10)
    ours.check()


def test_a_clawback_is_served_by_later_revenue_before_anyone_else(business: Callable[..., Business]) -> None:
    ours = business()
    world, payment = ours.world, ours.pay(5_000)
    ours.wait(3)
    world.claim(ours.agency, ours.agreement)
    world.claim(ours.vendor, ours.agreement)
    payment = rule_clawback(world, ours.arbiter, ours.agreement, payment, 700)
    claw_back_by_consent(world, [ours.vendor, ours.agency], ours.agreement, payment, 300)
    ours.pay(600)
    ours.pay(1_500)
    ours.check()
    assert ours.balance(ours.agency).held == 2_100
    assert ours.balance(ours.agency).held_parts is None  # debts are served first
    ours.wait(3)
    ours.pay(1)
    book = ours.book()  # due, not recorded: netted as it will be
    assert (book.netted, book.claimable, book.held) == (1_000, 1_100, 1)
    mature(world, ours.agreement)
    assert ours.book().netted == 1_000
    pay_debt(world, ours.agreement, 1)
    pay_debt(world, ours.agreement, 2)
    assert ours.book().owed == 7_101 - 5_000 - 1_000


def test_a_successor_serves_what_its_predecessor_owes(business: Callable[..., Business]) -> None:
    ours = business(hold_seconds=0)
    world, payment = ours.world, ours.pay(5_000)
    fields: dict[str, Any] = ours.terms | {"predecessor": ours.agreement.id, "clawback": Clawback.INHERITED}
    terms = world.terms([ours.vendor, ours.agency], ours.shares, **fields)
    successor = amend(world, ours.agreement, terms, [ours.vendor, ours.agency])
    ours.agreements.append(successor)
    rule_clawback(world, ours.arbiter, ours.agreement, payment, 700)
    ours.pay(1_000, successor)
    assert (ours.book(successor).netted, ours.book(successor).claimable) == (700, 300)
    pay_debt(world, ours.agreement, 1)
    assert ours.book().owed + ours.book(successor).owed == 6_000 - 700


def test_tranches_start_anew_in_each_period(business: Callable[..., Business]) -> None:
    tranches = tuple(Tranche(tranche.up_to, 30 * DAY) for tranche in WATERFALL)
    ours = business(tranches=tranches, valid_from=1_700_000_000)
    for amount in (900, 2_000, 12_345):
        ours.pay(amount)
        ours.wait(20)
    book = ours.book()
    assert 2 <= len(book.released) <= 3
    for period in book.released:
        world = ours.world
        before = ours.book().claimed
        world.claim(ours.vendor, ours.agreement, period=period)
        assert ours.book().claimed > before


def test_the_chains_own_coin_is_covered_too(business: Callable[..., Business]) -> None:
    ours = business(tokens=[NATIVE_COIN], hold_seconds=0)
    pay_coin(ours.world, ours.customer, ours.agreement, 10**18)
    coin = bytes.fromhex(NATIVE_COIN[2:])
    assert ours.check()[ours.agreement.id, coin].claimable == 10**18
    with snapshot(ours.database) as session:
        assert notes_on(read(session), [coin])[coin].display(10**18) == "1.00 native coin"


@pytest.mark.parametrize("seed", range(3))
def test_any_sequence_of_actions_is_mirrored_to_the_unit(
    business: Callable[..., Business], seed: int
) -> None:
    dice = Random(seed)
    period = dice.choice((0, 30 * DAY))
    tranches = tuple(Tranche(tranche.up_to, period) for tranche in WATERFALL)
    ours = business(tranches=tranches, hold_seconds=dice.choice((0, 2, 5)) * DAY)
    payments: list[Payment] = [ours.pay(5_000)]
    for _ in range(40):
        act(ours, payments, dice)
    ours.check()
    before = [ours.balance(payee) for payee in (ours.vendor, ours.agency)]
    ours.wait(70)
    ours.pay(7)
    ours.check()
    for payee, then in zip((ours.vendor, ours.agency), before, strict=True):
        if then.held and then.held_parts is not None:
            assert ours.balance(payee).earned == then.earned + sum(then.held_parts.values())
    assert ours.check_past() >= 10
