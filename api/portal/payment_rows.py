"""Payments in words: where each is, and why."""

from dataclasses import dataclass

from api.amounts import Amount
from api.as_of import Answering
from api.paging import Page
from api.payments.routes import list_payments
from api.payments.schemas import PaymentBody
from api.portal.codes import words
from api.portal.possible_acts import Act, payment_acts
from ledger.rules.payment import PaymentStatus
from ledger.terms.agreement import Terms
from ledger.terms.ids import AgreementId
from ledger.terms.quantities import moment

_KINDS = {
    PaymentStatus.HELD: "accent",
    PaymentStatus.RELEASED: "good",
    PaymentStatus.DISPUTED: "warn",
    PaymentStatus.REFUNDED: "",
}


@dataclass(frozen=True)
class PaymentRow:
    """A payment with its tag's look, the reason in words, and what the visitor can do about it."""

    payment: PaymentBody
    kind: str
    why: str
    acts: list[Act]


def payment_rows(
    answering: Answering, agreement: AgreementId, page: Page, terms: Terms | None = None
) -> tuple[list[PaymentRow], str | None]:
    """A page of an agreement's payments, the newest first, and the next page's cursor. Of what its parties
    and its arbiter can do, only where the ``terms`` are given.
    """
    listed = list_payments(answering, agreement, page)
    rows = [
        PaymentRow(each, _KINDS[each.status], why(each), payment_acts(each, terms))
        for each in listed.payments
    ]
    return rows, listed.next_cursor


def why(payment: PaymentBody) -> str:
    """Why a payment is where it is, and what became of parts of it."""
    texts = [_status(payment)]
    if payment.refunded.units != "0" and payment.status is not PaymentStatus.REFUNDED:
        texts.append(f"{_shown(payment.refunded)} of it went back to the payer.")
    if payment.clawed_back.units != "0":
        texts.append(f"{_shown(payment.clawed_back)} of it was clawed back: later revenue serves that first.")
    return " ".join(texts)


def _status(payment: PaymentBody) -> str:
    reason = f" ({words(payment.because.reason)})" if payment.because.reason else ""
    match payment.because.code:
        case "DISPUTE":
            until = moment(payment.rule_by) if payment.rule_by is not None else ""
            amount = _shown(payment.disputed)
            taken_back = f"Until {moment(payment.matures_at)} its payer can take it back."
            dropped = f"From {until} on anyone can have the dispute dropped."
            return f"{amount} is in dispute{reason}. {taken_back} {dropped}"
        case "REFUND":
            return "Its payer took it back before its release."
        case "RULING":
            back = payment.status is PaymentStatus.REFUNDED
            return f"The arbiter ruled on it{reason}{': all of it is the payer’s again' if back else ''}."
        case "HOLD":
            return f"Held until {moment(payment.matures_at)}: until then its payer can take it back."
        case "HOLD_OVER":
            return f"Its hold ended on {moment(payment.matures_at)}."
    return "Released at once: the terms have no hold."


def _shown(amount: Amount) -> str:
    return amount.display or f"{amount.units} base units"
