"""Where money may go that is sent elsewhere than to the wallet it belongs to."""

from collections.abc import Container

from ledger.cli.acting.desk import Desk
from ledger.errors import LedgerError
from ledger.terms.solidity import ZERO_ADDRESS


def require_recipient(desk: Desk, recipient: str, tokens: Container[str]) -> None:
    """Raises LedgerError for addresses at which money would be lost."""
    kind = desk.deployment.kind_of(recipient)
    what = (
        "the zero address"
        if recipient == ZERO_ADDRESS
        else f"the ledger's own {kind}"
        if kind is not None
        else "the token itself"
        if recipient in tokens
        else None
    )
    if what is not None:
        raise LedgerError(
            f"{recipient} is {what}: nobody could take the money out of it.",
            "Name another recipient with --to.",
        )
