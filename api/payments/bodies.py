"""Payments and debts as answers show them: where each is, and why."""

from collections.abc import Sequence

from api.amounts import Tokens
from api.entry_reference import EntryReference
from api.partner_names import Names
from api.payers import accounts_of
from api.payments import queries
from api.payments.schemas import (
    Because,
    DebtBody,
    PaymentBody,
    PaymentChange,
)
from ledger.read.payments import lives
from ledger.rules.payment import Life
from ledger.store.reading import Reading
from ledger.store.tables import Debt, Payment
from ledger.terms.contracts import REVENUE
from ledger.terms.reasons import reason_text


def payment_bodies(reading: Reading, rows: Sequence[Payment]) -> list[PaymentBody]:
    """The payments as of the reading's block."""
    found = lives(reading, rows)
    payers = accounts_of(reading, {row.payer for row in rows})
    named = [step.by for life in found for step in life.steps if step.by is not None]
    names = Names.of(reading, [*payers.values(), *named])
    tokens = Tokens.of(reading, {row.token for row in rows})
    now = reading.as_of.timestamp
    return [_payment(life, now, payers[life.paid.payer], names, tokens) for life in found]


def _payment(life: Life, now: int, payer: bytes, names: Names, tokens: Tokens) -> PaymentBody:
    paid, dispute = life.paid, life.dispute
    status, cause = life.standing(now)
    return PaymentBody(
        agreement=paid.agreement,
        payer=names.named(payer),
        wallet=paid.payer,
        invoice_ref=paid.invoice_ref,
        deal=paid.deal if any(paid.deal) else None,
        token=tokens.facts(paid.token),
        amount=tokens.amount(paid.token, paid.amount),
        paid_at=life.paid_at,
        matures_at=paid.matures_at,
        status=status,
        refunded=tokens.amount(paid.token, life.refunded),
        disputed=tokens.amount(paid.token, life.now.waiting),
        clawed_back=tokens.amount(paid.token, life.clawed_back),
        rule_by=dispute.rule_by if dispute is not None else None,
        because=Because(code=cause.code, reason=_reason(cause.reason), entry=_entry(cause.seq)),
        changes=[
            PaymentChange(
                change=step.change,
                at=step.at,
                amount=tokens.amount(paid.token, step.amount),
                by=None if step.by is None else names.named(step.by),
                reason=_reason(step.reason),
                recipient=step.recipient,
                entry=_entry(step.seq),
            )
            for step in life.steps
        ],
        entry=_entry(life.seq),
    )


def _entry(seq: int) -> EntryReference:
    return EntryReference(contract=REVENUE, seq=seq)


def _reason(code: bytes | None) -> str | None:
    return (reason_text(code) or None) if code is not None else None


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
                entry=_entry(row.seq),
            )
        )
    return found
