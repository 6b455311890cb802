"""Pages of the journals."""

from collections.abc import Sequence
from typing import Any

from api.paging import Page
from ledger.read.entries import Wanted, entries
from ledger.store.reading import ContractName, Reading


def listed(
    reading: Reading,
    page: Page,
    contract: ContractName | None,
    seq: int | None,
    event: str | None,
    topic: bytes | None,
) -> Sequence[Any]:
    """Entries, the newest first, one more than the page holds: rows of the table.

    The order is that of the chain. Within one contract it is that of the journal too.
    """
    contracts = list(reading.contracts.values()) if contract is None else [reading.contracts[contract]]
    after = page.keys(2 if contract is None else 1)
    return entries(reading, Wanted(contracts, seq, event, topic, after), page.probe)


def key(entry: Any, contract: ContractName | None) -> tuple[int, ...]:
    """What the next page continues from."""
    return (entry.block_number, entry.log_index) if contract is None else (entry.seq,)
