"""Making a bundle: the mirror's entries, and a node's proofs of what the contracts have stored."""

from dataclasses import replace

from ledger.audit.bundle import anchor, books, container, listing
from ledger.audit.bundle.subject import AGREEMENTS, CONTRACTS, REVENUE, Subject
from ledger.audit.mirrored import Mirrored
from ledger.audit.replay import Replay
from ledger.chain.deployment import Deployment
from ledger.chain.events import Event, decode
from ledger.chain.node import Node
from ledger.chain.terms import Terms
from ledger.errors import LedgerError

FORMAT = "partnership-ledger-bundle/1"
MANIFEST = "bundle.json"


def prove(mirrored: Mirrored, node: Node, deployment: Deployment, block: int, subject: Subject) -> bytes:
    """The bundle of a subject as of a block, which the mirror must be at.

    Raises NotCaptured when the node does not have the block's state, LedgerError when there is no such
    subject.
    """
    terms = _terms(mirrored)
    subject = _complete(mirrored, subject).among(terms)
    addresses = {name: deployment.address(name) for name in CONTRACTS}
    replay = Replay()
    files = {}
    for contract in CONTRACTS:
        address = bytes.fromhex(addresses[contract][2:])
        entries = mirrored.entries(contract, 0)
        files[_journal(contract)] = listing.write(contract, entries, subject.matters, address, replay.take)
    header = node.rpc("eth_getBlockByNumber", [hex(block), False])
    wanted = books.slots(subject, replay, terms[subject.agreement], int(header["timestamp"], 16))
    files |= anchor.capture(node, block, addresses, {REVENUE: wanted})
    files[MANIFEST] = container.canonical(
        {
            "format": FORMAT,
            "chain_id": deployment.chain_id,
            "block": {"number": block, "hash": header["hash"]},
            "contracts": dict(addresses),
            "subject": subject.to_json(),
        }
    )
    return container.pack(files)


def names() -> set[str]:
    """The files that every bundle has."""
    return {MANIFEST, *anchor.names(CONTRACTS), *map(_journal, CONTRACTS)}


def _terms(mirrored: Mirrored) -> dict[bytes, Terms]:
    found: dict[bytes, Terms] = {}
    for row in mirrored.entries(AGREEMENTS, 0):
        event = decode(AGREEMENTS, row.topics, row.data)
        if event.name == "AgreementActivated":
            found[event.args["agreement"]] = event.args["terms"]
    return found


def _complete(mirrored: Mirrored, subject: Subject) -> Subject:
    """A payout is named by its entry alone: the entry says whose it is."""
    if subject.claim is None:
        return subject
    event = _claim_of(mirrored, subject.claim)
    return replace(
        subject,
        agreement=event.args["agreement"],
        token=event.args["token"],
        account=event.args["account"],
    )


def _claim_of(mirrored: Mirrored, seq: int) -> Event:
    """The payout that an entry of the revenue ledger records. Raises LedgerError when it records none."""
    row = mirrored.entry(REVENUE, seq)
    event = None if row is None else decode(REVENUE, row.topics, row.data)
    if event is None or event.name != "Claimed":
        raise LedgerError(
            f"Entry {seq} of the revenue ledger is no payout.", "Histories give each payout's number."
        )
    return event


def _journal(contract: str) -> str:
    return f"{contract}/journal.rlp"
