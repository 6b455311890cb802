"""A contract's journal: recomputed from the mirror's entries, and compared with the contract's own slot."""

from collections.abc import Callable
from dataclasses import dataclass

from ledger.audit.mirrored import Mirrored
from ledger.audit.node_logs import first_unlike
from ledger.audit.slots import Sight
from ledger.journal.events import Event, EventUnreadable, decode
from ledger.journal.heads import START_HEAD, Journal, JournalBroken
from ledger.terms.deployment import Deployment


@dataclass(frozen=True)
class Difference:
    """The first entry at which the mirror is not the chain, and how."""

    contract: str
    seq: int
    why: str


@dataclass(frozen=True)
class JournalVerdict:
    """``seq`` and ``head`` here and on the chain; entries above ``recomputed_after`` were recomputed one by
    one.
    """

    contract: str
    address: str
    seq: int
    head: bytes
    chain_seq: int
    chain_head: bytes
    recomputed_after: int
    difference: Difference | None

    @property
    def matches(self) -> bool:
        """Whether the mirror's journal is the contract's."""
        return self.difference is None


def check(
    mirrored: Mirrored,
    sight: Sight,
    deployment: Deployment,
    contract: str,
    take: Callable[[Event, int], None],
    *,
    last: int | None = None,
) -> JournalVerdict:
    """Recomputes a journal, all of it or its ``last`` entries, handing each event on to
    ``take`` with the time of its block.

    Raises what ``ledger.chain.node`` raises.
    """
    address = deployment.address(contract)
    after = 0 if last is None else max(0, mirrored.newest(contract) - last)
    start = mirrored.entry(contract, after) if after else None
    journal = Journal(address, after, start.head if start else START_HEAD)
    difference = _recompute(mirrored, contract, journal, take)
    seq, head = sight.journal(address)
    if difference is None and (journal.seq, journal.head) != (seq, head):
        difference = _locate(mirrored, sight, deployment, journal, contract, seq)
    return JournalVerdict(contract, address, journal.seq, journal.head, seq, head, after, difference)


def _recompute(
    mirrored: Mirrored, contract: str, journal: Journal, take: Callable[[Event, int], None]
) -> Difference | None:
    for row in mirrored.entries(contract, journal.seq):
        try:
            event = decode(contract, row.topics, row.data)
            entry = journal.take(row.topics, row.data, event.position, row.seq, row.head)
        except JournalBroken as error:
            return Difference(contract, error.seq, error.why)
        except EventUnreadable as error:
            return Difference(contract, journal.seq + 1, error.what)
        if (event.seq, event.head) != (row.seq, row.head):
            return Difference(
                contract, row.seq, "its data carry another number or head than the row beside them"
            )
        if entry != row.entry_hash:
            return Difference(contract, row.seq, "its contents have another hash than the row says")
        take(event, row.block_timestamp)
    return None


def _locate(
    mirrored: Mirrored, sight: Sight, deployment: Deployment, journal: Journal, contract: str, chain_seq: int
) -> Difference:
    """Both chains are unbroken but end apart: the first entry that is not the node's."""
    unlike = first_unlike(mirrored, sight, deployment, contract)
    if unlike is not None:
        return Difference(contract, *unlike)
    if chain_seq != journal.seq:
        first = min(chain_seq, journal.seq) + 1
        return Difference(contract, first, f"{journal.seq} entries are here, the contract has {chain_seq}")
    return Difference(
        contract, journal.seq, "its head is not the contract's, though the node's logs agree with it"
    )
