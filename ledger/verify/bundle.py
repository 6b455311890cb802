"""Checking a bundle: a file and a block hash, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.journal.payments import RECEIVED
from ledger.proof.errors import ProofInvalid
from ledger.proof.header import BlockHeader
from ledger.rules.book import Book, Position
from ledger.terms.agreement import Terms
from ledger.terms.contracts import REVENUE
from ledger.terms.ids import AgreementId
from ledger.verify import anchor, books, container, headers, listing, manifests, opening
from ledger.verify.anchor import Anchor
from ledger.verify.contents import journal_file, names
from ledger.verify.listing import Listed
from ledger.verify.manifests import MANIFEST, Manifest
from ledger.verify.opening import Begun
from ledger.verify.replay import Replay
from ledger.verify.subject import CONTRACTS, PART, Subject

_LAST_SECOND = 2**40 - 1
"""The contracts' times have 40 bits."""


@dataclass(frozen=True)
class Standing:
    """A book and a position as of a block; None where the subject names none.

    Of a bundle with an opening, the book's totals count from what was left of it at the opening block on.
    """

    header: BlockHeader
    book: Book | None
    position: Position | None


@dataclass(frozen=True)
class Proved:
    """What a bundle proves as of its block: the terms, the entries that matter, and the book that they make.

    ``contracts`` are the addresses whose storage was proved: whether they are the ledger's is for the reader
    to know. ``opening``: how things stood before the first of the entries, when a block was given for that;
    ``linked``: the bundle itself proves that this block is an ancestor of the closing one.
    """

    chain_id: int
    contracts: dict[str, bytes]
    subject: Subject
    terms: Terms
    entries: Sequence[Listed]
    closing: Standing
    payout: Listed | None
    opening: Standing | None
    linked: bool

    @property
    def header(self) -> BlockHeader:
        """Of the block that the bundle is of."""
        return self.closing.header

    @property
    def book(self) -> Book | None:
        """The book as of that block."""
        return self.closing.book

    @property
    def position(self) -> Position | None:
        """The payee's part of it."""
        return self.closing.position


def verify(archive: bytes, block_hash: bytes, opening_hash: bytes | None = None) -> Proved:
    """What the archive proves, if the chain has blocks with these hashes. A bundle with an opening block
    wants the hash of that too, unless the headers between the two are in it.

    Raises ProofInvalid naming the first part that does not hold, OpeningHashNeeded.
    """
    files = container.unpack(archive)
    manifest = manifests.read(container.parse(files.get(MANIFEST, b""), MANIFEST))
    opened, linked = manifest.opening is not None, headers.FILE in files
    if files.keys() != names(opened=opened, linked=opened and linked):
        raise ProofInvalid(container.PART, "it has other files than a bundle has")
    if manifest.block.hash != block_hash:
        raise ProofInvalid("Block hash", f"the bundle is of 0x{manifest.block.hash.hex()}")
    closing = anchor.read(files, block_hash, manifest.contracts)
    if closing.header.number != manifest.block.number:
        raise ProofInvalid(MANIFEST, f"the block with that hash has the number {closing.header.number}")
    begun = opening.read(files, manifest, closing, opening_hash)
    entries: list[Listed] = []
    for contract in CONTRACTS:
        entries += listing.read(
            contract,
            files[journal_file(contract)],
            manifest.contracts[contract],
            *closing.journal(contract),
            begun.start(contract),
        )
    return _proved(manifest, closing, begun, entries)


def _proved(manifest: Manifest, closing: Anchor, begun: Begun, entries: list[Listed]) -> Proved:
    terms = dict(begun.terms) | {
        listed.event.args["agreement"]: listed.event.args["terms"]
        for listed in entries
        if listed.event.name == "AgreementActivated"
    }
    subject = Subject.from_json(manifest.subject).among(terms)
    for listed in entries:
        if not subject.matters(listed.event):
            raise ProofInvalid(
                f"Journal of {listed.event.contract_kind}, entry {listed.event.seq}",
                "it is not about the subject",
            )
    replay = begun.replay
    before = None if begun.anchor is None else _standing(replay, subject, begun.anchor.header)
    for listed in entries:
        replay.take(listed.event, _time(listed, terms))
    if replay.fault is not None:
        raise ProofInvalid(PART, replay.fault)
    books.check(subject, replay, terms[subject.agreement], closing)
    for each in filter(None, (begun.anchor, closing)):
        each.require_all_used()
    return Proved(
        chain_id=manifest.chain_id,
        contracts=dict(manifest.contracts),
        subject=subject,
        terms=terms[subject.agreement],
        entries=entries,
        closing=_standing(replay, subject, closing.header),
        payout=_payout(entries, subject),
        opening=before,
        linked=begun.linked,
    )


def _standing(replay: Replay, subject: Subject, header: BlockHeader) -> Standing:
    book = _book(replay, subject, header.timestamp)
    return Standing(header, book, _position(book, subject))


def _time(listed: Listed, terms: Mapping[AgreementId, Terms]) -> int:
    """A time that says of an entry what its own says: whether what it is about is held or released."""
    event = listed.event
    if event.name in RECEIVED:
        of = terms.get(event.args["agreement"])
        return 0 if of is not None and of.hold_seconds else int(event.args["matures_at"])
    return 0 if listed.held_on else _LAST_SECOND


def _book(replay: Replay, subject: Subject, now: int) -> Book | None:
    if subject.token is None:
        return None
    key = (subject.agreement, subject.token)
    replay.recorded(key)  # a book of which nothing has come is one, too
    found = next(each for each in replay.books(now) if (each.agreement, each.token) == key)
    violation = found.violation()
    if violation is not None:
        raise ProofInvalid(PART, violation)
    return found


def _position(book: Book | None, subject: Subject) -> Position | None:
    if book is None or subject.account is None:
        return None
    for position in book.positions:
        if position.account == subject.account:
            return position
    raise ProofInvalid(PART, f"0x{subject.account.hex()} is not a payee of the agreement")


def _payout(entries: Sequence[Listed], subject: Subject) -> Listed | None:
    if subject.claim is None:
        return None
    for listed in entries:
        event = listed.event
        if (event.contract_kind, event.seq) == (REVENUE, subject.claim) and subject.payouts(event):
            return listed
    raise ProofInvalid(PART, f"entry {subject.claim} is not a payout of it")
