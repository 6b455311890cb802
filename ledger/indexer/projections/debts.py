"""Rows of the RevenueLedger's entries about refunds after the hold: debts, and how they are served."""

from ledger.indexer.entries import Entry
from ledger.indexer.projections.changes import Changes
from ledger.store.tables import Book, Debt, DebtPayout, Netting


def clawed_back(entry: Entry, changes: Changes) -> None:
    """A debt, and its amount into its agreement's book."""
    args = entry.args
    changes.append(
        Debt,
        entry,
        agreement=args["agreement"],
        token=args["token"],
        debt=args["debt"],
        payer=args["payer"],
        invoice_ref=args["invoice_ref"],
        by_account=args["by"] if any(args["by"]) else None,
        amount=args["amount"],
        reason=args["reason"] if any(args["reason"]) else None,
        clawed_back_at=entry.timestamp,
    )
    changes.add(Book, entry, (args["agreement"], args["token"]), debts=args["amount"])


def netted(entry: Entry, changes: Changes) -> None:
    """Revenue out of one book, and into the debts of another, or of its own."""
    args = entry.args
    changes.append(
        Netting,
        entry,
        agreement=args["agreement"],
        token=args["token"],
        debtor=args["debtor"],
        amount=args["amount"],
        matures_at=args["matures_at"],
        netted_at=entry.timestamp,
    )
    changes.add(Book, entry, (args["agreement"], args["token"]), netted=args["amount"])
    changes.add(Book, entry, (args["debtor"], args["token"]), debts_served=args["amount"])


def debt_paid(entry: Entry, changes: Changes) -> None:
    """A payout of what was netted for a debt."""
    args = entry.args
    changes.append(
        DebtPayout,
        entry,
        agreement=args["agreement"],
        token=args["token"],
        debt=args["debt"],
        payer=args["payer"],
        recipient=args["recipient"],
        amount=args["amount"],
        paid_at=entry.timestamp,
    )
    changes.add(Book, entry, (args["agreement"], args["token"]), debts_paid=args["amount"])
