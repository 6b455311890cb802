"""A bundle proves its subject from a block hash; whatever is done to it is noticed, and named."""

import json
import random
from typing import Any

import pytest
import rlp
from ledger_world import Agreement, Partner, World

from ledger.accounting.mirrored import MirroredRows
from ledger.audit.bundle.prove import prove
from ledger.errors import LedgerError
from ledger.indexer.run import indexing
from ledger.proof.errors import ProofInvalid
from ledger.store.database import Database
from ledger.store.reading import read, snapshot
from ledger.terms.ids import AgreementId
from ledger.verify import container
from ledger.verify.bundle import verify
from ledger.verify.subject import Subject


class History:
    """Two agreements with money in them, and bundles about the first."""

    def __init__(self, world: World, database: Database) -> None:
        self.world = world
        self.database = database
        self.vendor, self.agency = world.partner("Vendor"), world.partner("Agency")
        shares = {self.vendor: 3, self.agency: 1}
        self.agreement = world.agreement([self.vendor, self.agency], shares)
        other = world.agreement([self.vendor, self.agency], shares)
        world.pay(self.vendor, self.agreement, 100)
        world.pay_batch(self.vendor, {self.agreement: (251, 1_000), other: (7, 8)})
        world.claim(self.agency, self.agreement)
        world.pay(self.vendor, self.agreement, 499)
        self.before = {
            payee: world.token.functions.balanceOf(payee.account).call() - paid
            for payee, paid in ((self.vendor, 0), (self.agency, 1_351 // 4))
        }
        self.index()

    def index(self) -> None:
        """Mirrors all that has happened by now."""
        world = self.world
        self.hash = bytes.fromhex(world.node.rpc("eth_getBlockByNumber", ["latest", False])["hash"][2:])
        with indexing(self.database, world.node, world.deployment, finality="immediate") as indexer:
            indexer.catch_up()

    @property
    def token(self) -> bytes:
        return bytes.fromhex(self.world.deployment.tokens["tUSD"][2:])

    def of(self, account: Partner | None = None, *, claim: int | None = None) -> Subject:
        wanted = None if account is None else bytes.fromhex(account.account[2:])
        return Subject(_id(self.agreement), self.token, wanted, claim)

    def prove(self, subject: Subject) -> bytes:
        deployment = self.world.deployment
        ledger = bytes.fromhex(deployment.address("RevenueLedger")[2:])
        with snapshot(self.database) as session:
            reading = read(session, chain_id=deployment.chain_id, ledger=ledger)
            assert reading.as_of.hash == self.hash
            rows = MirroredRows(reading)
            return prove(rows, self.world.node, deployment, reading.as_of.number, subject)


def _id(agreement: Agreement) -> AgreementId:
    return agreement.id


@pytest.fixture
def history(world: World, database: Database) -> History:
    return History(world, database)


def test_a_statement_is_proved_from_a_block_hash_alone(history: History) -> None:
    proved = verify(history.prove(history.of(history.agency)), history.hash)
    assert proved.subject.kind == "statement"
    assert proved.book is not None and proved.position is not None
    assert (proved.book.received, proved.position.earned) == (1_850, 1_850 // 4)
    assert (proved.position.claimed, proved.position.claimable) == (1_351 // 4, 1_850 // 4 - 1_351 // 4)
    names = [listed.event.name for listed in proved.entries]
    received = ["PaymentReceived", "PaymentsReceived"]
    assert names == ["AgreementActivated", *received, "Claimed", "PaymentReceived"]


def test_a_payout_an_agreement_and_a_book_are_proved_too(history: History) -> None:
    statement = verify(history.prove(history.of(history.agency)), history.hash)
    seq = next(listed.event.seq for listed in statement.entries if listed.event.name == "Claimed")
    payout = verify(history.prove(Subject(AgreementId(bytes(32)), claim=seq)), history.hash)
    assert payout.payout is not None and payout.payout.event.args["amount"] == 1_351 // 4
    agreement = verify(history.prove(Subject(_id(history.agreement))), history.hash)
    assert (agreement.book, len(agreement.entries)) == (None, 1)
    book = verify(history.prove(history.of()), history.hash).book
    assert book is not None and len(book.positions) == 2
    with pytest.raises(LedgerError, match="is not a payout"):
        history.prove(Subject(AgreementId(bytes(32)), claim=1))


def test_a_payout_of_everybody_at_once_is_proved_payee_by_payee(world: World, database: Database) -> None:
    """Paid together, alone beyond that, and in a round that has not come to everybody."""
    history = History(world, database)
    world.distribute(history.agreement)
    world.pay(history.vendor, history.agreement, 150)
    world.claim(history.agency, history.agreement)
    world.distribute(history.agreement, most=1)
    history.index()
    for payee in (history.vendor, history.agency):
        proved = verify(history.prove(history.of(payee)), history.hash)
        paid = world.token.functions.balanceOf(payee.account).call() - history.before[payee]
        assert proved.position is not None and proved.position.claimed == paid
        assert proved.position.claimable == world.claimable(payee, history.agreement)
    seq = next(listed.event.seq for listed in proved.entries if listed.event.name == "Distributed")
    with pytest.raises(LedgerError, match="paid 2 payees"):
        history.prove(Subject(AgreementId(bytes(32)), claim=seq))
    account = bytes.fromhex(history.vendor.account[2:])
    payout = verify(history.prove(Subject(AgreementId(bytes(32)), account=account, claim=seq)), history.hash)
    assert payout.subject.account == account and payout.payout is not None


def test_a_claim_across_agreements_is_proved_agreement_by_agreement(world: World, database: Database) -> None:
    history = History(world, database)
    vendor = history.vendor
    other = world.agreement([vendor, history.agency])
    for agreement in (history.agreement, other):
        world.pay(vendor, agreement, 150)
    world.claim(vendor, history.agreement, other)
    history.index()
    statement = verify(history.prove(history.of(vendor)), history.hash)
    assert statement.position is not None and statement.position.claimable == 0
    across = next(each.event for each in statement.entries if each.event.name == "ClaimedAcross")
    with pytest.raises(LedgerError, match="paid under 2 agreements"):
        history.prove(Subject(AgreementId(bytes(32)), claim=across.seq))
    with pytest.raises(LedgerError, match="not among them"):
        history.prove(Subject(AgreementId(bytes([1]) * 32), claim=across.seq))
    payout = verify(history.prove(Subject(other.id, claim=across.seq)), history.hash)
    assert [each.amount for each in payout.subject.payouts(across)] == [75]
    assert (payout.subject.agreement, payout.subject.kind) == (other.id, "payout")


def test_another_block_hash_proves_nothing(history: History) -> None:
    archive = history.prove(history.of(history.agency))
    with pytest.raises(ProofInvalid, match="Block hash"):
        verify(archive, bytes(32))


def test_any_flipped_bit_is_named(history: History) -> None:
    archive = history.prove(history.of(history.agency))
    chosen = random.Random(3)
    for place in chosen.sample(range(len(archive)), 400):
        damaged = bytearray(archive)
        damaged[place] ^= 1 << chosen.randrange(8)
        with pytest.raises(ProofInvalid) as caught:
            verify(bytes(damaged), history.hash)
        assert caught.value.part


def test_any_flipped_bit_of_what_the_archive_holds_is_named(history: History) -> None:
    """As above, by someone who writes the archive anew and so gets past its own checks."""
    files = container.unpack(history.prove(history.of(history.agency)))
    named = {
        "bundle.json": ("bundle.json", "Block hash", "Subject", "Account", "Header", "Storage", "Journal"),
        "header.rlp": ("Header of block",),
        "AgreementRegistry/account.rlp": ("Account of AgreementRegistry",),
        "AgreementRegistry/storage.rlp": ("Storage of AgreementRegistry",),
        "AgreementRegistry/journal.rlp": ("Journal of AgreementRegistry", "Subject", "Storage"),
        "RevenueLedger/account.rlp": ("Account of RevenueLedger",),
        "RevenueLedger/storage.rlp": ("Storage of RevenueLedger",),
        "RevenueLedger/journal.rlp": ("Journal of RevenueLedger",),
    }
    assert files.keys() == named.keys()
    chosen = random.Random(5)
    silent = []
    for name, content in files.items():
        for place in chosen.sample(range(len(content)), min(60, len(content))):
            damaged = bytearray(content)
            damaged[place] ^= 1 << chosen.randrange(8)
            try:
                verify(container.pack({**files, name: bytes(damaged)}), history.hash)
            except ProofInvalid as error:
                assert error.part.startswith(named[name]), (name, place)
            else:
                silent.append((name, place))
    assert silent == []


def test_an_entry_that_is_hidden_behind_its_hash_is_missed_in_the_sums(history: History) -> None:
    """The journal's chain holds with its hash in its place; the storage shows that an entry is missing."""
    whole = history.prove(history.of(history.agency))
    files = container.unpack(whole)
    subject = history.of(history.agency)

    class Hiding(Subject):
        def matters(self, event: object) -> bool:
            return super().matters(event) and getattr(event, "name", "") != "Claimed"  # type: ignore[arg-type]

    hiding = Hiding(subject.agreement, subject.token, subject.account)
    hidden = container.unpack(history.prove(hiding))
    forged = {**files, "RevenueLedger/journal.rlp": hidden["RevenueLedger/journal.rlp"]}
    with pytest.raises(ProofInvalid, match=r"is claimed by 0x\w+, the listed entries make 0"):
        verify(container.pack(forged), history.hash)


def test_a_proof_that_the_subject_does_not_need_is_named(history: History) -> None:
    """Nobody would look at it: its bytes would be free."""
    files = container.unpack(history.prove(history.of(history.agency)))
    name, slot = "RevenueLedger/storage.rlp", (5).to_bytes(32)
    number = container.parse(files["bundle.json"], "bundle.json")["block"]["number"]
    ledger = history.world.ledger.address
    answer = history.world.node.rpc("eth_getProof", [ledger, ["0x" + slot.hex()], hex(number)])
    nodes = [bytes.fromhex(node[2:]) for node in answer["storageProof"][0]["proof"]]
    more = rlp.encode([*rlp.decode(files[name]), [slot, nodes]])
    with pytest.raises(ProofInvalid, match="is none that the subject needs"):
        verify(container.pack({**files, name: more}), history.hash)


def test_a_manifest_says_what_it_must_and_no_more(history: History) -> None:
    files = container.unpack(history.prove(history.of(history.agency)))
    manifest = json.loads(files["bundle.json"])
    changes: tuple[dict[str, Any], ...] = (
        {"format": "partnership-ledger-bundle/2"},
        {"more": 1},
        {"chain_id": "31337"},
        {"contracts": {}},
        {"subject": {**manifest["subject"], "kind": "payout"}},
        {"subject": {"kind": "agreement"}},
        {"subject": {**manifest["subject"], "account": "0x" + "11" * 20}},
    )
    for change in changes:
        forged = {**files, "bundle.json": container.canonical({**manifest, **change})}
        with pytest.raises(ProofInvalid):
            verify(container.pack(forged), history.hash)
