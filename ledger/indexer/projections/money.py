"""The rules by which the RevenueLedger's entries move sums, and entries that tell of several payments."""

from collections.abc import Iterable, Iterator, Sequence
from operator import add, neg
from typing import Any

from ledger.indexer.entries import Entries
from ledger.indexer.projections.changes import Changes, or_none
from ledger.store.tables import Book, Claim, Claimed, Payment


def released_at_once(entries: Entries) -> Iterable[int]:
    """What of payments is not held."""
    due, paid = entries.args["matures_at"].words[:, -1], entries.timestamps.words[:, -1]
    released: Iterable[int] = entries.args["amount"].where(due <= paid)
    return released


def settled(entries: Entries) -> Iterable[int]:
    """What waits for a ruling no more: it is the payer's, or the payees'."""
    return map(neg, map(add, entries.args["refunded"], entries.args["remaining"]))


def by_ruling(entries: Entries) -> list[int]:
    """What of debts, or of what served them, is by an arbiter's ruling."""
    return [0 if agreed else amount for amount, agreed in _debts(entries)]


def by_consent(entries: Entries) -> list[int]:
    """What is by all payees' consent."""
    return [amount if agreed else 0 for amount, agreed in _debts(entries)]


def _debts(entries: Entries) -> Iterator[tuple[int, bool]]:
    """A debt that nobody ruled is by consent; what served debts says so itself."""
    args = entries.args
    agreed = args["by_consent"] if "by_consent" in args else [not any(each) for each in args["by"]]
    return zip(args["amount"], agreed, strict=True)


def append_invoices(entries: Entries, changes: Changes) -> None:
    """A payment for each invoice of a bundle, and the amounts into their sums."""
    args = entries.args
    rows: list[dict[str, Any]] = []
    shared = ("agreement", "payer", "token", "matures_at")
    said = zip(*(args[name] for name in shared), strict=True)
    for seq, at, values, invoices in zip(
        entries.seqs, entries.timestamps, said, args["invoices"], strict=True
    ):
        common = dict(zip(shared, values, strict=True), seq=seq, paid_at=at)
        rows += [
            common
            | {
                "position": place,
                "deal": or_none(each.deal),
                "amount": each.amount,
                "invoice_ref": each.invoice_ref,
            }
            for place, each in enumerate(invoices, 1)
        ]
    changes.append_rows(Payment, entries, rows)
    key = [[row[name] for row in rows] for name in ("agreement", "token")]
    amounts = [row["amount"] for row in rows]
    at_once = [row["amount"] if row["matures_at"] <= row["paid_at"] else 0 for row in rows]
    changes.add(Book, entries, key, received=amounts, matured=at_once)


def append_parts(entries: Entries, changes: Changes) -> None:
    """A claim for each payee that was paid with the others, and the amounts into their sums."""
    _append_paid(entries, changes, "parts", ("agreement", "token", "period"), together=True)


def append_portions(entries: Entries, changes: Changes) -> None:
    """A claim for each agreement and period that a payee was paid of, and the amounts into their sums."""
    _append_paid(entries, changes, "portions", ("account", "token", "recipient"), together=False)


def _append_paid(
    entries: Entries, changes: Changes, listed: str, shared: Sequence[str], *, together: bool
) -> None:
    """A claim for each in an entry's list, with what the entry says of all of them."""
    args = entries.args
    rows: list[dict[str, Any]] = []
    said = zip(*(args[name] for name in shared), strict=True)
    for seq, at, values, parts in zip(entries.seqs, entries.timestamps, said, args[listed], strict=True):
        common = dict(zip(shared, values, strict=True), seq=seq, claimed_at=at, together=together)
        rows += [{**common, "position": place, **part._asdict()} for place, part in enumerate(parts, 1)]
    changes.append_rows(Claim, entries, rows)

    def of(*names: str) -> list[list[Any]]:
        return [[row[name] for row in rows] for name in names]

    (amounts,) = of("amount")
    changes.add(Book, entries, of("agreement", "token"), claimed=amounts)
    changes.add(Claimed, entries, of("agreement", "token", "account", "period"), amount=amounts)
