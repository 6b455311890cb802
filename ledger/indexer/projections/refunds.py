"""Rows of the RevenueLedger's entries that take something out of held payments."""

from collections.abc import Sequence
from operator import add, neg
from typing import Any

from ledger.errors import LedgerError
from ledger.indexer.entries import Entries, Entry
from ledger.indexer.projections.changes import Changes, Fold, Row, base_row, or_none, table_of
from ledger.store.tables import Book, Dispute, Refund, RefundPayout


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
    """What waits for a ruling from now on, into its agreement's book."""
    changes.add(Book, entries, _book_of(entries.args), disputed=entries.args["amount"])


def dispute_ruled(entries: Entries, changes: Changes) -> None:
    """What waits no more, out of its agreement's book."""
    args = entries.args
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


def _dispute_step(current: Row | None, entry: Entry) -> Sequence[Row]:
    args = entry.args
    if entry.event != "PaymentDisputed":
        if current is None:
            raise LedgerError(
                f"Entry {entry.seq} of 0x{entry.contract.hex()} is about a dispute that there is not."
            )
        return [{**current, **_end_of(entry)}]
    unruled = ("ruled_at", "ruled_seq", "ruled_by", "refunded", "remaining", "ruling")
    return [
        base_row(entry)
        | _payment_of(args)
        | {
            "by_account": args["by"],
            "amount": args["amount"],
            "reason": args["reason"],
            "disputed_at": entry.timestamp,
            "rule_by": args["rule_by"],
        }
        | dict.fromkeys(unruled)
    ]


def _end_of(entry: Entry) -> Row:
    """What an entry says of a dispute's end. Nobody rules when the payer has taken all back."""
    args, ended = entry.args, {"ruled_at": entry.timestamp, "ruled_seq": entry.seq}
    if entry.event == "DisputeRuled":
        ruling = {"ruled_by": or_none(args["by"]), "ruling": or_none(args["reason"])}
        return ended | ruling | {name: args[name] for name in ("refunded", "remaining")}
    return {} if args["left"] else ended | {"refunded": 0, "remaining": 0}


DISPUTES = Fold(
    table=table_of(Dispute),
    subject=("agreement", "payer", "invoice_ref"),
    events=frozenset({"PaymentDisputed", "DisputeRuled", "RefundedInDispute"}),
    step=_dispute_step,
    open="ruled_at",
)
