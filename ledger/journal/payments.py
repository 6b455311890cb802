"""What an entry of the revenue ledger says of payments: that they were made, or what became of one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ledger.journal.events import Event
from ledger.rules.payment import Change, Payment, Step
from ledger.terms.ids import PaymentKey


def payments_in(event: Event) -> Sequence[Payment]:
    """The payments that the entry records, in its order; none by an entry about something else."""
    args = event.args
    match event.name:
        case "PaymentReceived":
            names = ("payer", "invoice_ref", "agreement", "token", "amount", "matures_at", "deal")
            return [Payment(*(args[name] for name in names))]
        case "PaymentsReceived":
            payer, of, due = args["payer"], (args["agreement"], args["token"]), args["matures_at"]
            return [
                Payment(payer, each.invoice_ref, *of, each.amount, due, each.deal)
                for each in args["invoices"]
            ]
    return []


def step_in(event: Event, at: int) -> Step | None:
    """What the entry, of a block with this time, made of an earlier payment; None: it is about none."""
    read = _STEPS.get(event.name)
    return None if read is None else read(event, event.args, at)


def payment_key(event: Event) -> PaymentKey:
    """Which payment an entry is about, of those that tell what became of one."""
    return event.args["payer"], event.args["invoice_ref"]


def _refunded(event: Event, args: Mapping[str, Any], at: int) -> Step:
    return Step(Change.REFUNDED, event.seq, at, args["amount"], recipient=args["recipient"])


def _disputed(event: Event, args: Mapping[str, Any], at: int) -> Step:
    said = (args["by"], args["reason"])
    return Step(Change.DISPUTED, event.seq, at, args["amount"], *said, rule_by=args["rule_by"])


def _ruled(event: Event, args: Mapping[str, Any], at: int) -> Step:
    if not any(args["by"]):
        return Step(Change.DROPPED, event.seq, at, args["refunded"])
    return Step(Change.RULED, event.seq, at, args["refunded"], args["by"], args["reason"])


def _clawed_back(event: Event, args: Mapping[str, Any], at: int) -> Step:
    said = (args["by"], args["reason"]) if any(args["by"]) else (None, None)
    return Step(Change.CLAWED_BACK, event.seq, at, args["amount"], *said)


def _refund_paid(event: Event, args: Mapping[str, Any], at: int) -> Step:
    return Step(Change.REFUND_PAID, event.seq, at, args["amount"], recipient=args["recipient"])


_STEPS: Mapping[str, Callable[[Event, Mapping[str, Any], int], Step]] = {
    "Refunded": _refunded,
    "RefundedInDispute": _refunded,
    "PaymentDisputed": _disputed,
    "DisputeRuled": _ruled,
    "RefundPaid": _refund_paid,
    "ClawedBack": _clawed_back,
}
RECEIVED = frozenset({"PaymentReceived", "PaymentsReceived"})
"""Events by which payments are made."""
ABOUT_PAYMENTS = RECEIVED | _STEPS.keys()
"""Events that name payments: their payer, indexed, and their references."""
