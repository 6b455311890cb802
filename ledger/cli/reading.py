"""Which deployment a command reads: the one that the settings name, or the only one that is mirrored."""

from collections.abc import Iterator
from contextlib import contextmanager

from eth_utils.address import to_canonical_address

from ledger.chain import deployment as deployments
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.reading import AsOf, Reading, read, snapshot
from ledger.terms.contracts import REVENUE

UNVERIFIED = ", of times that are unverified: `pledger status` says which"


@contextmanager
def reading_mirror(settings: Settings, block: AsOf | None = None) -> Iterator[Reading]:
    """The mirror as of its newest block, or another."""
    chain_id = ledger = None
    if settings.deployment is not None:
        named = deployments.load(settings.deployment)
        chain_id, ledger = named.chain_id, to_canonical_address(named.address(REVENUE))
    with Database.open(settings) as database, snapshot(database) as session:
        yield read(session, chain_id=chain_id, ledger=ledger, block=block)


def as_of(reading: Reading) -> str:
    """As of which block it is, and whether it rests on times that are a node's word alone."""
    return f"as of block {reading.as_of.number}" + ("" if reading.times_verified else UNVERIFIED)
