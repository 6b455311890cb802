"""Whether what a page shows is what the chain says, checked while the page is made."""

from dataclasses import dataclass

from api.as_of import Answering
from api.session import Doors
from ledger.accounting.mirrored import MirroredRows
from ledger.audit.slots import BlockGone
from ledger.audit.verdict import Verdict, audit
from ledger.errors import LedgerError
from ledger.store.reading import AsOf, read, snapshot
from ledger.terms.deployment import Deployment

_NEWEST_ENTRIES = 100
"""Entries of each journal that are recomputed for a page; ``/v1/audit?full=true`` takes all."""


PATIENCE_SECONDS = 1.0
"""How long a page waits for it."""
_AUDIT_SECONDS = 20.0


@dataclass(frozen=True)
class Banner:
    """``verdict`` is None when it could not be had, which ``why`` explains; ``lag`` in blocks and seconds."""

    verdict: Verdict | None
    why: str
    lag_blocks: int
    lag_seconds: int


def banner(answering: Answering) -> Banner:
    """Compares the mirror with the chain. A node that is slow or silent keeps no page waiting."""
    reading, doors = answering.reading, answering.doors
    as_of, head = reading.as_of, doors.head.look()
    if head is None:
        return Banner(None, "The chain's node does not answer.", 0, 0)
    blocks, seconds = max(0, head.number - as_of.number), max(0, head.timestamp - as_of.timestamp)
    if head.age:
        silent = f"The chain's node has not answered for {int(head.age):,} seconds."
        return Banner(None, silent, blocks, seconds)
    try:
        verdict = doors.background.ask(
            ("audit", reading.chain_id, reading.ledger),
            as_of.hash,
            lambda: _audit(doors, reading.chain_id, reading.ledger, as_of),
            PATIENCE_SECONDS,
        )
    except BlockGone:
        return Banner(
            None, "The chain was reorganised, and the mirror has not followed yet.", blocks, seconds
        )
    except LedgerError as error:
        return Banner(None, error.what, blocks, seconds)
    if verdict is None:
        return Banner(None, "That takes longer than a second: look again in a moment.", blocks, seconds)
    return Banner(verdict, "", blocks, seconds)


def _audit(doors: Doors, chain_id: int, ledger: bytes, as_of: AsOf) -> Verdict:
    """With a session of its own: the page's ends with the page."""
    with snapshot(doors.database) as session:
        reading = read(session, chain_id=chain_id, ledger=ledger, block=as_of)
        return audit(
            MirroredRows(reading),
            doors.node().within(_AUDIT_SECONDS),
            Deployment.from_json(reading.file),
            as_of.number,
            as_of.hash,
            last=_NEWEST_ENTRIES,
        )
