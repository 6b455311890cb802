"""A deal as the registry has it."""

from typing import Annotated

import typer

from ledger.chain.views import DEAL_OF, Deal
from ledger.cli.acting.desk import Desk, identifier
from ledger.errors import LedgerError
from ledger.terms.deals import State
from ledger.terms.ids import DealId

DealArgument = Annotated[str, typer.Argument(metavar="DEAL", help="Its id.")]


def record_of(desk: Desk, deal: str) -> tuple[DealId, Deal]:
    """A deal's id and the registry's record. Raises LedgerError when there is none."""
    wanted = identifier(DealId, deal)
    record = DEAL_OF.of(desk.questions, wanted)
    if record.state is State.NONE:
        raise LedgerError(f"There is no deal 0x{wanted.hex()}.", "The API lists them: GET /v1/deals.")
    return wanted, record
