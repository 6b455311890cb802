"""Rows of wallets, endings, deals' changes and money taken back: compared with the contracts' own views."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from indexers import index
from ledger_actions import (
    amend,
    change_owner,
    claw_back_by_consent,
    dispute,
    end_by_consent,
    extend,
    give_notice,
    mature,
    open_epoch,
    paid,
    pay_debt,
    pay_refund,
    propose_recovery,
    recover,
    refund,
    retag,
    review,
    revoke_review,
    rotate,
    rule,
    rule_end,
)
from ledger_world import DAY, World
from partnership import Partnership
from sqlalchemy import func, select

from ledger.accounting.wallets import accounts_of, owner_of, waiting_recovery, wallets_of
from ledger.chain.consents import ConsentTo
from ledger.store.database import Database
from ledger.store.reading import Reading, read, snapshot
from ledger.store.tables import (
    Amendment,
    Book,
    Consent,
    Deal,
    DealDecision,
    DealExtension,
    DealMove,
    DealRetag,
    Debt,
    DebtPayout,
    Dispute,
    Ending,
    Maturity,
    Netting,
    ProgrammeEpoch,
    Recovery,
    Refund,
    RefundPayout,
    Review,
    Ruling,
)
from ledger.terms.clauses import Clawback
from ledger.terms.deals import Rule, State
from ledger.terms.reasons import reason_code


def raw(address: str) -> bytes:
    return bytes.fromhex(address[2:])


@contextmanager
def mirrored(database: Database, world: World) -> Iterator[Reading]:
    index(database, world.node, world.deployment)
    with snapshot(database) as session:
        yield read(session)


def test_wallets(world: World, database: Database) -> None:
    agency, second, third, owner = (world.stranger(name) for name in ("A", "B", "C", "D"))
    lost, found = world.stranger("Lost"), world.stranger("Found")
    rotate(world, agency, second)
    change_owner(world, second.acting_for(agency), owner)
    propose_recovery(world, lost.account, third)
    propose_recovery(world, lost.account, found)
    world.chain.increase_time(14 * DAY + 1)
    recover(world, lost.account, found)
    propose_recovery(world, agency.account, third)
    views = world.partners.functions
    with mirrored(database, world) as reading:
        accounts = [raw(each.account) for each in (agency, lost, owner)]
        for account, wallet in wallets_of(reading, accounts).items():
            assert views.walletOf(account).call() == world.node.w3.to_checksum_address(wallet)
            assert views.ownerOf(account).call() == world.node.w3.to_checksum_address(
                owner_of(reading, account)
            )
        wallets = [raw(each.account) for each in (agency, second, third, found, owner)]
        for wallet, account in accounts_of(reading, wallets).items():
            assert views.accountOf(wallet).call() == world.node.w3.to_checksum_address(account)
        waiting = waiting_recovery(reading, raw(agency.account))
        assert waiting is not None
        times = [waiting.executable_at, waiting.expires_at]
        assert views.recoveryOf(agency.account).call() == [third.account, *times]
        assert waiting_recovery(reading, raw(lost.account)) is None
        ended = reading.session.scalars(select(Recovery).order_by(Recovery.seq)).all()
        assert [(each.completed, each.ended_at is None) for each in ended] == [
            (False, False),
            (True, False),
            (False, True),
        ]


def test_endings(partnership: Partnership, database: Database) -> None:
    world, vendor, agency = partnership.world, partnership.vendor, partnership.agency
    arbiter = world.stranger("Arbiter")
    first = partnership.agreement
    terms = world.terms([vendor, agency], predecessor=first.id, programme=first.terms.programme)
    successor = amend(world, first, terms, [vendor, agency])
    noticed = world.agreement([vendor, agency], notice_seconds=30 * DAY, arbiter=arbiter.account)
    give_notice(world, agency, noticed)
    soon = world.node.timestamp() + DAY
    rule_end(world, arbiter, noticed, soon, "INSOLVENT")
    consented = world.agreement([vendor, agency])
    end_by_consent(world, consented, [vendor, agency], soon)
    until = world.node.timestamp() + 5 * DAY
    said = (noticed.id, soon - 60, until)
    agency.sender.send(world.agreements.functions.consentToEnd(agency.account, *said))
    open_epoch(world, vendor, first.terms.programme, 7 * DAY)
    with mirrored(database, world) as reading:
        session = reading.session
        (amendment,) = session.scalars(select(Amendment))
        standing = world.agreements.functions.standingOf(first.id).call()
        assert (amendment.agreement, amendment.successor) == (first.id, successor.id)
        assert (standing[1], standing[3]) == (successor.id, amendment.effective_at)
        by_notice, by_ruling, by_consent = session.scalars(select(Ending).order_by(Ending.seq))
        assert (by_notice.by_account, by_notice.cause, by_notice.reason) == (raw(agency.account), 2, None)
        assert (by_ruling.cause, by_ruling.reason) == (3, reason_code("INSOLVENT"))
        assert (by_consent.cause, by_consent.by_account) == (1, None)
        for ending in (by_ruling, by_consent):
            assert world.agreements.functions.standingOf(ending.agreement).call()[2] == ending.ends_at
        (given,) = session.scalars(select(Consent))
        assert (given.account, given.kind, given.ended_at) == (raw(agency.account), ConsentTo.END, None)
        assert (given.agreement, given.until, given.deadline) == said
        assert world.agreements.functions.hasConsented(agency.account, given.action).call()
        (epoch,) = session.scalars(select(ProgrammeEpoch))
        on_chain = world.agreements.functions.programmeOf(first.terms.programme).call()
        assert (epoch.epoch, epoch.opened_at, epoch.grace_until) == tuple(on_chain[1:])


def test_changes_of_deals(partnership: Partnership, database: Database) -> None:
    world, vendor, agency = partnership.world, partnership.vendor, partnership.agency
    north = b"NORTH".ljust(32, b"\0")
    programme = world.programme(vendor, rule=Rule.TERRITORY)
    agreement = world.agreement([vendor, agency], programme=programme, territories=(north,))
    silent = world.registered_deal(agreement, agency, "silent.example", north)
    world.chain.increase_time(8 * DAY)
    world.relayer.send(world.deals.functions.approveByDefault(silent.id))
    until = world.node.timestamp() + 200 * DAY
    extend(world, vendor, silent, until)
    open_epoch(world, vendor, programme, 7 * DAY)
    retagged = retag(world, silent, world.unique("tag"))
    fields: dict[str, Any] = {"programme": programme, "territories": (north,), "predecessor": agreement.id}
    successor = amend(world, agreement, world.terms([vendor, agency], **fields), [vendor, agency])
    world.decide(vendor, silent, State.WON, value=1_000)
    world.chain.increase_time(8 * DAY)
    open_epoch(world, vendor, programme, DAY)
    third = world.unique("tag")
    vendor.sender.send(world.deals.functions.retagWon(vendor.account, [(silent.id, third)]))
    review(world, agency, silent, 5)
    review(world, vendor, silent, 2)
    revoke_review(world, vendor, silent)
    with mirrored(database, world) as reading:
        session = reading.session
        (deal,) = session.scalars(select(Deal))
        assert (deal.registered_under, deal.agreement) == (agreement.id, successor.id)
        assert (deal.territory, deal.exclusive_until, deal.tag) == (north, until, third)
        assert (deal.epoch, deal.state) == (3, State.WON)
        default, won = session.scalars(select(DealDecision).order_by(DealDecision.seq))
        assert (default.by_account, default.vendor) == (raw(world.relayer.address), None)
        assert (won.outcome, won.by_account) == (State.WON, None)
        assert session.scalars(select(DealExtension.exclusive_until)).one() == until
        retags = session.execute(select(DealRetag.tag, DealRetag.account).order_by(DealRetag.seq)).all()
        assert retags == [(retagged.tag, raw(agency.account)), (third, raw(vendor.account))]
        assert session.scalars(select(DealMove.agreement)).one() == successor.id
        praise, blame = session.scalars(select(Review).order_by(Review.seq))
        assert (praise.reviewed, praise.rating, praise.revoked_at) == (raw(vendor.account), 5, None)
        assert blame.revoked_at is not None


def test_money_taken_back(partnership: Partnership, database: Database) -> None:
    world, vendor, agency = partnership.world, partnership.vendor, partnership.agency
    arbiter = world.stranger("Arbiter")
    agreement = world.agreement(
        [vendor, agency], hold_seconds=DAY, clawback=Clawback.ALLOWED, arbiter=arbiter.account
    )
    first, second, third = (paid(world, vendor, agreement, amount) for amount in (1_000, 2_000, 4_000))
    refund(world, vendor, first, 400)
    second = rule(world, arbiter, agreement, dispute(world, agency, agreement, second), 500)
    pay_refund(world, second)
    dispute(world, agency, agreement, paid(world, vendor, agreement, 70))
    world.chain.increase_time(3 * DAY)
    mature(world, agreement)
    claw_back_by_consent(world, [vendor, agency], agreement, third, 300)
    paid(world, vendor, agreement, 250)
    world.chain.increase_time(3 * DAY)
    mature(world, agreement)
    pay_debt(world, agreement, 1)
    views, token = world.ledger.functions, world.token.address
    with mirrored(database, world) as reading:
        session = reading.session
        (book,) = session.scalars(select(Book).where(Book.agreement == agreement.id))
        on_chain = views.bookOf(agreement.id, token).call()
        assert book.matured - book.netted == on_chain[0]
        assert (book.debts, book.debts_served) == (on_chain[6], on_chain[7])
        assert (book.agreed_debts, book.agreed_served) == (on_chain[8], on_chain[9]) == (300, 250)
        assert (book.received, book.refunded, book.paid_back) == (7_320, 900, 900)
        assert (book.disputed, book.netted, book.debts_paid) == (70, 250, 250)
        sums = {
            "refunded": select(func.sum(Refund.amount)),
            "ruled": select(func.sum(Ruling.refunded)),
            "paid": select(func.sum(RefundPayout.amount)),
            "matured": select(func.sum(Maturity.amount)),
            "netted": select(func.sum(Netting.amount)),
            "owed": select(func.sum(Debt.amount)),
            "settled": select(func.sum(DebtPayout.amount)),
        }
        found = {name: int(session.scalar(question) or 0) for name, question in sums.items()}
        assert found == {
            "refunded": 400,
            "ruled": 500,
            "paid": 500,
            "matured": 600 + 1_500 + 4_000 + 250,
            "netted": 250,
            "owed": 300,
            "settled": 250,
        }
        (ruled,) = session.scalars(select(Ruling))
        assert (ruled.by_account, ruled.remaining) == (raw(arbiter.account), 1_500)
        assert [each.amount for each in session.scalars(select(Dispute).order_by(Dispute.seq))][1:] == [70]
