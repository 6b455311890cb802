"""Rows of the RevenueLedger's entries that take something out of held payments."""

from operator import add, neg
from typing import Any

from ledger.indexer.entries import Entries
from ledger.indexer.projections.changes import Changes, each_or_none
from ledger.store.tables import Book, Dispute, Refund, RefundPayout, Ruling


def refunded(entries: Entries, changes: Changes) -> None:
    """A refund in the hold: the payer's again, and paid back in the same moment."""
    _append_refunds(entries, changes, in_dispute=False)


def refunded_in_dispute(entries: Entries, changes: Changes) -> None:
    """The same out of what waits for a ruling."""
    _append_refunds(entries, changes, in_dispute=True)
    changes.add(Book, entries, _book_of(entries.args), disputed=map(neg, entries.args["amount"]))


def _append_refunds(entries: Entries, changes: Changes, *, in_dispute: bool) -> None:
    args = entries.args
    changes.append(
        Refund,
        entries,
        **_payment_of(args),
        recipient=args["recipient"],
        amount=args["amount"],
        in_dispute=in_dispute,
        refunded_at=entries.timestamps,
    )
    changes.add(Book, entries, _book_of(args), refunded=args["amount"], paid_back=args["amount"])


def payment_disputed(entries: Entries, changes: Changes) -> None:
    """A dispute; what waits for its ruling from now on, into its agreement's book."""
    args = entries.args
    changes.append(
        Dispute,
        entries,
        **_payment_of(args),
        by_account=args["by"],
        amount=args["amount"],
        reason=args["reason"],
        disputed_at=entries.timestamps,
        rule_by=args["rule_by"],
    )
    changes.add(Book, entries, _book_of(args), disputed=args["amount"])


def dispute_ruled(entries: Entries, changes: Changes) -> None:
    """A ruling; what waits no more, out of its agreement's book."""
    args = entries.args
    changes.append(
        Ruling,
        entries,
        **_payment_of(args),
        by_account=each_or_none(args["by"]),
        refunded=args["refunded"],
        remaining=args["remaining"],
        reason=each_or_none(args["reason"]),
        ruled_at=entries.timestamps,
    )
    settled = map(add, args["refunded"], args["remaining"])
    changes.add(Book, entries, _book_of(args), disputed=map(neg, settled), refunded=args["refunded"])


def refund_paid(entries: Entries, changes: Changes) -> None:
    """A payout of what a ruling gave back."""
    args = entries.args
    changes.append(
        RefundPayout,
        entries,
        **_payment_of(args),
        recipient=args["recipient"],
        amount=args["amount"],
        paid_at=entries.timestamps,
    )
    changes.add(Book, entries, _book_of(args), paid_back=args["amount"])


def _payment_of(args: Any) -> dict[str, Any]:
    return {name: args[name] for name in ("agreement", "payer", "token", "invoice_ref")}


def _book_of(args: Any) -> tuple[bytes, bytes]:
    return args["agreement"], args["token"]
