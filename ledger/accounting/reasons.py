"""Why a part of a payment is not, or not yet, the payees': a code, and the entry that caused it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select, tuple_

from ledger.accounting.totals import CONTRACT
from ledger.store.disputes import disputes
from ledger.store.reading import Reading
from ledger.store.tables import Debt, Payment, Refund

Invoice = tuple[bytes, bytes]
"""The wallet that paid, and its reference."""


class Code(StrEnum):
    """What happened to a part of a payment."""

    HELD = "held"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    RULED_BACK = "ruled_back"
    CLAWED_BACK = "clawed_back"


@dataclass(frozen=True)
class Reason:
    """``amount`` in token base units; ``seq`` is the RevenueLedger's entry that says so.

    ``said`` is the reason code that a party or an arbiter gave, None when nobody had to. ``until``: held to
    then; disputed until a ruling, which from then on anyone can do without; None: for good.
    """

    code: Code
    amount: int
    seq: int
    said: bytes | None = None
    until: int | None = None


def reasons_of(reading: Reading, invoices: Iterable[Invoice]) -> dict[Invoice, tuple[Reason, ...]]:
    """For each of these payments, in the order of the entries; what is simply held comes first.

    A payment of which all is released, and nothing was taken back, has none.
    """
    wanted = list(invoices)
    payments = reading.session.execute(
        select(Payment.payer, Payment.invoice_ref, Payment.seq, Payment.amount, Payment.matures_at).where(
            reading.seen(Payment, CONTRACT), tuple_(Payment.payer, Payment.invoice_ref).in_(wanted)
        )
    ).all()
    now = reading.as_of.timestamp
    found: dict[Invoice, list[Reason]] = {(row.payer, row.invoice_ref): [] for row in payments}
    for invoice, reason in (
        *_refunds(reading, wanted),
        *_disputes(reading, wanted),
        *_debts(reading, wanted),
    ):
        found[invoice].append(reason)
    for row in payments:
        reasons = found[row.payer, row.invoice_ref]
        reasons.sort(key=lambda each: each.seq)
        left = row.amount - sum(each.amount for each in reasons)
        if row.matures_at > now and left:
            reasons.insert(0, Reason(Code.HELD, left, row.seq, until=row.matures_at))
    return {invoice: tuple(reasons) for invoice, reasons in found.items()}


def _refunds(reading: Reading, wanted: list[Invoice]) -> list[tuple[Invoice, Reason]]:
    rows = reading.session.execute(
        select(Refund.payer, Refund.invoice_ref, Refund.seq, Refund.amount).where(
            reading.seen(Refund, CONTRACT), tuple_(Refund.payer, Refund.invoice_ref).in_(wanted)
        )
    )
    return [((row.payer, row.invoice_ref), Reason(Code.REFUNDED, row.amount, row.seq)) for row in rows]


def _disputes(reading: Reading, wanted: list[Invoice]) -> list[tuple[Invoice, Reason]]:
    """What waits for a ruling, and what a ruling gave back."""
    was = disputes(reading)
    of = was.c
    rows = reading.session.execute(select(was).where(tuple_(of.payer, of.invoice_ref).in_(wanted)))
    found = []
    for row in rows:
        invoice = (row.payer, row.invoice_ref)
        if row.ruled_seq is None:
            reason = Reason(Code.DISPUTED, row.waits, row.seq, row.reason, row.rule_by)
            found.append((invoice, reason))
        elif row.refunded:
            found.append((invoice, Reason(Code.RULED_BACK, row.refunded, row.ruled_seq, row.ruling)))
    return found


def _debts(reading: Reading, wanted: list[Invoice]) -> list[tuple[Invoice, Reason]]:
    rows = reading.session.execute(
        select(Debt.payer, Debt.invoice_ref, Debt.seq, Debt.amount, Debt.reason).where(
            reading.seen(Debt, CONTRACT), tuple_(Debt.payer, Debt.invoice_ref).in_(wanted)
        )
    )
    return [
        ((row.payer, row.invoice_ref), Reason(Code.CLAWED_BACK, row.amount, row.seq, row.reason))
        for row in rows
    ]
