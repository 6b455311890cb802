"""A deal as the registry has it."""

from typing import Annotated, Any

import typer

from ledger.cli.acting.desk import Desk, identifier
from ledger.errors import LedgerError
from ledger.terms.deals import State

DealId = Annotated[str, typer.Argument(metavar="DEAL", help="Its id.")]
ACCOUNT, STATE, SINCE, AGREEMENT, VENDOR, DECIDE_BY, EXCLUSIVE_UNTIL = 0, 1, 2, 4, 5, 6, 8
"""Places in the registry's record of a deal."""


def record_of(desk: Desk, deal: str) -> tuple[bytes, Any]:
    """A deal's id and the registry's record. Raises LedgerError when there is none."""
    wanted = identifier(deal, "a deal")
    record = desk.ask("DealRegistry", "dealOf", wanted)
    if record[STATE] == State.NONE:
        raise LedgerError(f"There is no deal 0x{wanted.hex()}.", "The API lists them: GET /v1/deals.")
    return wanted, record
