"""A payee's history, line by line: what came in and what of it the payee earned, and what was paid out to it.

What a payment adds to a payee's entitlement is the difference of two floors, of the book's total with and
without it, taken in journal order: the lines' sum is the entitlement, to the base unit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, LargeBinary, cast, desc, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from ledger.accounting.plans import shares_of
from ledger.accounting.totals import CONTRACT, BookKey
from ledger.rules.book import Share
from ledger.store.reading import Reading
from ledger.store.tables import Claim, Payment
from ledger.store.tables.base import Whole


@dataclass(frozen=True)
class Incoming:
    """A payment into an agreement of the payee's.

    ``amount`` is the whole invoice, ``earned`` what it added to this payee's entitlement, ``entitlement``
    what that came to with it; in token base units. ``deal`` is None when the payment came from none.
    """

    seq: int
    at: int
    agreement: bytes
    token: bytes
    amount: int
    payer: bytes
    invoice_ref: bytes
    deal: bytes | None
    matures_at: int
    earned: int
    entitlement: int


@dataclass(frozen=True)
class Outgoing:
    """A claim: ``amount`` in token base units went to ``recipient``."""

    seq: int
    at: int
    agreement: bytes
    token: bytes
    amount: int
    recipient: bytes


Line = Incoming | Outgoing


def payouts_of(
    reading: Reading,
    account: bytes,
    limit: int,
    *,
    before: int | None = None,
    agreement: bytes | None = None,
    token: bytes | None = None,
) -> list[Line]:
    """Up to ``limit`` lines, the newest first; ``before`` is the ``seq`` of the last line already seen."""
    shares = shares_of(reading, account)
    if agreement is not None:
        shares = {agreement: shares[agreement]} if agreement in shares else {}
    claims = _claims(reading, account, limit, before, agreement, token)
    payments = _payments(reading, list(shares), limit, before, token) if shares else []
    newest = sorted([*payments, *claims], key=lambda row: -row.seq)[:limit]
    return _lines(reading, shares, newest)


def _payments(
    reading: Reading, agreements: Sequence[bytes], limit: int, before: int | None, token: bytes | None
) -> Sequence[Any]:
    """The newest of each agreement, and of those the newest: none waits for another's long history."""
    wanted = (
        func.unnest(cast(list(agreements), ARRAY(LargeBinary)))
        .table_valued("agreement", name="wanted")
        .render_derived()
    )
    each = select(Payment).where(reading.seen(Payment, CONTRACT), Payment.agreement == wanted.c.agreement)
    if before is not None:
        each = each.where(Payment.seq < before)
    if token is not None:
        each = each.where(Payment.token == token)
    lateral = each.order_by(desc(Payment.seq)).limit(limit).lateral()
    return reading.session.execute(
        select(lateral).select_from(wanted).join(lateral, true()).order_by(desc(lateral.c.seq)).limit(limit)
    ).all()


def _claims(
    reading: Reading,
    account: bytes,
    limit: int,
    before: int | None,
    agreement: bytes | None,
    token: bytes | None,
) -> Sequence[Any]:
    question = select(*Claim.__table__.columns).where(reading.seen(Claim, CONTRACT), Claim.account == account)
    if before is not None:
        question = question.where(Claim.seq < before)
    if agreement is not None:
        question = question.where(Claim.agreement == agreement)
    if token is not None:
        question = question.where(Claim.token == token)
    return reading.session.execute(question.order_by(desc(Claim.seq)).limit(limit)).all()


def _lines(reading: Reading, shares: Mapping[bytes, Share], newest_first: Sequence[Any]) -> list[Line]:
    """A page's payments into one book are neighbours in it: one sum before the first is enough."""
    firsts: dict[BookKey, int] = {}
    for row in newest_first:
        if "payer" in row._fields:
            firsts[row.agreement, row.token] = row.seq
    running = _received_before(reading, firsts)
    lines: list[Line] = []
    for row in reversed(newest_first):
        if "payer" not in row._fields:
            lines.append(
                Outgoing(row.seq, row.claimed_at, row.agreement, row.token, row.amount, row.recipient)
            )
            continue
        key = (row.agreement, row.token)
        share = shares[row.agreement]
        before = share.of(running[key])
        running[key] += row.amount
        entitlement = share.of(running[key])
        lines.append(
            Incoming(
                seq=row.seq,
                at=row.paid_at,
                agreement=row.agreement,
                token=row.token,
                amount=row.amount,
                payer=row.payer,
                invoice_ref=row.invoice_ref,
                deal=row.deal,
                matures_at=row.matures_at,
                earned=entitlement - before,
                entitlement=entitlement,
            )
        )
    lines.reverse()
    return lines


def _received_before(reading: Reading, firsts: Mapping[BookKey, int]) -> dict[BookKey, int]:
    """Each book's total before its entry with this number."""
    if not firsts:
        return {}
    keys = [*firsts]
    first = (
        func.unnest(
            cast([agreement for agreement, _ in keys], ARRAY(LargeBinary)),
            cast([token for _, token in keys], ARRAY(LargeBinary)),
            cast([firsts[key] for key in keys], ARRAY(BigInteger)),
        )
        .table_valued("agreement", "token", "seq", name="first")
        .render_derived()
    )
    total = (
        select(func.sum(Payment.amount))
        .where(
            reading.of(Payment, CONTRACT),
            Payment.agreement == first.c.agreement,
            Payment.token == first.c.token,
            Payment.seq < first.c.seq,
        )
        .scalar_subquery()
    )
    rows = reading.session.execute(
        select(first.c.agreement, first.c.token, func.coalesce(total, 0, type_=Whole()))
    )
    return {(agreement, token): int(received) for agreement, token, received in rows}
