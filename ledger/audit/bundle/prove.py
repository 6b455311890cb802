"""Making a bundle: the mirror's entries, and a node's proofs of what the contracts have stored."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ledger.audit.bundle import capture
from ledger.audit.mirrored import Mirrored
from ledger.chain.node import Node
from ledger.errors import LedgerError
from ledger.journal.events import Event, decode
from ledger.journal.payouts import Payout, payouts_in
from ledger.rules.payment import Payment
from ledger.terms.agreement import Terms
from ledger.terms.contracts import AGREEMENTS, REVENUE
from ledger.terms.deployment import Deployment
from ledger.terms.ids import AgreementId, PaymentKey
from ledger.verify import (
    agreed,
    anchor,
    books,
    container,
    contents,
    headers,
    layout,
    listing,
    opening,
    payments,
)
from ledger.verify.manifests import MANIFEST, BlockName, Manifest
from ledger.verify.payments import Payments
from ledger.verify.replay import Replay
from ledger.verify.subject import CONTRACTS, Subject


@dataclass(frozen=True)
class Opening:
    """The block after which a bundle begins. ``mirrored``: the mirror as of it; ``linked``: the headers from
    it to the closing block go into the bundle, which then hangs on one hash.
    """

    mirrored: Mirrored
    block: int
    linked: bool = False


@dataclass(frozen=True)
class _Start:
    """What a journal's listing goes on from: the replay so far, and how many entries are left out."""

    replay: Replay
    after: Mapping[str, int]
    due: Mapping[PaymentKey, int]
    files: Mapping[str, bytes]
    block: BlockName | None = None


def prove(
    mirrored: Mirrored,
    node: Node,
    deployment: Deployment,
    block: int,
    subject: Subject,
    since: Opening | None = None,
) -> bytes:
    """The bundle of a subject as of a block, which the mirror must be at; of what happened since an opening
    block, when one is given.

    Raises NotCaptured when the node does not have a block's state, LedgerError when there is no such subject,
    ProofInvalid when mirror and node do not agree.
    """
    terms = _terms(mirrored)
    subject = _complete(mirrored, subject).among(terms)
    addresses = {name: deployment.address(name) for name in CONTRACTS}
    start = (
        _Start(Replay(), {}, {}, {})
        if since is None
        else _opened(mirrored, node, addresses, subject, terms, since, block)
    )
    files = dict(start.files)
    for contract in CONTRACTS:
        files[contents.journal_file(contract)] = listing.write(
            contract,
            mirrored.entries(contract, start.after.get(contract, 0)),
            subject.matters,
            bytes.fromhex(addresses[contract][2:]),
            start.replay.take,
            start.due,
        )
    closing = capture.block_at(node, block)
    wanted = {REVENUE: books.slots(subject, start.replay, terms[subject.agreement], closing.timestamp)}
    if since is not None:
        wanted[AGREEMENTS] = [layout.new_book(subject.agreement)]
    files |= capture.capture(node, block, addresses, wanted)
    files[MANIFEST] = Manifest(
        chain_id=deployment.chain_id,
        block=BlockName(block, closing.hash),
        contracts={name: bytes.fromhex(address[2:]) for name, address in addresses.items()},
        subject=subject.to_json(),
        opening=start.block,
    ).to_bytes()
    return container.pack(files)


def _opened(
    mirrored: Mirrored,
    node: Node,
    addresses: Mapping[str, str],
    subject: Subject,
    terms: Mapping[AgreementId, Terms],
    since: Opening,
    block: int,
) -> _Start:
    if subject.token is None:
        raise LedgerError(
            "An agreement has no opening block.", "Leave it out, or prove a book or a statement."
        )
    if since.block >= block:
        raise LedgerError(
            f"The opening block {since.block} is not before block {block}.", "Name an earlier block."
        )
    after = {contract: since.mirrored.newest(contract) for contract in CONTRACTS}
    later = (event for event, _ in _events(mirrored, subject, after[REVENUE]))
    before, earlier = Replay(), Payments(payments.touched(later))
    for version in subject.versions:
        before.know(version, terms[version])
    for event, at in _events(since.mirrored, subject, 0):
        before.take(event, at)
        earlier.take(event, at)
    shown = capture.block_at(node, since.block)
    slots = opening.slots(subject, before, terms, shown.timestamp)
    slots += [slot for each in earlier.found.values() for slot in payments.slots(each)]
    files = capture.capture(node, since.block, addresses, {REVENUE: slots}, anchor.OPENING)
    files[agreed.FILE] = agreed.write(subject.versions, terms)
    files[payments.FILE] = payments.write(earlier.found)
    if since.linked:
        files[headers.FILE] = capture.capture_headers(node, since.block, block)
    raw = {contract: bytes.fromhex(address[2:]) for contract, address in addresses.items()}
    proved = anchor.read(files, shown.hash, raw, anchor.OPENING)
    known: Sequence[Payment] = list(earlier.found.values())
    replay = opening.begin(subject, terms, proved, known)
    for contract in CONTRACTS:
        proved.journal(contract)
    files = capture.trimmed(files, proved, anchor.OPENING)
    due = {each.key: each.matures_at for each in known}
    return _Start(replay, after, due, files, BlockName(since.block, proved.header.hash))


def _events(mirrored: Mirrored, subject: Subject, after: int) -> Iterator[tuple[Event, int]]:
    """Entries of the revenue ledger that matter, each with the time of its block."""
    for row in mirrored.entries(REVENUE, after):
        event = decode(REVENUE, row.topics, row.data)
        if subject.matters(event):
            yield event, row.block_timestamp


def _terms(mirrored: Mirrored) -> dict[AgreementId, Terms]:
    found: dict[AgreementId, Terms] = {}
    for row in mirrored.entries(AGREEMENTS, 0):
        event = decode(AGREEMENTS, row.topics, row.data)
        if event.name == "AgreementActivated":
            found[event.args["agreement"]] = event.args["terms"]
    return found


def _complete(mirrored: Mirrored, subject: Subject) -> Subject:
    """A payout is named by its entry, which says whose it is; of several, by what they differ in."""
    if subject.claim is None:
        return subject
    paid = _payouts_of(mirrored, subject.claim)
    account = _the_one("payee", "--account", subject.claim, {each.account for each in paid}, subject.account)
    agreements = {each.agreement for each in paid if each.account == account}
    named = subject.agreement if any(subject.agreement) else None
    agreement = _the_one("agreement", "--agreement", subject.claim, agreements, named)
    return replace(subject, agreement=AgreementId(agreement), token=paid[0].token, account=account)


def _the_one(what: str, option: str, entry: int, among: Collection[bytes], named: bytes | None) -> bytes:
    if named is None and len(among) == 1:
        (named,) = among
    if named is None or named not in among:
        several = f"{len(among)} {what}s" if len(among) > 1 else f"one {what}"
        paid = f"Entry {entry} of the revenue ledger paid {'under ' if what == 'agreement' else ''}{several}"
        raise LedgerError(
            paid + ("." if named is None else f", 0x{named.hex()} not among them."),
            f"Name the {what} too: {option}.",
        )
    return named


def _payouts_of(mirrored: Mirrored, seq: int) -> Sequence[Payout]:
    """What an entry of the revenue ledger paid out. Raises LedgerError when it is not a payout."""
    row = mirrored.entry(REVENUE, seq)
    paid = [] if row is None else payouts_in(decode(REVENUE, row.topics, row.data))
    if not paid:
        raise LedgerError(
            f"Entry {seq} of the revenue ledger is not a payout.", "Histories give each payout's number."
        )
    return paid
