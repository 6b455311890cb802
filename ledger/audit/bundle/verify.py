"""Checking a bundle: a file and a block hash, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.audit.bundle import anchor, books, container, listing
from ledger.audit.bundle.listing import Listed
from ledger.audit.bundle.prove import FORMAT, MANIFEST, names
from ledger.audit.bundle.subject import AGREEMENTS, CONTRACTS, PART, REVENUE, Subject
from ledger.audit.replay import Replay
from ledger.chain.terms import Terms
from ledger.proof.errors import ProofInvalid
from ledger.proof.header import BlockHeader
from ledger.rules.book import Book, Position

_LAST_SECOND = 2**40 - 1
"""The contracts' times have 40 bits."""


@dataclass(frozen=True)
class Proved:
    """What a bundle proves as of its block: the terms, the entries that matter, and the book that they make.

    ``contracts`` are the addresses whose storage was proved: whether they are the ledger's is for the reader
    to know. ``book`` and ``position`` are those that the subject names, None where it names none.
    """

    chain_id: int
    header: BlockHeader
    contracts: dict[str, bytes]
    subject: Subject
    terms: Terms
    entries: Sequence[Listed]
    book: Book | None
    position: Position | None
    payout: Listed | None


def verify(archive: bytes, block_hash: bytes) -> Proved:
    """What the archive proves, if the chain has a block with this hash.

    Raises ProofInvalid naming the first part that does not hold.
    """
    files = container.unpack(archive)
    if files.keys() != names():
        raise ProofInvalid(container.PART, "it has other files than a bundle has")
    manifest = _manifest(container.parse(files[MANIFEST], MANIFEST))
    if manifest["block"]["hash"] != "0x" + block_hash.hex():
        raise ProofInvalid("Block hash", f"the bundle is of {manifest['block']['hash']}")
    addresses = _addresses(manifest)
    proved = anchor.read(files, block_hash, addresses)
    if proved.header.number != manifest["block"]["number"]:
        raise ProofInvalid(MANIFEST, f"the block with that hash has the number {proved.header.number}")
    entries = []
    for contract in CONTRACTS:
        journal = files[f"{contract}/journal.rlp"]
        entries += listing.read(contract, journal, addresses[contract], *proved.journal(contract))
    return _proved(manifest, proved, addresses, entries)


def _proved(
    manifest: dict[str, Any], proved: anchor.Anchor, addresses: dict[str, bytes], entries: list[Listed]
) -> Proved:
    terms = {
        listed.event.args["agreement"]: listed.event.args["terms"]
        for listed in entries
        if listed.event.name == "AgreementActivated"
    }
    subject = Subject.from_json(manifest["subject"]).among(terms)
    for listed in entries:
        if not subject.matters(listed.event):
            raise ProofInvalid(
                f"Journal of {listed.event.contract_kind}, entry {listed.event.seq}",
                "it is not about the subject",
            )
    replay = Replay()
    for listed in entries:
        replay.take(listed.event, _time(listed, terms))
    if replay.fault is not None:
        raise ProofInvalid(PART, replay.fault)
    books.check(subject, replay, terms[subject.agreement], proved)
    book = _book(replay, subject, proved.header.timestamp)
    position = _position(book, subject)
    return Proved(
        chain_id=manifest["chain_id"],
        header=proved.header,
        contracts=addresses,
        subject=subject,
        terms=terms[subject.agreement],
        entries=entries,
        book=book,
        position=position,
        payout=_payout(entries, subject),
    )


def _time(listed: Listed, terms: Mapping[bytes, Terms]) -> int:
    """A time that says of an entry what its own says: whether what it is about is held or released."""
    event = listed.event
    if event.name == "PaymentReceived":
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
    raise ProofInvalid(PART, f"0x{subject.account.hex()} is no payee of the agreement")


def _payout(entries: Sequence[Listed], subject: Subject) -> Listed | None:
    if subject.claim is None:
        return None
    for listed in entries:
        event = listed.event
        named = event.contract_kind == REVENUE and event.seq == subject.claim and event.name == "Claimed"
        if named and (event.args["token"], event.args["account"]) == (subject.token, subject.account):
            return listed
    raise ProofInvalid(PART, f"entry {subject.claim} is no payout of it")


def _manifest(document: Any) -> dict[str, Any]:
    match document:
        case {
            "format": str() as format_,
            "chain_id": int(),
            "block": {"number": int(), "hash": str(), **more_of_block},
            "contracts": dict(),
            "subject": dict(),
            **more,
        } if not more and not more_of_block:
            if format_ != FORMAT:
                raise ProofInvalid(MANIFEST, f"its format is {format_}, this program reads {FORMAT}")
            return dict(document)
    raise ProofInvalid(MANIFEST, "it is malformed")


def _addresses(manifest: dict[str, Any]) -> dict[str, bytes]:
    contracts = manifest["contracts"]
    if contracts.keys() != set(CONTRACTS):
        raise ProofInvalid(MANIFEST, f"its contracts are not {AGREEMENTS} and {REVENUE}")
    try:
        found = {name: bytes.fromhex(address.removeprefix("0x")) for name, address in contracts.items()}
    except (AttributeError, ValueError) as error:
        raise ProofInvalid(MANIFEST, "an address is malformed") from error
    if any(len(address) != 20 for address in found.values()):
        raise ProofInvalid(MANIFEST, "an address is malformed")
    return found
