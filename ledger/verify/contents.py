"""The files that a bundle has."""

from ledger.verify import agreed, anchor, headers, payments
from ledger.verify.manifests import MANIFEST
from ledger.verify.subject import CONTRACTS


def names(*, opened: bool = False, linked: bool = False) -> set[str]:
    """The files that a bundle has."""
    found = {MANIFEST, *anchor.names(CONTRACTS), *map(journal_file, CONTRACTS)}
    if opened:
        found |= {agreed.FILE, payments.FILE, *anchor.names(CONTRACTS, anchor.OPENING)}
    return found | {headers.FILE} if linked else found


def journal_file(contract: str) -> str:
    """The file of a contract's journal."""
    return f"{contract}/journal.rlp"
