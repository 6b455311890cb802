"""``pledger deal``: approval by default, longer exclusivity, newer tags, and reviews."""

from typing import Annotated, Any

import typer
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from ledger.chain.authorization import BY_TRANSACTION
from ledger.chain.consents import extension_action, retag_action
from ledger.chain.states import State
from ledger.cli.acting.consents import agree
from ledger.cli.acting.desk import Desk, For, RpcUrl, any_desk, identifier, open_desk
from ledger.cli.acting.moments import last_second, shown
from ledger.errors import LedgerError

deal_app = typer.Typer(no_args_is_help=True, help="Approve by default, extend, tag again, or review a deal.")

Deal = Annotated[str, typer.Argument(metavar="DEAL", help="Its id.")]
_ACCOUNT, _STATE, _VENDOR, _DECIDE_BY = 0, 1, 5, 6
"""Places in the registry's record of a deal."""


@deal_app.command("approve-by-default")
def approve_command(deal: Deal, rpc_url: RpcUrl = None) -> None:
    """Approves a deal whose vendor let its deadline pass. Anyone can."""
    desk = any_desk(rpc_url)
    wanted, record = _record(desk, deal)
    if record[_STATE] == State.REGISTERED and desk.now <= record[_DECIDE_BY]:
        raise LedgerError(
            f"The vendor has until {shown(record[_DECIDE_BY])} to decide.", "Run this again after that."
        )
    desk.send("DealRegistry", "approveByDefault", wanted, action="approve the deal by default")


@deal_app.command("extend")
def extend_command(
    deal: Deal,
    until: Annotated[str, typer.Option(help="Last day of the exclusivity, as 2027-03-31 (UTC).")],
    account: For = None,
    rpc_url: RpcUrl = None,
) -> None:
    """Extends an approved deal's exclusivity: partner and vendor one after the other."""
    desk = open_desk(rpc_url, account)
    wanted, record = _record(desk, deal)
    exclusive_until = last_second(until)
    sides = [to_checksum_address(record[_ACCOUNT]), to_checksum_address(record[_VENDOR])]
    what = f"exclusivity until {shown(exclusive_until)}"

    def carry_out() -> None:
        none = BY_TRANSACTION.to_abi()
        desk.send("DealRegistry", "extend", wanted, exclusive_until, none, none, action=what)

    agree(desk, "DealRegistry", extension_action(wanted, exclusive_until), sides, what, carry_out)


@deal_app.command("retag")
def retag_command(
    deal: Deal,
    tag: Annotated[str, typer.Argument(help="The customer's tag under the newest key.")],
    account: For = None,
    rpc_url: RpcUrl = None,
) -> None:
    """Tags a deal of yours again after the programme's key was replaced; `pledger import` does it for all of
    a report.

    Of a won deal the vendor consents first, by running the same command.
    """
    desk = open_desk(rpc_url, account)
    wanted, record = _record(desk, deal)
    new = identifier(tag, "a customer")
    vendor = to_checksum_address(record[_VENDOR])
    if desk.account == vendor:
        desk.send(
            "DealRegistry", "consent", vendor, retag_action(wanted, new), action="consent to the new tag"
        )
        return
    desk.send("DealRegistry", "retag", desk.account, wanted, new, action="tag the deal again")


@deal_app.command("review")
def review_command(
    deal: Deal,
    rating: Annotated[int, typer.Argument(min=1, max=5, help="1 to 5.")],
    comment: Annotated[
        str, typer.Option(help="A text kept elsewhere: only its keccak-256 hash goes on the chain.")
    ] = "",
    account: For = None,
    rpc_url: RpcUrl = None,
) -> None:
    """Rates the other side of a won deal, once."""
    desk = open_desk(rpc_url, account)
    wanted, record = _record(desk, deal)
    if record[_STATE] != State.WON:
        raise LedgerError(
            f"The deal is {State(record[_STATE]).name.lower()}: only won ones are reviewed.",
            "Review it once the vendor has said that it is won.",
        )
    code = keccak(text=comment) if comment else bytes(32)
    desk.send("DealRegistry", "review", desk.account, wanted, rating, code, action=f"review with {rating}")
    if comment:
        print(f"Keep the text: 0x{code.hex()} proves it.")


@deal_app.command("revoke-review")
def revoke_command(deal: Deal, account: For = None, rpc_url: RpcUrl = None) -> None:
    """Takes a review of yours back, for good."""
    desk = open_desk(rpc_url, account)
    wanted, _ = _record(desk, deal)
    desk.send("DealRegistry", "revokeReview", desk.account, wanted, action="revoke the review")


def _record(desk: Desk, deal: str) -> tuple[bytes, Any]:
    """A deal's id and the registry's record. Raises LedgerError when there is none."""
    wanted = identifier(deal, "a deal")
    record = desk.ask("DealRegistry", "dealOf", wanted)
    if record[_STATE] == State.NONE:
        raise LedgerError(f"There is no deal 0x{wanted.hex()}.", "The API lists them: GET /v1/deals.")
    return wanted, record
