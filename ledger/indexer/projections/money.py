"""Rows of the RevenueLedger's entries: payments, claims and their sums."""

from ledger.indexer.entries import Entry
from ledger.indexer.projections.changes import Changes
from ledger.store.tables import Book, Claim, Claimed, DepositPause, Maturity, Payment


def payment_received(entry: Entry, changes: Changes) -> None:
    """A payment, and its amount into its agreement's book; what is held matures later."""
    args = entry.args
    changes.append(
        Payment,
        entry,
        payer=args["payer"],
        invoice_ref=args["invoice_ref"],
        agreement=args["agreement"],
        token=args["token"],
        deal=args["deal"] if any(args["deal"]) else None,
        amount=args["amount"],
        matures_at=args["matures_at"],
        paid_at=entry.timestamp,
    )
    held = args["matures_at"] > entry.timestamp
    changes.add(
        Book,
        entry,
        (args["agreement"], args["token"]),
        received=args["amount"],
        matured=0 if held else args["amount"],
    )


def claimed(entry: Entry, changes: Changes) -> None:
    """A claim, and its amount into its agreement's book and its payee's sum."""
    args = entry.args
    changes.append(
        Claim,
        entry,
        agreement=args["agreement"],
        account=args["account"],
        token=args["token"],
        period=args["period"],
        recipient=args["recipient"],
        amount=args["amount"],
        claimed_at=entry.timestamp,
    )
    changes.add(Book, entry, (args["agreement"], args["token"]), claimed=args["amount"])
    key = (args["agreement"], args["token"], args["account"], args["period"])
    changes.add(Claimed, entry, key, amount=args["amount"])


def matured(entry: Entry, changes: Changes) -> None:
    """A day of held payments, and its amount into its agreement's book."""
    args = entry.args
    changes.append(
        Maturity,
        entry,
        agreement=args["agreement"],
        token=args["token"],
        matures_at=args["matures_at"],
        amount=args["amount"],
        matured_at=entry.timestamp,
    )
    changes.add(Book, entry, (args["agreement"], args["token"]), matured=args["amount"])


def deposits_paused(entry: Entry, changes: Changes) -> None:
    """The guardian stopped new deposits."""
    changes.append(DepositPause, entry, paused=True, by_account=entry.args["guardian"], at=entry.timestamp)


def deposits_resumed(entry: Entry, changes: Changes) -> None:
    """Deposits are taken again."""
    changes.append(DepositPause, entry, paused=False, by_account=entry.args["by"], at=entry.timestamp)
