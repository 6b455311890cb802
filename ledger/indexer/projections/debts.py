"""Rows of the RevenueLedger's entries about refunds after the hold: debts, and how they are served."""

from ledger.indexer.entries import Entries
from ledger.indexer.projections.changes import Changes, each_or_none
from ledger.store.tables import Book, Debt, DebtPayout, Netting


def clawed_back(entries: Entries, changes: Changes) -> None:
    """A debt, and its amount into its agreement's book."""
    args = entries.args
    changes.append(
        Debt,
        entries,
        agreement=args["agreement"],
        token=args["token"],
        debt=args["debt"],
        payer=args["payer"],
        invoice_ref=args["invoice_ref"],
        by_account=each_or_none(args["by"]),
        amount=args["amount"],
        reason=each_or_none(args["reason"]),
        clawed_back_at=entries.timestamps,
    )
    changes.add(Book, entries, (args["agreement"], args["token"]), debts=args["amount"])


def netted(entries: Entries, changes: Changes) -> None:
    """Revenue out of one book, and into the debts of another, or of its own."""
    args = entries.args
    changes.append(
        Netting,
        entries,
        agreement=args["agreement"],
        token=args["token"],
        debtor=args["debtor"],
        amount=args["amount"],
        matures_at=args["matures_at"],
        netted_at=entries.timestamps,
    )
    changes.add(Book, entries, (args["agreement"], args["token"]), netted=args["amount"])
    changes.add(Book, entries, (args["debtor"], args["token"]), debts_served=args["amount"])


def debt_paid(entries: Entries, changes: Changes) -> None:
    """A payout of what was netted for a debt."""
    args = entries.args
    changes.append(
        DebtPayout,
        entries,
        agreement=args["agreement"],
        token=args["token"],
        debt=args["debt"],
        payer=args["payer"],
        recipient=args["recipient"],
        amount=args["amount"],
        paid_at=entries.timestamps,
    )
    changes.add(Book, entries, (args["agreement"], args["token"]), debts_paid=args["amount"])
