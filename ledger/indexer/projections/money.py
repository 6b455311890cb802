"""Rows of the RevenueLedger's entries: payments, claims and their sums."""

from ledger.indexer.entries import Entries
from ledger.indexer.projections.changes import Changes, each_or_none
from ledger.store.tables import Book, Claim, Claimed, DepositPause, Maturity, Payment


def payment_received(entries: Entries, changes: Changes) -> None:
    """A payment, and its amount into its agreement's book; what is held matures later."""
    args = entries.args
    changes.append(
        Payment,
        entries,
        payer=args["payer"],
        invoice_ref=args["invoice_ref"],
        agreement=args["agreement"],
        token=args["token"],
        deal=each_or_none(args["deal"]),
        amount=args["amount"],
        matures_at=args["matures_at"],
        paid_at=entries.timestamps,
    )
    released = args["amount"].where(args["matures_at"].words[:, -1] <= entries.timestamps.words[:, -1])
    key = (args["agreement"], args["token"])
    changes.add(Book, entries, key, received=args["amount"], matured=released)


def claimed(entries: Entries, changes: Changes) -> None:
    """A claim, and its amount into its agreement's book and its payee's sum."""
    args = entries.args
    changes.append(
        Claim,
        entries,
        agreement=args["agreement"],
        account=args["account"],
        token=args["token"],
        period=args["period"],
        recipient=args["recipient"],
        amount=args["amount"],
        claimed_at=entries.timestamps,
    )
    changes.add(Book, entries, (args["agreement"], args["token"]), claimed=args["amount"])
    key = (args["agreement"], args["token"], args["account"], args["period"])
    changes.add(Claimed, entries, key, amount=args["amount"])


def matured(entries: Entries, changes: Changes) -> None:
    """A day of held payments, and its amount into its agreement's book."""
    args = entries.args
    changes.append(
        Maturity,
        entries,
        agreement=args["agreement"],
        token=args["token"],
        matures_at=args["matures_at"],
        amount=args["amount"],
        matured_at=entries.timestamps,
    )
    changes.add(Book, entries, (args["agreement"], args["token"]), matured=args["amount"])


def deposits_paused(entries: Entries, changes: Changes) -> None:
    """The guardian stopped new deposits."""
    changes.append(
        DepositPause, entries, paused=True, by_account=entries.args["guardian"], at=entries.timestamps
    )


def deposits_resumed(entries: Entries, changes: Changes) -> None:
    """Deposits are taken again."""
    changes.append(DepositPause, entries, paused=False, by_account=entries.args["by"], at=entries.timestamps)
