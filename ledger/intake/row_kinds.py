"""What a billing report's row means for the partners' money, by its type: Stripe's types of balance
transactions, and its reporting categories, which some exports have in their place.

A type that is in no list is nobody's revenue either, and told.
"""

from functools import lru_cache
from typing import Literal

Meaning = Literal["revenue", "takes", "gives back", "either", "nobody's"]
"""``takes``: from a charge, as a refund or a chargeback does; ``gives back`` undoes that, as a failed refund
does and a dispute that is won; ``either``, by its sign, where it is about a charge at all.
"""

_REVENUE = ("charge", "payment")
_TAKES = (
    "refund",
    "payment_refund",
    "payment_failure_refund",  # a bank payment that failed after it was booked
    "payment_reversal",  # one that the bank took back
    "charge_failure",
    "dispute",
    "partial_capture_reversal",
)
_GIVES_BACK = ("refund_failure", "dispute_reversal")
_EITHER = ("adjustment", "other_adjustment")
_NOBODYS = (
    "advance",
    "advance_funding",
    "anticipation_repayment",
    "application_fee",
    "application_fee_refund",
    "climate_order_purchase",
    "climate_order_refund",
    "connect_collection_transfer",
    "connect_reserved_funds",
    "contribution",
    "currency_conversion",
    "fee",
    "fee_credit_funding",
    "financing_paydown",
    "financing_paydown_reversal",
    "financing_payout",
    "financing_payout_reversal",
    "inbound_transfer",
    "inbound_transfer_reversal",
    "issuing_authorization_hold",
    "issuing_authorization_release",
    "issuing_disbursement",
    "issuing_dispute",
    "issuing_transaction",
    "network_cost",
    "obligation_inbound",
    "obligation_outbound",
    "obligation_payout",
    "obligation_payout_failure",
    "obligation_reversal_inbound",
    "obligation_reversal_outbound",
    "payment_network_reserve_hold",
    "payment_network_reserve_release",
    "payment_network_reserved_funds",
    "payment_unreconciled",
    "payout",
    "payout_cancel",
    "payout_failure",
    "payout_minimum_balance_hold",
    "payout_minimum_balance_release",
    "payout_reversal",
    "platform_earning",
    "platform_earning_refund",
    "platform_fee",
    "reserve_hold",
    "reserve_release",
    "reserve_transaction",
    "reserved_funds",
    "risk_reserved_funds",
    "stripe_balance_payment_debit",
    "stripe_balance_payment_debit_reversal",
    "stripe_fee",
    "stripe_fee_tax",
    "stripe_fx_fee",
    "tax",
    "tax_fee",
    "tax_fund",
    "topup",
    "topup_reversal",
    "transfer",
    "transfer_cancel",
    "transfer_failure",
    "transfer_refund",
    "transfer_reversal",
    "unreconciled_customer_funds",
)

MEANINGS: dict[str, Meaning] = {
    **dict.fromkeys(_REVENUE, "revenue"),
    **dict.fromkeys(_TAKES, "takes"),
    **dict.fromkeys(_GIVES_BACK, "gives back"),
    **dict.fromkeys(_EITHER, "either"),
    **dict.fromkeys(_NOBODYS, "nobody's"),
}


@lru_cache(maxsize=1_000)
def type_of(text: str) -> str:
    """A type as the lists above write it: ``Stripe fee`` is ``stripe_fee``."""
    return "_".join(text.casefold().replace("-", " ").split())
