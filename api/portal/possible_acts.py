"""What whoever looks at a page can do about what it shows: links to the acts' pages, with what is known."""

from dataclasses import dataclass
from urllib.parse import urlencode

from api.deals.schemas import DealSummary
from api.identifiers import checksummed, hexadecimal
from api.payments.schemas import PaymentBody
from api.portal.site import current_site
from ledger.actions import ACTIONS
from ledger.rules.deal_status import Status
from ledger.rules.payment import PaymentStatus
from ledger.terms.agreement import Terms
from ledger.terms.solidity import ZERO_ADDRESS

_VENDORS = {
    Status.REGISTERED: ("approve_deal", "return_deal", "reject_deal"),
    Status.RETURNED: ("approve_deal", "reject_deal"),
    Status.APPROVED: ("win_deal", "lose_deal"),
}
_PARTNERS = {
    Status.REGISTERED: ("withdraw_deal",),
    Status.RETURNED: ("withdraw_deal",),
    Status.APPROVED: ("withdraw_deal",),
}
_LABELS = {
    "approve_deal_by_default": "Have it approved by default",
    "claw_back": "Claw back",
    "pay_out_refund": "Have the refund paid out",
    "refund": "Take back",
    "rule_clawback": "Rule on a clawback",
    "rule_payment": "Rule",
    "withdraw_deal": "Take the deal back",
}


@dataclass(frozen=True)
class Act:
    """A link to an act's page."""

    label: str
    href: str


def acting_account() -> str | None:
    """The account that the visitor acts for, checksummed; None: nobody has signed in."""
    visitor = current_site.get().visitor
    return None if visitor is None else visitor.acting.address


def act(name: str, **given: str) -> Act:
    """The page of an act, with what is known of its fields."""
    if name not in ACTIONS:
        raise AssertionError(f"there is no action {name}")
    label = _LABELS.get(name, name.removesuffix("_deal").replace("_", " ").capitalize())
    return Act(label, f"/act/{name}?{urlencode(given)}")


def deal_acts(deal: DealSummary) -> list[Act]:
    """What the visitor can do about a deal."""
    me, id = acting_account(), hexadecimal(deal.deal)
    if me is None:
        return []
    names: list[str] = []
    is_vendor = deal.vendor is not None and checksummed(deal.vendor.account) == me
    is_partner = checksummed(deal.partner.account) == me
    if is_vendor:
        names += _VENDORS.get(deal.status, ())
    if is_partner:
        names += _PARTNERS.get(deal.status, ())
    if deal.overdue:
        names.append("approve_deal_by_default")
    if deal.status is Status.WON and (is_vendor or is_partner):
        names.append("review_deal")
    return [act(name, deal=id) for name in names]


def payment_acts(payment: PaymentBody, terms: Terms | None = None) -> list[Act]:
    """What the visitor can do about a payment; as a party or arbiter only where the ``terms`` are known."""
    me = acting_account()
    if me is None:
        return []
    named = {"payer": checksummed(payment.payer.account), "invoice_ref": hexadecimal(payment.invoice_ref)}
    names: list[str] = []
    if named["payer"] == me and payment.status in (PaymentStatus.HELD, PaymentStatus.DISPUTED):
        names.append("refund")
    if terms is not None:
        names += _by_terms(me, payment, terms)
    return [act(name, **named) for name in names]


def _by_terms(me: str, payment: PaymentBody, terms: Terms) -> list[str]:
    is_released = payment.status is PaymentStatus.RELEASED
    possible = {
        "dispute": payment.status is PaymentStatus.HELD
        and terms.arbiter != ZERO_ADDRESS
        and me in terms.parties,
        "rule_payment": payment.status is PaymentStatus.DISPUTED and me == terms.arbiter,
        "rule_clawback": is_released and bool(terms.clawback) and me == terms.arbiter,
        "consent_to_clawback": is_released
        and bool(terms.clawback)
        and any(me == payee.account for payee in terms.payees),
    }
    return [name for name, is_possible in possible.items() if is_possible]
