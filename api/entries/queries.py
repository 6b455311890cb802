"""Pages of the journals."""

from typing import Any

from api.paging import Page
from ledger.read.entries import Wanted, entries
from ledger.terms.contracts import ContractName


def listed(
    page: Page, contract: ContractName | None, seq: int | None, event: str | None, topic: bytes | None
) -> tuple[str, dict[str, Any]]:
    """The question for a page of entries, the newest first, one more than it holds.

    The order is that of the chain. Within one contract it is that of the journal too.
    """
    after = page.keys(2 if contract is None else 1)
    return entries(Wanted(contract, seq, event, topic, after), page.probe)


def key(entry: Any, contract: ContractName | None) -> tuple[int, ...]:
    """What the next page continues from."""
    return (entry.block_number, entry.log_index) if contract is None else (entry.seq,)
