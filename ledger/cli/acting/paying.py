"""``pledger pay``: one invoice under an agreement."""

import re
from typing import Annotated

import typer
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.chain.payment_state import wallets_of
from ledger.chain.transactions import balance
from ledger.chain.views import STANDING_OF
from ledger.cli.acting.desk import AgreementArgument, Desk, any_desk, identifier
from ledger.cli.acting.how import AS_USUAL, How, acting
from ledger.cli.acting.secret_keys import import_key
from ledger.cli.acting.tokens import Token, amount_said, chosen
from ledger.cli.moments import shown
from ledger.errors import LedgerError
from ledger.intake.names import as_seen
from ledger.intake.references import invoice_ref
from ledger.terms.agreement import NATIVE_COIN, OPEN_ENDED, Terms
from ledger.terms.contracts import DEALS, REVENUE
from ledger.terms.ids import NO_DEAL, AgreementId, DealId, InvoiceRef
from ledger.terms.units import DAY

_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,79}")
"""As the partners file takes it."""


@acting
def pay_command(
    agreement: AgreementArgument,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="In whole tokens, as 1234.50.")],
    invoice: Annotated[
        str | None,
        typer.Option(
            help="Its number in your books; only a keyed hash of it goes on the chain (PLEDGER_IMPORT_KEY)."
        ),
    ] = None,
    source: Annotated[
        str, typer.Option(help="The system that the number is of, as `source` in the partners file.")
    ] = "manual",
    reference: Annotated[
        str | None, typer.Option(help="Instead of --invoice: the reference itself, 0x and 64 digits.")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(help="By symbol or address, `coin` for the chain's own; the only one when left out."),
    ] = None,
    deal: Annotated[str | None, typer.Option(help="The won deal that it comes from.")] = None,
    how: How = AS_USUAL,
) -> None:
    """Pays an invoice under an agreement, which splits it as its parties signed; the key's wallet is the
    payer.
    """
    desk = any_desk(how)
    wanted = identifier(AgreementId, agreement)
    terms = desk.terms_of(wanted)
    paid_in = chosen(desk.node, desk.deployment, terms.tokens, token)
    units = paid_in.units(amount)
    if not units:
        raise LedgerError("The amount is nothing.", f"Write whole {paid_in.symbol}, as 1234.50.")
    from_deal = NO_DEAL if deal is None else identifier(DealId, deal)
    ref = _reference(invoice, source, reference)
    _require_open(desk, wanted, terms, from_deal)
    _require_unpaid(desk, ref)
    _require_funds(desk, paid_in, units)
    hold = f"; it is held for {terms.hold_seconds // DAY} days" if terms.hold_seconds else ""
    desk.allow(paid_in, units)
    desk.act(
        "pay_invoice",
        account=desk.account,
        agreement=wanted,
        token=paid_in.address,
        amount=units,
        invoice_ref=ref,
        deal=from_deal,
    )
    print(f"Its reference is 0x{ref.hex()}, by which `pledger payment` finds it{hold}.")


def _reference(invoice: str | None, source: str, reference: str | None) -> InvoiceRef:
    if (invoice is None) == (reference is None):
        raise LedgerError(
            "Say which invoice it is: it can be paid once.",
            "Give its number with --invoice, or a reference of your own with --reference.",
        )
    if reference is not None:
        found = identifier(InvoiceRef, reference)
        if not any(found):
            raise LedgerError("A reference of zeros names no invoice.", "Give 0x and 64 hexadecimal digits.")
        return found
    number = as_seen(invoice or "")
    if not number or not number.isprintable():
        raise LedgerError(f"{invoice!r} is not an invoice's number.", "Give it as your books have it.")
    if not _SOURCE.fullmatch(source):
        raise LedgerError(
            f"{source!r} does not name a system.",
            "Write it as `source` in the partners file: letters, digits, :._-",
        )
    return invoice_ref(import_key(), source, number)


def _require_open(desk: Desk, agreement: AgreementId, terms: Terms, deal: DealId) -> None:
    """Raises LedgerError when the agreement takes no payment like this now."""
    if desk.ask(REVENUE, "depositsPaused"):
        raise LedgerError(
            "The consortium's guardian has paused new payments.", "Nothing was sent: try again later."
        )
    now, standing = desk.now, STANDING_OF.of(desk.questions, agreement)
    if any(deal):
        won_under = desk.ask(DEALS, "wonUnder", deal)
        if won_under != agreement:
            raise LedgerError(
                f"The deal 0x{deal.hex()} was "
                + (f"won under the agreement 0x{won_under.hex()}." if any(won_under) else "not won."),
                "Pay under the agreement that it was won under, or leave --deal out.",
            )
        return
    if terms.valid_from > now:
        raise LedgerError(f"The agreement is in force from {shown(terms.valid_from)} on.", "Pay it then.")
    if standing.is_replaced(now):
        raise LedgerError(
            f"The agreement 0x{standing.successor.hex()} has taken its place.",
            "Pay under that one; what a deal brings that was won before, with --deal under this one.",
        )
    ends_at = standing.last_second(terms.valid_until)
    if now > ends_at and ends_at != OPEN_ENDED:
        raise LedgerError(
            f"The agreement ended on {shown(ends_at)}.",
            "Only what deals bring that were won before is still paid under it: name the deal with --deal.",
        )


def _require_unpaid(desk: Desk, reference: InvoiceRef) -> None:
    """Raises LedgerError when any wallet that ever acted for the payer has paid the invoice."""
    wallets = sorted(wallets_of(desk.questions, desk.account) | {desk.wallet})
    slots = desk.questions.ask(REVENUE, "paymentOf", [[wallet, reference] for wallet in wallets])
    paid = [wallet for wallet, slot in zip(wallets, slots, strict=True) if any(slot)]
    if paid:
        raise LedgerError(
            f"{paid[0]} has paid the invoice 0x{reference.hex()} already.", "Nothing was paid twice."
        )


def _require_funds(desk: Desk, token: Token, amount: int) -> None:
    wallet: ChecksumAddress = to_checksum_address(desk.wallet)
    if token.address == NATIVE_COIN:
        has = balance(desk.node, wallet)
    else:
        has = amount_said(desk.node, token, "balanceOf", wallet)
    if has < amount:
        raise LedgerError(
            f"{wallet} has {token.text(has)}, and {token.text(amount)} are to be paid.",
            "Fund the wallet first.",
        )
