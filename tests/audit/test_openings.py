"""Bundles that begin after an opening block: what is listed adds up to the difference, or it is noticed."""

import random
from typing import Any

import pytest
import rlp
from ledger_actions import (
    amend,
    claw_back_by_consent,
    dispute,
    paid,
    pay_debt,
    pay_refund,
    refund,
    rule,
    rule_clawback,
)
from ledger_world import DAY, Agreement, Partner, World
from random_money import WATERFALL, Sharing, act

from ledger.accounting.mirrored import MirroredRows
from ledger.audit.bundle import capture
from ledger.audit.bundle.capture import NotCaptured
from ledger.audit.bundle.prove import Opening, prove
from ledger.chain import anvil as local_chain
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.sender import Sender
from ledger.errors import LedgerError
from ledger.indexer.run import indexing
from ledger.journal.events import decode
from ledger.journal.heads import entry_hash
from ledger.proof.errors import ProofInvalid
from ledger.rules.payment import Payment
from ledger.store.database import Database
from ledger.store.reading import AsOf, Reading, read, snapshot
from ledger.terms.agreement import Tranche
from ledger.terms.clauses import Clawback
from ledger.verify import container, headers
from ledger.verify.bundle import Proved, verify
from ledger.verify.opening import OpeningHashNeeded
from ledger.verify.subject import Subject


class Prover:
    """Who has a mirror and a node, and makes bundles of what happened between two blocks."""

    def __init__(self, world: World, database: Database) -> None:
        self.world, self.database = world, database

    def now(self) -> AsOf:
        block = self.world.node.rpc("eth_getBlockByNumber", ["latest", False])
        return AsOf(
            int(block["number"], 16),
            bytes.fromhex(block["hash"][2:]),
            int(block["timestamp"], 16),
            verified=True,
        )

    def prove(self, subject: Subject, first: AsOf | None, last: AsOf, *, linked: bool = False) -> bytes:
        with indexing(self.database, self.world.node, self.world.deployment, finality="immediate") as indexer:
            indexer.catch_up()
        with snapshot(self.database) as session:

            def rows(block: AsOf) -> MirroredRows:
                reading: Reading = read(session, block=block)
                return MirroredRows(reading)

            since = None if first is None else Opening(rows(first), first.number, linked)
            return prove(rows(last), self.world.node, self.world.deployment, last.number, subject, since)

    def of(self, agreement: Agreement, payee: Partner | None = None) -> Subject:
        token = bytes.fromhex(self.world.deployment.tokens["tUSD"][2:])
        return Subject(agreement.id, token, None if payee is None else bytes.fromhex(payee.account[2:]))


@pytest.fixture
def prover(world: World, database: Database) -> Prover:
    return Prover(world, database)


def standing(proved: Proved) -> list[tuple[int, int, int]]:
    """Earned, claimed and claimable of the statement's payee: at the opening, and at the block."""
    assert proved.opening is not None
    positions = [proved.opening.position, proved.closing.position]
    return [(each.earned, each.claimed, each.claimable) for each in positions if each is not None]


@pytest.fixture
def statement(prover: Prover, world: World) -> tuple[Subject, AsOf, AsOf]:
    """Much before the opening, a little after it; some of it of another agreement."""
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement, other = (world.agreement([vendor, agency], {vendor: 3, agency: 1}) for _ in range(2))
    for amount in range(100, 120):
        world.pay_batch(vendor, {agreement: [amount], other: [7 * amount]})
    world.claim(agency, agreement)
    first = prover.now()
    world.pay(vendor, agreement, 1_000)
    world.pay(vendor, other, 9)
    world.claim(agency, agreement)
    last = prover.now()
    world.pay(vendor, agreement, 77)  # after the statement's last block
    return prover.of(agreement, agency), first, last


def test_a_statement_holds_only_what_happened_after_its_opening(
    statement: tuple[Subject, AsOf, AsOf], prover: Prover
) -> None:
    subject, first, last = statement
    archive = prover.prove(subject, first, last)
    proved = verify(archive, last.hash, first.hash)
    paid_before = sum(range(100, 120)) // 4
    assert standing(proved) == [
        (paid_before, paid_before, 0),
        ((2_190 + 1_000) // 4, (2_190 + 1_000) // 4, 0),
    ]
    assert [listed.event.name for listed in proved.entries] == ["PaymentReceived", "Claimed"]
    files, whole = container.unpack(archive), container.unpack(prover.prove(subject, None, last))
    journal = "RevenueLedger/journal.rlp"
    assert len(files[journal]) < 1_000 < len(whole[journal]) - 32 * 20
    assert (proved.header.number, proved.linked) == (last.number, False)


def test_both_hashes_are_needed_or_the_headers_between(
    statement: tuple[Subject, AsOf, AsOf], prover: Prover
) -> None:
    subject, first, last = statement
    archive = prover.prove(subject, first, last)
    with pytest.raises(OpeningHashNeeded, match=f"begins after block {first.number}"):
        verify(archive, last.hash)
    with pytest.raises(ProofInvalid, match="Hash of the opening block"):
        verify(archive, last.hash, last.hash)
    linked = verify(prover.prove(subject, first, last, linked=True), last.hash)
    assert (linked.linked, standing(linked)) == (True, standing(verify(archive, last.hash, first.hash)))
    with pytest.raises(LedgerError, match="has no opening block"):
        verify(prover.prove(subject, None, last), last.hash, first.hash)
    with pytest.raises(LedgerError, match="is not before block"):
        prover.prove(subject, last, last)
    with pytest.raises(LedgerError, match="a bundle holds 10,000 headers"):
        capture.capture_headers(prover.world.node, 0, headers.MOST + 2)


def test_headers_of_another_branch_link_nothing(
    statement: tuple[Subject, AsOf, AsOf], prover: Prover
) -> None:
    subject, first, last = statement
    files = container.unpack(prover.prove(subject, first, last, linked=True))
    short = capture.capture_headers(prover.world.node, first.number + 1, last.number)
    with pytest.raises(ProofInvalid, match="Headers between the blocks: they lead to 0x"):
        verify(container.pack({**files, headers.FILE: short}), last.hash)


class Held(Sharing):
    """Payments in their hold, in dispute and released at the opening, of which something becomes after it."""

    def __init__(self, prover: Prover) -> None:
        halves = {0: (0.5,), 1: (0.5,)}
        super().__init__(prover.world, halves, hold_seconds=5 * DAY, tranches=(Tranche(),))
        world = self.world
        released = self.pay(10_000)
        self.wait(4)
        ruled, held, untouched = self.pay(4_000), self.pay(2_000), self.pay(50)
        held = refund(world, self.customer, held, 100)
        ruled = dispute(world, self.agency, self.agreement, ruled)
        self.wait(3)
        world.claim(self.agency, self.agreement)  # 10,000 is released
        self.first = prover.now()
        refund(world, self.customer, held, 900)
        ruled = rule(world, self.arbiter, self.agreement, ruled, 1_500)
        pay_refund(world, ruled)
        claw_back_by_consent(world, [self.vendor, self.agency], self.agreement, released, 600)
        self.wait(4)
        self.pay(7)
        self.wait(10)
        world.claim(self.agency, self.agreement)  # all but the debts is released
        pay_debt(world, self.agreement, 1)
        self.untouched = untouched
        self.last = prover.now()


@pytest.fixture
def held(prover: Prover) -> Held:
    return Held(prover)


def test_payments_of_before_the_opening_are_opened_from_their_records(held: Held, prover: Prover) -> None:
    subject = prover.of(held.agreement, held.agency)
    archive = prover.prove(subject, held.first, held.last)
    proved = verify(archive, held.last.hash, held.first.hash)
    later = 1_000 + 2_500 + 50 + 7 - 600  # held, ruled, untouched, new, less the debt
    assert standing(proved) == [(5_000, 5_000, 0), ((10_000 + later) // 2, (10_000 + later) // 2, 0)]
    assert proved.opening is not None and proved.opening.book is not None and proved.book is not None
    assert (proved.opening.book.held, proved.book.held) == (1_900 + 50, 0)
    assert (proved.opening.book.disputed, proved.book.disputed) == (4_000, 0)
    assert proved.book.refunded - proved.opening.book.refunded == 900 + 1_500
    opened = container.parse(container.unpack(archive)["payments.json"], "payments.json")
    references = {each["invoice_ref"] for each in opened}
    assert len(references) == 3 and "0x" + held.untouched.invoice_ref.hex() not in references


def test_any_flipped_bit_is_named(held: Held, prover: Prover) -> None:
    archive = prover.prove(prover.of(held.agreement, held.agency), held.first, held.last, linked=True)
    chosen = random.Random(3)
    for place in chosen.sample(range(len(archive)), 150):
        damaged = bytearray(archive)
        damaged[place] ^= 1 << chosen.randrange(8)
        with pytest.raises(ProofInvalid) as caught:
            verify(bytes(damaged), held.last.hash)
        assert caught.value.part
    files = container.unpack(archive)
    named = {
        "bundle.json": (
            "bundle.json",
            "Header",
            "Account",
            "Storage",
            "Journal",
            "Subject",
            "Terms",
            "Block hash",
        ),
        "header.rlp": ("Header of block",),
        "headers.rlp": ("Header",),
        "terms.json": ("Terms", "terms.json", "Subject"),
        "payments.json": (
            "Payments of before the opening",
            "payments.json",
            "Storage of RevenueLedger at the",
        ),
        "AgreementRegistry/account.rlp": ("Account of AgreementRegistry",),
        "AgreementRegistry/storage.rlp": ("Storage of AgreementRegistry",),
        "AgreementRegistry/journal.rlp": ("Journal of AgreementRegistry",),
        "RevenueLedger/account.rlp": ("Account of RevenueLedger",),
        "RevenueLedger/storage.rlp": ("Storage of RevenueLedger",),
        "RevenueLedger/journal.rlp": ("Journal of RevenueLedger",),
        "opening/header.rlp": ("Header of block",),
        "opening/AgreementRegistry/account.rlp": ("Account of AgreementRegistry at the opening",),
        "opening/AgreementRegistry/storage.rlp": ("Storage of AgreementRegistry at the opening",),
        "opening/RevenueLedger/account.rlp": ("Account of RevenueLedger at the opening",),
        "opening/RevenueLedger/storage.rlp": ("Storage of RevenueLedger at the opening",),
    }
    assert files.keys() == named.keys()
    silent = []
    for name, content in files.items():
        for place in chosen.sample(range(len(content)), min(40, len(content))):
            damaged = bytearray(content)
            damaged[place] ^= 1 << chosen.randrange(8)
            try:
                verify(container.pack({**files, name: bytes(damaged)}), held.last.hash)
            except ProofInvalid as error:
                assert error.part.startswith(named[name]), (name, place, error.part)
            else:
                silent.append((name, place))
    assert silent == []


def test_an_entry_hidden_behind_its_hash_is_missed(held: Held, prover: Prover) -> None:
    """The journal's chain holds with the hash in the entry's place; what the contract has stored does not."""
    files = container.unpack(prover.prove(prover.of(held.agreement, held.agency), held.first, held.last))
    contract, name = "RevenueLedger", "RevenueLedger/journal.rlp"
    address = held.world.ledger.address
    for hidden in ("Refunded", "DisputeRuled", "ClawedBack", "Matured", "Netted", "Claimed"):
        items, found = [], 0
        for item in rlp.decode(files[name]):
            event = decode(contract, item[0], item[1]) if isinstance(item, list) else None
            if event is not None and event.name == hidden:
                found += 1
                items.append(entry_hash(address, item[0], item[1], event.position))
            else:
                items.append(item)
        assert found
        with pytest.raises(ProofInvalid, match=r"Storage of RevenueLedger|Subject of the bundle"):
            verify(container.pack({**files, name: rlp.encode(items)}), held.last.hash, held.first.hash)


def test_an_opening_that_withholds_what_was_held_is_noticed(held: Held, prover: Prover) -> None:
    """The words at the opening are each proved; that none is left out must be, too."""
    subject = prover.of(held.agreement, held.agency)
    files = container.unpack(prover.prove(subject, held.first, held.last))
    name = "opening/RevenueLedger/storage.rlp"
    slots = rlp.decode(files[name])
    silent = []
    for left_out in range(1, len(slots)):
        less = rlp.encode([*slots[:left_out], *slots[left_out + 1 :]])
        try:
            verify(container.pack({**files, name: less}), held.last.hash, held.first.hash)
        except ProofInvalid as error:
            assert "is not proved" in error.why or "the periods make" in error.why
        else:
            silent.append(left_out)
    assert silent == []


def test_a_successor_serves_its_predecessors_debts_from_an_opening_on(world: World, prover: Prover) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    arbiter, customer = world.partner("Arbiter"), world.partner("Customer")
    fields: dict[str, Any] = {"clawback": Clawback.ALLOWED, "arbiter": arbiter.account}
    before = world.agreement([vendor, agency], **fields)
    payment = paid(world, customer, before, 1_000)
    terms = world.terms(
        [vendor, agency], **fields | {"predecessor": before.id, "clawback": Clawback.INHERITED}
    )
    after = amend(world, before, terms, [vendor, agency])
    world.pay(customer, after, 100)
    first = prover.now()
    payment = rule_clawback(world, arbiter, before, payment, 700)
    claw_back_by_consent(
        world, [vendor, agency], before, payment, 150
    )  # which the successor's revenue does not serve
    world.pay(customer, after, 1_000)
    last = prover.now()
    proved = verify(prover.prove(prover.of(after, agency), first, last), last.hash, first.hash)
    assert standing(proved) == [(50, 0, 50), (200, 0, 200)]
    assert proved.book is not None and proved.book.netted == 700
    assert len(proved.subject.versions) == 2


@pytest.mark.parametrize(
    ("seed", "period", "hold"),
    [
        (2, 30, 2),
        pytest.param(1, 0, 2, marks=pytest.mark.long),
        pytest.param(3, 7, 0, marks=pytest.mark.long),
        pytest.param(4, 0, 0, marks=pytest.mark.long),
    ],
)
def test_whatever_happens_is_proved_from_any_opening(
    world: World, prover: Prover, seed: int, period: int, hold: int
) -> None:
    dice = random.Random(seed)
    tranches = tuple(Tranche(each.up_to, period * DAY) for each in WATERFALL)
    ours = Sharing(world, tranches=tranches, hold_seconds=hold * DAY)
    payments: list[Payment] = [ours.pay(5_000)]
    openings = [prover.now()]
    for number in range(24):
        act(ours, payments, dice)
        if number % 8 == 7:
            openings.append(prover.now())
    ours.wait(3)
    last = prover.now()
    book = prover.of(ours.agreement)
    whole = verify(prover.prove(book, None, last), last.hash)
    for first in openings:
        proved = verify(prover.prove(book, first, last), last.hash, first.hash)
        assert proved.book is not None and whole.book is not None and proved.opening is not None
        assert proved.book.positions == whole.book.positions
        assert (proved.book.released, proved.book.held) == (whole.book.released, whole.book.held)
        for payee in (ours.vendor, ours.agency):
            archive = prover.prove(prover.of(ours.agreement, payee), first, last)
            alone = verify(archive, last.hash, first.hash)
            assert alone.position in whole.book.positions


def test_an_opening_whose_state_is_gone_is_not_captured(database: Database) -> None:
    with local_chain.start(options=["--prune-history", "10"]) as chain:
        sender = Sender(chain.node, local_chain.wallet(0))
        world = World(chain, deploy(sender, Consortium.of_one(sender.address), with_test_token=True))
        prover = Prover(world, database)
        vendor = world.partner("Vendor")
        agreement = world.agreement([vendor])
        world.pay(vendor, agreement, 10)
        first = prover.now()
        chain.mine(20)
        subject, last = prover.of(agreement, vendor), prover.now()
        assert verify(prover.prove(subject, None, last), last.hash).closing.position is not None
        with pytest.raises(NotCaptured, match=f"^Not captured: .* as of block {first.number}: "):
            prover.prove(subject, first, last)
