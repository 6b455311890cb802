"""Rows of the RevenueLedger's entries: payments, claims and their sums."""

from typing import Any

from ledger.indexer.entries import Entries
from ledger.indexer.projections.changes import Changes, each_or_none
from ledger.store.tables import Book, Claim, Claimed, DepositPause, Maturity, Payment, SetAside


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
        position=0,
        together=False,
    )
    changes.add(Book, entries, (args["agreement"], args["token"]), claimed=args["amount"])
    key = (args["agreement"], args["token"], args["account"], args["period"])
    changes.add(Claimed, entries, key, amount=args["amount"])


def distributed(entries: Entries, changes: Changes) -> None:
    """A claim for each payee that was paid with the others, and the amounts into their sums."""
    args = entries.args
    rows: list[dict[str, Any]] = []
    places = zip(
        entries.seqs,
        entries.timestamps,
        args["agreement"],
        args["token"],
        args["period"],
        args["parts"],
        strict=True,
    )
    for seq, at, agreement, token, period, parts in places:
        common = {"seq": seq, "agreement": agreement, "token": token, "period": period, "claimed_at": at}
        rows += [
            {**common, "position": place, "together": True, **part._asdict()}
            for place, part in enumerate(parts, 1)
        ]
    _add_claims(entries, changes, rows)


def claimed_across(entries: Entries, changes: Changes) -> None:
    """A claim for each agreement and period that a payee was paid of, and the amounts into their sums."""
    args = entries.args
    rows: list[dict[str, Any]] = []
    places = zip(
        entries.seqs,
        entries.timestamps,
        args["account"],
        args["token"],
        args["recipient"],
        args["portions"],
        strict=True,
    )
    for seq, at, account, token, recipient, portions in places:
        common = {"seq": seq, "account": account, "token": token, "recipient": recipient, "claimed_at": at}
        rows += [
            {**common, "position": place, "together": False, **portion._asdict()}
            for place, portion in enumerate(portions, 1)
        ]
    _add_claims(entries, changes, rows)


def _add_claims(entries: Entries, changes: Changes, rows: list[dict[str, Any]]) -> None:
    changes.append_rows(Claim, entries, rows)

    def of(*names: str) -> list[list[Any]]:
        return [[row[name] for row in rows] for name in names]

    (amounts,) = of("amount")
    changes.add(Book, entries, of("agreement", "token"), claimed=amounts)
    changes.add(Claimed, entries, of("agreement", "token", "account", "period"), amount=amounts)


def set_aside(entries: Entries, changes: Changes) -> None:
    """What a payee could not be paid with the others."""
    names = ("agreement", "account", "token", "period", "amount")
    changes.append(SetAside, entries, at=entries.timestamps, **{name: entries.args[name] for name in names})


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
