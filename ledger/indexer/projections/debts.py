"""Rows of the RevenueLedger's entries about refunds after the hold: debts, and how they are served."""

from collections.abc import Iterable

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
    by_consent = [not any(each) for each in args["by"]]
    ruled, agreed = _parted(args["amount"], by_consent)
    changes.add(Book, entries, (args["agreement"], args["token"]), debts=ruled, agreed_debts=agreed)


def netted(entries: Entries, changes: Changes) -> None:
    """Revenue out of one book, and into the debts of another, or of its own."""
    args = entries.args
    changes.append(
        Netting,
        entries,
        agreement=args["agreement"],
        token=args["token"],
        debtor=args["debtor"],
        by_consent=args["by_consent"],
        amount=args["amount"],
        matures_at=args["matures_at"],
        netted_at=entries.timestamps,
    )
    changes.add(Book, entries, (args["agreement"], args["token"]), netted=args["amount"])
    ruled, agreed = _parted(args["amount"], args["by_consent"])
    changes.add(Book, entries, (args["debtor"], args["token"]), debts_served=ruled, agreed_served=agreed)


def _parted(amounts: Iterable[int], by_consent: Iterable[bool]) -> tuple[list[int], list[int]]:
    """What of the amounts is by ruling, and what by consent."""
    pairs = list(zip(amounts, by_consent, strict=True))
    return [0 if agreed else amount for amount, agreed in pairs], [
        amount if agreed else 0 for amount, agreed in pairs
    ]


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
