"""The mirror's entries beside the node's logs, to name the first that is not the same."""

from collections.abc import Iterator

from ledger.audit.mirrored import Mirrored
from ledger.audit.slots import Sight
from ledger.chain.logs import logs_between, raw_log
from ledger.journal.events import Event, decode, journal_topics
from ledger.terms.deployment import Deployment


def first_unlike(
    mirrored: Mirrored, sight: Sight, deployment: Deployment, contract: str
) -> tuple[int, str] | None:
    """Number of the first entry in which the mirror and the node's logs differ, and how; None when they do
    not.
    """
    rows = iter(mirrored.entries(contract, 0))
    for event in _events(sight, deployment, contract):
        row = next(rows, None)
        if row is None:
            return event.seq, f"the chain has a {event.name} entry here, the mirror has none"
        if (row.seq, row.head) != (event.seq, event.head):
            return row.seq, f"its head is 0x{row.head.hex()}, the chain's is 0x{event.head.hex()}"
    row = next(rows, None)
    return None if row is None else (row.seq, "the mirror has an entry here, the chain has none")


def _events(sight: Sight, deployment: Deployment, contract: str) -> Iterator[Event]:
    topics = ["0x" + topic.hex() for topic in journal_topics(contract)]
    asked = {"address": deployment.address(contract), "topics": [topics]}
    for log in logs_between(sight.node, asked, deployment.block, sight.number):
        yield decode(contract, *raw_log(log))
