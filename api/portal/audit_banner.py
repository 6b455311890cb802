"""Whether what a page shows is what the chain says, checked while the page is made."""

from dataclasses import dataclass

from api.as_of import Answering
from ledger.accounting.mirrored import MirroredRows
from ledger.audit.slots import BlockGone
from ledger.audit.verdict import Verdict, audit
from ledger.chain.deployment import Deployment
from ledger.errors import LedgerError

_NEWEST_ENTRIES = 100
"""Entries of each journal that are recomputed for a page; ``/v1/audit?full=true`` takes all."""


@dataclass(frozen=True)
class Banner:
    """``verdict`` is None when it could not be had, which ``why`` explains; ``lag`` in blocks and seconds."""

    verdict: Verdict | None
    why: str
    lag_blocks: int
    lag_seconds: int


def banner(answering: Answering) -> Banner:
    """Compares the mirror with the chain. A node that does not answer keeps no page waiting."""
    as_of = answering.reading.as_of
    head = answering.doors.head.look()
    if head is None:
        return Banner(None, "The chain's node does not answer.", 0, 0)
    blocks, seconds = max(0, head.number - as_of.number), max(0, head.timestamp - as_of.timestamp)
    try:
        verdict = audit(
            MirroredRows(answering.reading),
            answering.doors.node(),
            Deployment.from_json(answering.reading.file),
            as_of.number,
            as_of.hash,
            last=_NEWEST_ENTRIES,
        )
    except BlockGone:
        return Banner(
            None, "The chain was reorganised, and the mirror has not followed yet.", blocks, seconds
        )
    except LedgerError as error:
        return Banner(None, error.what, blocks, seconds)
    return Banner(verdict, "", blocks, seconds)
