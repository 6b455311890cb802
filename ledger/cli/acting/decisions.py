"""What a vendor decides on a deal, and how its partner takes one back."""

from typing import Annotated, Any

import typer

from ledger.cli.acting.deal_records import DealArgument, record_of
from ledger.cli.acting.desk import Desk, For, open_desk
from ledger.cli.acting.how import AS_USUAL, How, acting
from ledger.cli.acting.tokens import chosen
from ledger.errors import LedgerError
from ledger.terms.deals import State
from ledger.terms.reasons import reason_code

Reason = Annotated[str, typer.Option(help="A code of at most 32 plain characters, as EXISTING_CUSTOMER.")]
_WITHDRAWN_FROM = (State.REGISTERED, State.RETURNED, State.APPROVED)


@acting
def withdraw_command(deal: DealArgument, account: For = None, how: How = AS_USUAL) -> None:
    """Takes a deal of yours back that is not won, lost or rejected. Its customer is free for others then."""
    desk = open_desk(how, account)
    wanted, record = record_of(desk, deal)
    owner, state = record.account, record.state
    if desk.account != owner:
        raise LedgerError(f"The deal was registered by {owner}.", "Its own wallet takes it back.")
    if state is State.COMMITTED:
        raise LedgerError(
            "The deal is committed to and not revealed.",
            "Nothing is left to do: unrevealed, it lapses within an hour of the commitment.",
        )
    if state not in _WITHDRAWN_FROM:
        raise LedgerError(f"The deal is {state.name.lower()}: it stays so.", "Nothing is left to do.")
    desk.act("withdraw_deal", account=owner, deal=wanted)


@acting
def approve_command(deal: DealArgument, account: For = None, how: How = AS_USUAL) -> None:
    """Approves a deal as its vendor: its partner has the customer for the time that the terms give."""
    _decide(open_desk(how, account), "approve_deal", deal)


@acting
def return_command(deal: DealArgument, reason: Reason, account: For = None, how: How = AS_USUAL) -> None:
    """Returns a deal to its partner as its vendor, with a reason; it can still be approved."""
    _decide(open_desk(how, account), "return_deal", deal, reason=reason_code(reason))


@acting
def reject_command(deal: DealArgument, reason: Reason, account: For = None, how: How = AS_USUAL) -> None:
    """Rejects a deal as its vendor, for good, with a reason."""
    _decide(open_desk(how, account), "reject_deal", deal, reason=reason_code(reason))


@acting
def win_command(
    deal: DealArgument,
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="What was sold, in whole tokens, as 1234.50.")
    ],
    token: Annotated[
        str | None, typer.Option(help="By symbol or address; the agreement's only one when left out.")
    ] = None,
    account: For = None,
    how: How = AS_USUAL,
) -> None:
    """Says as its vendor that an approved deal is won, and for how much. It pays nothing by itself."""
    desk = open_desk(how, account)
    _, record = record_of(desk, deal)
    sold_in = chosen(desk.node, desk.deployment, desk.terms_of(record.agreement).tokens, token)
    units = sold_in.units(value)
    if not units:
        raise LedgerError("A won deal has a value.", f"Write whole {sold_in.symbol}, as 1234.50.")
    _decide(desk, "win_deal", deal, value=units, token=sold_in.address)


@acting
def lose_command(deal: DealArgument, account: For = None, how: How = AS_USUAL) -> None:
    """Says as its vendor that an approved deal is lost."""
    _decide(open_desk(how, account), "lose_deal", deal)


def _decide(desk: Desk, decision: str, deal: str, **given: Any) -> None:
    wanted, record = record_of(desk, deal)
    vendor = record.vendor
    if desk.account != vendor:
        if record.state is State.COMMITTED:
            raise LedgerError(
                "The deal is committed to and not revealed.", "Its partner reveals it first, within an hour."
            )
        raise LedgerError(
            f"{vendor} decides on the deal, as the vendor, and not {desk.account}.",
            "Act with the vendor's key.",
        )
    desk.act(decision, vendor=vendor, deal=wanted, **given)
