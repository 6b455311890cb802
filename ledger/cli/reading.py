"""Which deployment a command reads: the one that the settings name, or the only one that is mirrored."""

from collections.abc import Iterator
from contextlib import contextmanager

from eth_utils.address import is_address, to_canonical_address

from ledger.chain import deployment as deployments
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.reading import AsOf, Reading, read, snapshot


@contextmanager
def reading_mirror(settings: Settings, block: AsOf | None = None) -> Iterator[Reading]:
    """The mirror as of its newest block, or another."""
    chain_id = ledger = None
    if settings.deployment is not None:
        named = deployments.load(settings.deployment)
        chain_id, ledger = named.chain_id, to_canonical_address(named.address("RevenueLedger"))
    with Database.open(settings) as database, snapshot(database) as session:
        yield read(session, chain_id=chain_id, ledger=ledger, block=block)


def account_from(text: str) -> bytes:
    """An account from what a person typed. Raises ``LedgerError``."""
    if not is_address(text):
        raise LedgerError(f"{text!r} is not an address.", "Give 0x and 40 hexadecimal digits.")
    return to_canonical_address(text)
