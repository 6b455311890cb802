"""``pledger payment``: take back, dispute, rule, claw back, and have released."""

from typing import Annotated, Any

import typer
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.chain.authorization import BY_TRANSACTION
from ledger.chain.payment_state import read_payments, wallets_of
from ledger.cli.acting.consents import ConsentUntil, agree
from ledger.cli.acting.desk import Desk, For, address, any_desk, identifier, open_desk
from ledger.cli.acting.how import AS_USUAL, How, acting
from ledger.cli.acting.recipients import require_recipient
from ledger.cli.acting.tokens import chosen
from ledger.cli.moments import shown
from ledger.errors import LedgerError
from ledger.rules.payment import Payment
from ledger.terms.agreement import Terms
from ledger.terms.clauses import Clawback
from ledger.terms.contracts import REVENUE
from ledger.terms.ids import AgreementId, InvoiceRef
from ledger.terms.payments import RecordStatus
from ledger.terms.reasons import reason_code

payment_app = typer.Typer(
    no_args_is_help=True,
    help="Take a payment back, dispute it, rule on it, claw it back, or have it released.",
)

Reference = Annotated[
    str, typer.Argument(metavar="INVOICE_REF", help="The payer's reference, as the API shows it.")
]
Payer = Annotated[
    str | None, typer.Option(metavar="ACCOUNT", help="Who paid; your own account when left out.")
]
Amount = Annotated[str | None, typer.Option(help="In whole tokens; all that is left when left out.")]
To = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Where to, of what is yours; your wallet when left out. Only you can name it."
    ),
]
Reason = Annotated[str, typer.Option(help="A code of at most 32 plain characters, as NOT_DELIVERED.")]
_DAYS = 64
_CONSENTS = 200
"""Payees whose consents one transaction carries, beside a plan of a thousand."""


@payment_app.command("refund")
@acting
def refund_command(
    invoice_ref: Reference,
    amount: Amount = None,
    to: To = None,
    account: For = None,
    how: How = AS_USUAL,
) -> None:
    """Takes a payment of yours back before its day, or part of it, also while it is in dispute."""
    desk = open_desk(how, account)
    paid = _payment(desk, invoice_ref, None)
    if desk.now >= paid.matures_at and paid.in_dispute:
        raise LedgerError(
            f"It could be taken back until {shown(paid.matures_at)}.",
            "It is in dispute: its arbiter rules on it.",
        )
    if desk.now >= paid.matures_at:
        raise LedgerError(
            f"It was released on {shown(paid.matures_at)}.",
            "If its terms allow a clawback, `pledger payment clawback` asks the payees or the arbiter for "
            "one.",
        )
    back = _amount(desk, paid, amount)
    recipient = None if to is None else _recipient(desk, to, to_checksum_address(paid.token))
    desk.act("refund", account=desk.account, **_named(paid), amount=back, recipient=recipient)


@payment_app.command("dispute")
@acting
def dispute_command(
    invoice_ref: Reference,
    reason: Reason,
    payer: Payer = None,
    account: For = None,
    how: How = AS_USUAL,
) -> None:
    """Disputes a held payment: what is left of it waits until the arbiter rules. Any party can, once."""
    desk = open_desk(how, account)
    paid = _payment(desk, invoice_ref, payer)
    if paid.status == RecordStatus.DISPUTE_OVER:
        raise LedgerError(
            f"It was disputed on {shown(paid.disputed_at)}, and that is over.",
            "There is one dispute a payment. While it is held its payer can take it back.",
        )
    terms = desk.terms_of(paid.agreement)
    if not int(terms.arbiter, 16):
        raise LedgerError(
            "The terms name no arbiter, so nobody could rule on it.",
            "Ask the payer to take it back while it is held: `pledger payment refund`.",
        )
    code = reason_code(reason)
    desk.act("dispute", account=desk.account, **_named(paid), reason=code, terms=terms)
    print(f"{terms.arbiter} rules on it: `pledger payment rule`.")


@payment_app.command("rule")
@acting
def rule_command(
    invoice_ref: Reference,
    payer: Annotated[str, typer.Option(metavar="ACCOUNT", help="Who paid.")],
    refund: Annotated[str, typer.Option(help="What is the payer's again, in whole tokens; 0 for nothing.")],
    reason: Reason,
    account: For = None,
    how: How = AS_USUAL,
) -> None:
    """Rules on a disputed payment. The arbiter does."""
    desk = open_desk(how, account)
    paid = _payment(desk, invoice_ref, payer)
    if not paid.in_dispute:
        raise LedgerError("Nobody disputes this payment.", "A party does, with `pledger payment dispute`.")
    back = desk.token(paid.token).units(refund)
    if back > paid.left:
        raise LedgerError(
            f"{refund} is more than {_shown(desk, paid, paid.left)}, which is left of it.",
            "Give back at most what is left.",
        )
    code = reason_code(reason)
    desk.act("rule_payment", arbiter=desk.account, **_named(paid), refunded=back, reason=code)
    if back:
        print("Anyone can have it paid out: `pledger payment pay-out`.")


@payment_app.command("drop")
@acting
def drop_command(invoice_ref: Reference, payer: Payer = None, how: How = AS_USUAL) -> None:
    """Drops a dispute on which the arbiter has not ruled in time. Anyone can."""
    desk = any_desk(how)
    paid = _payment(desk, invoice_ref, payer)
    if paid.in_dispute:
        rule_by = paid.disputed_at + desk.ask(REVENUE, "RULING_SECONDS")
        if desk.now < rule_by:
            raise LedgerError(
                f"The arbiter has until {shown(rule_by)} to rule.", "Run this again from then on."
            )
    desk.act("drop_dispute", **_named(paid))


@payment_app.command("pay-out")
@acting
def pay_out_command(
    invoice_ref: Reference,
    payer: Payer = None,
    to: To = None,
    how: How = AS_USUAL,
) -> None:
    """Pays a payer what a ruling gave back to it. Anyone can; to another address the payer itself."""
    desk = any_desk(how)
    paid = _payment(desk, invoice_ref, payer)
    due = desk.ask(REVENUE, "refundDue", paid.payer_address, paid.invoice_ref)
    if not due:
        raise LedgerError("Nothing waits to be paid out.", "A ruling gives back what is then paid out once.")
    recipient = None if to is None else _recipient(desk, to, to_checksum_address(paid.token))
    account = None if recipient is None and desk.how.sends else desk.account_of(paid.payer_address)
    desk.act("pay_out_refund", account=account, **_named(paid), due=due, recipient=recipient)


@payment_app.command("clawback")
@acting
def clawback_command(
    invoice_ref: Reference,
    payer: Payer = None,
    amount: Amount = None,
    reason: Annotated[str, typer.Option(help="The arbiter's reason code.")] = "CLAWBACK",
    consent_until: ConsentUntil = None,
    account: For = None,
    how: How = AS_USUAL,
) -> None:
    """Has a released payment refunded out of later revenue: the arbiter alone, or all payees one after the
    other.
    """
    desk = open_desk(how, account)
    paid = _payment(desk, invoice_ref, payer)
    terms = desk.terms_of(paid.agreement)
    _require_clawback(desk, paid, terms)
    back = _amount(desk, paid, amount)
    what = f"clawback of {_shown(desk, paid, back)}"
    named = {**_named(paid), "amount": back, "terms": terms}
    if desk.account == terms.arbiter:
        desk.act("rule_clawback", arbiter=desk.account, **named, reason=reason_code(reason))
        return
    payees = [payee.account for payee in terms.payees]

    def carry_out() -> None:
        for begin in range(0, len(payees), _CONSENTS):
            consents = [BY_TRANSACTION for _ in payees[begin : begin + _CONSENTS]]
            desk.act("claw_back", **named, consents=consents)

    agree(desk, "consent_to_clawback", named, payees, what, consent_until, carry_out)


@payment_app.command("pay-debt")
@acting
def pay_debt_command(
    agreement: Annotated[str, typer.Argument(help="The agreement that owes it.")],
    debt: Annotated[
        int, typer.Argument(min=1, max=2**32 - 1, help="The debt's number, as the API shows it.")
    ],
    token: Annotated[str | None, typer.Option(help="Its token; the only one when left out.")] = None,
    to: To = None,
    how: How = AS_USUAL,
) -> None:
    """Pays a payer what revenue has served of a clawback. Anyone can; to another address the payer itself."""
    desk = any_desk(how)
    owing = identifier(AgreementId, agreement)
    paid_in = chosen(desk.node, desk.deployment, desk.terms_of(owing).tokens, token).address
    recipient = None if to is None else _recipient(desk, to, paid_in)
    account = None if recipient is None and desk.how.sends else desk.account
    desk.act("pay_debt", account=account, agreement=owing, token=paid_in, debt=debt, recipient=recipient)


@payment_app.command("mature")
@acting
def mature_command(
    agreement: Annotated[str, typer.Argument(help="Whose held payments are due.")],
    token: Annotated[str | None, typer.Option(help="Their token; the only one when left out.")] = None,
    most: Annotated[int, typer.Option(min=1, max=3_650, help="Days to release at most.")] = _DAYS,
    how: How = AS_USUAL,
) -> None:
    """Has held payments released whose day has come. Claims do it too; anyone can."""
    desk = any_desk(how)
    wanted = identifier(AgreementId, agreement)
    paid_in = chosen(desk.node, desk.deployment, desk.terms_of(wanted).tokens, token)
    if not desk.ask(REVENUE, "mature", wanted, paid_in.address, most):
        print(f"Nothing is due: what is held in {paid_in.symbol} is released as its day begins (UTC).")
        return
    desk.act("mature", agreement=wanted, token=paid_in.address, most=most)


def _payment(desk: Desk, invoice_ref: str, payer: str | None) -> Payment:
    """The payment as the chain has it, by whichever wallet the payer paid with. Raises LedgerError."""
    reference = identifier(InvoiceRef, invoice_ref)
    account = desk.account if payer is None else desk.account_of(payer)
    paid = read_payments(desk.questions, wallets_of(desk.questions, account), [reference]).get(reference)
    if paid is not None:
        return paid
    hint = "Name who paid with --payer." if payer is None else "Check the reference: the API lists payments."
    raise LedgerError(f"{account} paid no invoice 0x{reference.hex()}.", hint)


def _named(paid: Payment) -> dict[str, Any]:
    """The payment as actions name it, and as it was read."""
    return {"payer": paid.payer_address, "invoice_ref": paid.invoice_ref, "payment": paid}


def _recipient(desk: Desk, to: str, token: str) -> ChecksumAddress:
    found = address(to)
    require_recipient(desk, found, [token])
    return found


def _amount(desk: Desk, paid: Payment, text: str | None) -> int:
    if text is None:
        return paid.left
    found = desk.token(paid.token).units(text)
    if not 0 < found <= paid.left:
        raise LedgerError(
            f"{text} is not between nothing and {_shown(desk, paid, paid.left)}, which is left of it.",
            "Leave --amount out to take all that is left.",
        )
    return found


def _shown(desk: Desk, paid: Payment, amount: int) -> str:
    return desk.token(paid.token).text(amount)


def _require_clawback(desk: Desk, paid: Payment, terms: Terms) -> None:
    if desk.now < paid.matures_at:
        raise LedgerError(
            f"It is held until {shown(paid.matures_at)}.",
            "Its payer can take it back: `pledger payment refund`.",
        )
    if not terms.clawback & Clawback.ALLOWED:
        raise LedgerError(
            "Its terms allow no clawback: what was released is the payees'.",
            "They can pay the payer back by themselves.",
        )
