"""``pledger deal``: its whole life: registration, decisions, longer exclusivity, newer tags, and reviews."""

from typing import Annotated

import typer
from eth_utils.crypto import keccak

from ledger.chain.authorization import BY_TRANSACTION
from ledger.cli.acting import decisions
from ledger.cli.acting.consents import ConsentUntil, agree
from ledger.cli.acting.deal_records import DealArgument, record_of
from ledger.cli.acting.desk import For, any_desk, identifier, open_desk
from ledger.cli.acting.how import AS_USUAL, How, acting
from ledger.cli.acting.registrations import register_deal_command
from ledger.cli.listing import list_deals_command
from ledger.cli.moments import last_second, require_ahead, shown
from ledger.errors import LedgerError
from ledger.terms.deals import State
from ledger.terms.ids import CustomerTag
from ledger.terms.payments import Retag

deal_app = typer.Typer(
    no_args_is_help=True,
    help="List deals, register one, decide on it, withdraw, extend, tag again or review it.",
)

_LONGEST_EXTENSION = 3_650 * 86_400
"""As contracts/deals/DealRegistry.sol has it."""

deal_app.command("list")(list_deals_command)
deal_app.command("register")(register_deal_command)
deal_app.command("withdraw")(decisions.withdraw_command)
deal_app.command("approve")(decisions.approve_command)
deal_app.command("return")(decisions.return_command)
deal_app.command("reject")(decisions.reject_command)
deal_app.command("win")(decisions.win_command)
deal_app.command("lose")(decisions.lose_command)


@deal_app.command("approve-by-default")
@acting
def approve_command(deal: DealArgument, how: How = AS_USUAL) -> None:
    """Approves a deal whose vendor let its deadline pass. Anyone can."""
    desk = any_desk(how)
    wanted, record = record_of(desk, deal)
    if record.state in (State.REGISTERED, State.RETURNED) and desk.now <= record.decide_by:
        raise LedgerError(
            f"The vendor has until {shown(record.decide_by)} to decide.", "Run this again after that."
        )
    desk.act("approve_deal_by_default", deal=wanted)


@deal_app.command("extend")
@acting
def extend_command(
    deal: DealArgument,
    until: Annotated[str, typer.Option(help="Last day of the exclusivity, as 2027-03-31 (UTC).")],
    consent_until: ConsentUntil = None,
    account: For = None,
    how: How = AS_USUAL,
) -> None:
    """Extends an approved deal's exclusivity: partner and vendor one after the other."""
    desk = open_desk(how, account)
    wanted, record = record_of(desk, deal)
    exclusive_until = last_second(until)
    sides = [record.account, record.vendor]
    what = f"exclusivity until {shown(exclusive_until)}"
    named = {"deal": wanted, "exclusive_until": exclusive_until}
    if record.state is not State.APPROVED:
        state = record.state.name.lower()
        raise LedgerError(f"The deal is {state}: only approved ones are exclusive.", "Approve it first.")
    require_ahead(desk.now, exclusive_until, "The end of the exclusivity")
    if exclusive_until <= record.exclusive_until:
        raise LedgerError(
            f"It is exclusive until {shown(record.exclusive_until)} anyway.", "Choose a later day."
        )
    if exclusive_until > desk.now + _LONGEST_EXTENSION:
        raise LedgerError("An extension lasts ten years at most.", "Choose an earlier day.")

    def carry_out() -> None:
        desk.act("extend_deal", **named, by_account=BY_TRANSACTION, by_vendor=BY_TRANSACTION)

    agree(desk, "consent_to_extension", named, sides, what, consent_until, carry_out)


@deal_app.command("retag")
@acting
def retag_command(
    deal: DealArgument,
    tag: Annotated[str, typer.Argument(help="The customer's tag under the newest key.")],
    account: For = None,
    how: How = AS_USUAL,
) -> None:
    """Tags a deal of yours again after the programme's key was replaced, before the grace ends; `pledger
    import` does it for all of a report.

    A won deal is tagged again by its vendor, at any time; until all are, nobody is approved.
    """
    desk = open_desk(how, account)
    wanted, record = record_of(desk, deal)
    new = identifier(CustomerTag, tag)
    vendor = record.vendor
    if desk.account == vendor:
        if record.state is not State.WON:
            raise LedgerError("Its partner tags the deal again.", "A vendor does so once it is won.")
        desk.act("retag_won_deals", vendor=vendor, retags=[Retag(wanted, new)])
        return
    if record.state is State.WON:
        raise LedgerError("The deal is won: its vendor tags it again.", f"{vendor} runs this same command.")
    desk.act("retag_deal", account=desk.account, deal=wanted, tag=new)


@deal_app.command("review")
@acting
def review_command(
    deal: DealArgument,
    rating: Annotated[int, typer.Argument(min=1, max=5, help="1 to 5.")],
    comment: Annotated[
        str, typer.Option(help="A text kept elsewhere: only its keccak-256 hash goes on the chain.")
    ] = "",
    account: For = None,
    how: How = AS_USUAL,
) -> None:
    """Rates the other side of a won deal, once."""
    desk = open_desk(how, account)
    wanted, record = record_of(desk, deal)
    if record.state is not State.WON:
        raise LedgerError(
            f"The deal is {record.state.name.lower()}: only won ones are reviewed.",
            "Review it once the vendor has said that it is won.",
        )
    code = keccak(text=comment) if comment else bytes(32)
    desk.act("review_deal", reviewer=desk.account, deal=wanted, rating=rating, comment=code)
    if comment:
        print(f"Keep the text: 0x{code.hex()} proves it.")


@deal_app.command("revoke-review")
@acting
def revoke_command(deal: DealArgument, account: For = None, how: How = AS_USUAL) -> None:
    """Takes a review of yours back, for good."""
    desk = open_desk(how, account)
    wanted, _ = record_of(desk, deal)
    desk.act("revoke_review", reviewer=desk.account, deal=wanted)
