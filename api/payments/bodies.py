"""Payments and debts as answers show them: where each is, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.amounts import Tokens
from api.entry_reference import EntryReference
from api.partner_names import Names
from api.payers import accounts_of
from api.payments import queries
from api.payments.schemas import (
    Because,
    Change,
    DebtBody,
    PaymentBody,
    PaymentChange,
    PaymentStatus,
)
from ledger.store.reading import Reading
from ledger.store.tables import Debt, Maturity, Payment
from ledger.terms.reasons import reason_text

_CONTRACT: Final = "RevenueLedger"


@dataclass(frozen=True)
class _Fate:
    """What became of a payment: rows in the order of the journal."""

    refunds: Sequence[Any]
    disputes: Sequence[Any]
    payouts: Sequence[Any]
    debts: Sequence[Any]
    debt_payouts: Sequence[Any]
    maturity: Maturity | None

    @property
    def refunded(self) -> int:
        """The payer's again without any debt, in base units."""
        ruled = sum(row.refunded or 0 for row in self.disputes)
        return int(sum(row.amount for row in self.refunds)) + ruled

    @property
    def dispute(self) -> Any:
        """The dispute that waits for its ruling."""
        return next((row for row in self.disputes if row.ruled_at is None), None)

    @property
    def accounts(self) -> list[bytes]:
        """Whoever disputed or ruled."""
        named = [each for row in self.disputes for each in (row.by_account, row.ruled_by)]
        return [each for each in (*named, *(row.by_account for row in self.debts)) if each is not None]


def payment_bodies(reading: Reading, rows: Sequence[Payment]) -> list[PaymentBody]:
    """The payments as of the reading's block."""
    fates = _fates(reading, rows)
    payers = accounts_of(reading, {row.payer for row in rows})
    named = [each for fate in fates for each in fate.accounts]
    names = Names.of(reading, [*payers.values(), *named])
    tokens = Tokens.of(reading, {row.token for row in rows})
    now = reading.as_of.timestamp
    return [
        _payment(row, fate, now, payers[row.payer], names, tokens)
        for row, fate in zip(rows, fates, strict=True)
    ]


def _fates(reading: Reading, rows: Sequence[Payment]) -> list[_Fate]:
    refunds, disputes = queries.refunds(reading, rows), queries.disputes(reading, rows)
    payouts, debts = queries.refund_payouts(reading, rows), queries.debts_of_payments(reading, rows)
    paid = queries.debt_payouts(reading, [debt for each in debts.values() for debt in each])
    maturities = queries.maturities(reading, rows)
    found = []
    for row in rows:
        key = (row.payer, row.invoice_ref)
        own = debts.get(key, [])
        found.append(
            _Fate(
                refunds.get(key, []),
                disputes.get(key, []),
                payouts.get(key, []),
                own,
                [each for debt in own for each in paid.get((debt.agreement, debt.token, debt.debt), [])],
                maturities.get((row.agreement, row.token, row.matures_at)),
            )
        )
    return found


def _payment(row: Payment, fate: _Fate, now: int, payer: bytes, names: Names, tokens: Tokens) -> PaymentBody:
    dispute = fate.dispute
    status = _status(row, fate, now)
    return PaymentBody(
        agreement=row.agreement,
        payer=names.named(payer),
        wallet=row.payer,
        invoice_ref=row.invoice_ref,
        deal=row.deal,
        token=tokens.facts(row.token),
        amount=tokens.amount(row.token, row.amount),
        paid_at=row.paid_at,
        matures_at=row.matures_at,
        status=status,
        refunded=tokens.amount(row.token, fate.refunded),
        disputed=tokens.amount(row.token, dispute.waits if dispute is not None else 0),
        clawed_back=tokens.amount(row.token, sum(debt.amount for debt in fate.debts)),
        rule_by=dispute.rule_by if dispute is not None else None,
        because=_because(row, fate, status),
        changes=sorted(_changes(row, fate, names, tokens), key=lambda change: change.entry.seq),
        entry=EntryReference(contract=_CONTRACT, seq=row.seq),
    )


def _status(row: Payment, fate: _Fate, now: int) -> PaymentStatus:
    if fate.dispute is not None:
        return PaymentStatus.DISPUTED
    if fate.refunded == row.amount:
        return PaymentStatus.REFUNDED
    return PaymentStatus.HELD if now < row.matures_at else PaymentStatus.RELEASED


def _because(row: Payment, fate: _Fate, status: PaymentStatus) -> Because:
    dispute = fate.dispute
    if dispute is not None:
        return _cause("DISPUTE", dispute.seq, dispute.reason)
    rulings = [each for each in fate.disputes if each.ruled_seq is not None]
    last_ruling = max(rulings, key=lambda each: each.ruled_seq or 0, default=None)
    last_refund = fate.refunds[-1].seq if fate.refunds else 0
    ruled = last_ruling is not None and (last_ruling.ruled_seq or 0) > last_refund
    if status is PaymentStatus.REFUNDED:
        if last_ruling is not None and ruled:
            return _cause("RULING", last_ruling.ruled_seq or 0, last_ruling.ruling)
        return _cause("REFUND", last_refund)
    if status is PaymentStatus.HELD:
        return _cause("HOLD", row.seq)
    if row.matures_at == row.paid_at:
        return _cause("NO_HOLD", row.seq)
    if last_ruling is not None and ruled and (last_ruling.ruled_at or 0) >= row.matures_at:
        return _cause("RULING", last_ruling.ruled_seq or 0, last_ruling.ruling)
    return _cause("HOLD_OVER", fate.maturity.seq if fate.maturity is not None else row.seq)


def _cause(code: str, seq: int, reason: bytes | None = None) -> Because:
    return Because(code=code, reason=_reason(reason), entry=EntryReference(contract=_CONTRACT, seq=seq))


def _reason(code: bytes | None) -> str | None:
    return (reason_text(code) or None) if code is not None else None


def _changes(row: Payment, fate: _Fate, names: Names, tokens: Tokens) -> list[PaymentChange]:
    def change(
        what: Change,
        seq: int,
        at: int,
        amount: int,
        by: bytes | None = None,
        reason: bytes | None = None,
        recipient: bytes | None = None,
    ) -> PaymentChange:
        return PaymentChange(
            change=what,
            at=at,
            amount=tokens.amount(row.token, amount),
            by=None if by is None else names.named(by),
            reason=_reason(reason),
            recipient=recipient,
            entry=EntryReference(contract=_CONTRACT, seq=seq),
        )

    found = [
        change(Change.REFUNDED, each.seq, each.refunded_at, each.amount, recipient=each.recipient)
        for each in fate.refunds
    ]
    for each in fate.disputes:
        found.append(
            change(Change.DISPUTED, each.seq, each.disputed_at, each.amount, each.by_account, each.reason)
        )
        taken_back = each.ruled_by is None and not each.remaining  # over without anyone: the refund says so
        if each.ruled_seq is not None and each.ruled_at is not None and not taken_back:
            what = Change.DROPPED if each.ruled_by is None else Change.RULED
            found.append(
                change(what, each.ruled_seq, each.ruled_at, each.refunded or 0, each.ruled_by, each.ruling)
            )
    found += [
        change(Change.REFUND_PAID, each.seq, each.paid_at, each.amount, recipient=each.recipient)
        for each in fate.payouts
    ]
    found += [
        change(Change.CLAWED_BACK, each.seq, each.clawed_back_at, each.amount, each.by_account, each.reason)
        for each in fate.debts
    ]
    found += [
        change(Change.DEBT_PAID, each.seq, each.paid_at, each.amount, recipient=each.recipient)
        for each in fate.debt_payouts
    ]
    return found


def debt_bodies(reading: Reading, rows: Sequence[Debt]) -> list[DebtBody]:
    """Debts as of the reading's block: of those by ruling, and by consent, the oldest are served first."""
    before = queries.owed_before(reading, rows)
    served = queries.served(reading, {row.agreement for row in rows})
    payouts = queries.debt_payouts(reading, rows)
    payers = accounts_of(reading, {row.payer for row in rows})
    names = Names.of(reading, [*payers.values(), *(row.by_account for row in rows)])
    tokens = Tokens.of(reading, {row.token for row in rows})
    found = []
    for row in rows:
        key = (row.agreement, row.token, row.debt)
        kind = (row.agreement, row.token, row.by_account is None)
        of_it = min(max(served.get(kind, 0) - before[key], 0), row.amount)
        paid = sum(each.amount for each in payouts.get(key, []))
        found.append(
            DebtBody(
                debt=row.debt,
                token=tokens.facts(row.token),
                payer=names.named(payers[row.payer]),
                wallet=row.payer,
                invoice_ref=row.invoice_ref,
                by=None if row.by_account is None else names.named(row.by_account),
                reason=_reason(row.reason),
                amount=tokens.amount(row.token, row.amount),
                served=tokens.amount(row.token, of_it),
                paid=tokens.amount(row.token, paid),
                payable=tokens.amount(row.token, of_it - paid),
                at=row.clawed_back_at,
                entry=EntryReference(contract=_CONTRACT, seq=row.seq),
            )
        )
    return found
