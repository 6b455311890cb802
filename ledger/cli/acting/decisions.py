"""What a vendor decides on a deal, and how its partner takes one back."""

from typing import Annotated

import typer
from eth_utils.address import to_checksum_address

from ledger.cli.acting.deal_records import ACCOUNT, AGREEMENT, STATE, VENDOR, DealId, record_of
from ledger.cli.acting.desk import Desk, For, RpcUrl, Yes, open_desk
from ledger.cli.acting.tokens import chosen
from ledger.errors import LedgerError
from ledger.terms.deals import State
from ledger.terms.reasons import reason_code
from ledger.terms.solidity import ZERO_ADDRESS

Reason = Annotated[str, typer.Option(help="A code of at most 32 plain letters, as EXISTING_CUSTOMER.")]
_WITHDRAWN_FROM = (State.REGISTERED, State.RETURNED, State.APPROVED)


def withdraw_command(deal: DealId, account: For = None, rpc_url: RpcUrl = None, yes: Yes = False) -> None:
    """Takes a deal of yours back that is not won, lost or rejected. Its customer is free for others then."""
    desk = open_desk(rpc_url, account, yes=yes)
    wanted, record = record_of(desk, deal)
    owner, state = to_checksum_address(record[ACCOUNT]), State(record[STATE])
    if desk.account != owner:
        raise LedgerError(f"The deal was registered by {owner}.", "Its own wallet takes it back.")
    if state is State.COMMITTED:
        raise LedgerError(
            "The deal is committed to and not revealed.",
            "Nothing is left to do: unrevealed, it lapses within an hour of the commitment.",
        )
    if state not in _WITHDRAWN_FROM:
        raise LedgerError(f"The deal is {state.name.lower()}: it stays so.", "Nothing is left to do.")
    desk.send("DealRegistry", "withdraw", owner, wanted, action=f"withdraw the deal 0x{wanted.hex()}")


def approve_command(deal: DealId, account: For = None, rpc_url: RpcUrl = None, yes: Yes = False) -> None:
    """Approves a deal as its vendor: its partner has the customer for the time that the terms give."""
    _decide(open_desk(rpc_url, account, yes=yes), deal, State.APPROVED, "approve")


def return_command(
    deal: DealId, reason: Reason, account: For = None, rpc_url: RpcUrl = None, yes: Yes = False
) -> None:
    """Returns a deal to its partner as its vendor, with a reason; it can still be approved."""
    _decide(open_desk(rpc_url, account, yes=yes), deal, State.RETURNED, "return", reason)


def reject_command(
    deal: DealId, reason: Reason, account: For = None, rpc_url: RpcUrl = None, yes: Yes = False
) -> None:
    """Rejects a deal as its vendor, for good, with a reason."""
    _decide(open_desk(rpc_url, account, yes=yes), deal, State.REJECTED, "reject", reason)


def win_command(
    deal: DealId,
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="What was sold, in whole tokens, as 1234.50.")
    ],
    token: Annotated[
        str | None, typer.Option(help="By symbol or address; the agreement's only one when left out.")
    ] = None,
    account: For = None,
    rpc_url: RpcUrl = None,
    yes: Yes = False,
) -> None:
    """Says as its vendor that an approved deal is won, and for how much. It pays nothing by itself."""
    desk = open_desk(rpc_url, account, yes=yes)
    _, record = record_of(desk, deal)
    sold_in = chosen(desk.node, desk.deployment, desk.terms_of(record[AGREEMENT]).tokens, token)
    units = sold_in.units(value)
    if not units:
        raise LedgerError("A won deal has a value.", f"Write whole {sold_in.symbol}, as 1234.50.")
    what = f"say of {sold_in.text(units)} that it is won:"
    _decide(desk, deal, State.WON, what, value=units, token=sold_in.address)


def lose_command(deal: DealId, account: For = None, rpc_url: RpcUrl = None, yes: Yes = False) -> None:
    """Says as its vendor that an approved deal is lost."""
    _decide(open_desk(rpc_url, account, yes=yes), deal, State.LOST, "say that it is lost:")


def _decide(
    desk: Desk,
    deal: str,
    outcome: State,
    what: str,
    reason: str | None = None,
    value: int = 0,
    token: str = ZERO_ADDRESS,
) -> None:
    wanted, record = record_of(desk, deal)
    vendor = to_checksum_address(record[VENDOR])
    if desk.account != vendor:
        if State(record[STATE]) is State.COMMITTED:
            raise LedgerError(
                "The deal is committed to and not revealed.", "Its partner reveals it first, within an hour."
            )
        raise LedgerError(
            f"{vendor} decides on the deal, as the vendor, and not {desk.account}.",
            "Act with the vendor's key.",
        )
    code = bytes(32) if reason is None else reason_code(reason)
    decision = (wanted, outcome, code, value, token)
    desk.send("DealRegistry", "decide", vendor, decision, action=f"{what} the deal 0x{wanted.hex()}")
