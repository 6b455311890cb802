"""Entries that move a payee's entitlement, or pay it out: the newest of each kind, and the totals before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    LargeBinary,
    Select,
    Subquery,
    and_,
    cast,
    desc,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from ledger.accounting.totals import CONTRACT, BookKey
from ledger.rules.release import Periods
from ledger.store.reading import Reading
from ledger.store.tables import Claim, Dispute, Maturity, Netting, Payment, SetAside
from ledger.store.tables.base import Whole

PeriodKey = tuple[bytes, bytes, int]
"""An agreement, a token and the number of a period."""


class Kind(Enum):
    """Which entry it is."""

    PAYMENT = "payment"
    MATURITY = "maturity"
    RULING = "ruling"
    NETTING = "netting"
    CLAIM = "claim"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class Movement:
    """An entry; what its kind does not have is left at nothing. ``released``: what it adds to the total."""

    kind: Kind
    seq: int
    at: int
    agreement: bytes
    token: bytes
    amount: int
    released: int = 0
    matures_at: int = 0
    payer: bytes = b""
    invoice_ref: bytes = b""
    deal: bytes | None = None
    debtor: bytes = b""
    recipient: bytes = b""
    period: int = 0
    together: bool = False


def movements(
    reading: Reading,
    account: bytes,
    agreements: Sequence[bytes],
    limit: int,
    before: int | None,
    token: bytes | None,
    agreement: bytes | None,
) -> list[Movement]:
    """The newest of these agreements' entries and of the account's own, the newest first."""
    page = (limit, before, token)
    questions = [
        (_own(Claim, reading, account, *page, agreement), _claim),
        (_own(SetAside, reading, account, *page, agreement), _set_aside),
    ]
    if agreements:
        maturities = select(Maturity).where(reading.seen(Maturity, CONTRACT)).subquery().c
        nettings = select(Netting).where(reading.seen(Netting, CONTRACT)).subquery().c
        questions += [
            (_of_each(reading, agreements, *page), _payment),
            (_newest(maturities, agreements, *page), _maturity),
            (_newest(nettings, agreements, *page), _netting),
            (_newest(_rulings_apart(reading).c, agreements, *page), _ruling),
        ]
    found = [moved(row) for question, moved in questions for row in reading.session.execute(question)]
    return sorted(found, key=lambda each: -each.seq)[:limit]


def released_before(
    reading: Reading, firsts: Mapping[BookKey, int], periods: Mapping[bytes, Periods]
) -> dict[PeriodKey, int]:
    """What was recorded as released of each book before its entry with this number, by period."""
    found: dict[PeriodKey, int] = {}
    if not firsts:
        return found
    keys = [*firsts]
    first = (
        func.unnest(
            cast([agreement for agreement, _ in keys], ARRAY(LargeBinary)),
            cast([token for _, token in keys], ARRAY(LargeBinary)),
            cast([firsts[key] for key in keys], ARRAY(BigInteger)),
            cast([periods[agreement].valid_from for agreement, _ in keys], ARRAY(BigInteger)),
            cast([periods[agreement].seconds for agreement, _ in keys], ARRAY(BigInteger)),
        )
        .table_valued("agreement", "token", "seq", "valid_from", "seconds", name="first")
        .render_derived()
    )
    for amount, seq, matures_at, table, rows_of, which in _released(reading):
        per = func.nullif(first.c.seconds, 0)
        number = func.coalesce((matures_at - first.c.valid_from) // per, 0).label("period")
        rows = reading.session.execute(
            select(first.c.agreement, first.c.token, number, func.sum(amount, type_=Whole()))
            .join(
                table,
                and_(
                    which,
                    rows_of.agreement == first.c.agreement,
                    rows_of.token == first.c.token,
                    seq < first.c.seq,
                ),
            )
            .group_by(first.c.agreement, first.c.token, number)
        )
        for agreement, token, period, total in rows:
            key = (agreement, token, int(period))
            found[key] = found.get(key, 0) + int(total)
    return found


def _released(reading: Reading) -> Iterator[tuple[Any, Any, Any, Any, Any, ColumnElement[bool]]]:
    """What adds to the totals: amount, number of the entry, maturity; table, its columns, and which rows."""
    at_once = and_(reading.of(Payment, CONTRACT), Payment.matures_at <= Payment.paid_at)
    yield Payment.amount, Payment.seq, Payment.matures_at, Payment, Payment, at_once
    for table, amount in ((Maturity, Maturity.amount), (Netting, -Netting.amount)):
        yield amount, table.seq, table.matures_at, table, table, reading.of(table, CONTRACT)
    rulings = _rulings_apart(reading)
    of = rulings.c
    yield of.amount, of.seq, of.matures_at, rulings, of, true()


def _rulings_apart(reading: Reading) -> Subquery:
    """Rulings that came after the hold, and released the rest by themselves."""
    of = reading.then(Dispute, CONTRACT).c
    of_dispute = and_(
        reading.of(Payment, CONTRACT), Payment.payer == of.payer, Payment.invoice_ref == of.invoice_ref
    )
    return (
        select(
            of.ruled_seq.label("seq"),
            of.ruled_at.label("at"),
            of.agreement,
            of.token,
            of.remaining.label("amount"),
            Payment.matures_at,
        )
        .join(Payment, of_dispute)
        .where(of.ruled_at >= Payment.matures_at)
        .subquery("ruling")
    )


def _of_each(
    reading: Reading, agreements: Sequence[bytes], limit: int, before: int | None, token: bytes | None
) -> Select[Any]:
    """The newest payments of each agreement, of those the newest: none waits for another's long history."""
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
    newest = desc(lateral.c.seq)
    return select(lateral).select_from(wanted).join(lateral, true()).order_by(newest).limit(limit)


def _newest(
    table: Any, agreements: Sequence[bytes], limit: int, before: int | None, token: bytes | None
) -> Select[Any]:
    """The newest rows of a table, or of a subquery's columns, of these agreements."""
    question = select(*table).where(table.agreement.in_(agreements))
    if before is not None:
        question = question.where(table.seq < before)
    if token is not None:
        question = question.where(table.token == token)
    return question.order_by(desc(table.seq)).limit(limit)


def _own(
    table: type[Claim] | type[SetAside],
    reading: Reading,
    account: bytes,
    limit: int,
    before: int | None,
    token: bytes | None,
    agreement: bytes | None,
) -> Select[Any]:
    question = select(*table.__table__.columns).where(reading.seen(table, CONTRACT), table.account == account)
    if before is not None:
        question = question.where(table.seq < before)
    if agreement is not None:
        question = question.where(table.agreement == agreement)
    if token is not None:
        question = question.where(table.token == token)
    return question.order_by(desc(table.seq)).limit(limit)


def _payment(row: Any) -> Movement:
    held = row.matures_at > row.paid_at
    return Movement(
        Kind.PAYMENT,
        row.seq,
        row.paid_at,
        row.agreement,
        row.token,
        row.amount,
        released=0 if held else row.amount,
        matures_at=row.matures_at,
        payer=row.payer,
        invoice_ref=row.invoice_ref,
        deal=row.deal,
    )


def _maturity(row: Any) -> Movement:
    return _release(Kind.MATURITY, row, row.matured_at, row.amount)


def _ruling(row: Any) -> Movement:
    return _release(Kind.RULING, row, row.at, row.amount)


def _netting(row: Any) -> Movement:
    return replace(_release(Kind.NETTING, row, row.netted_at, -row.amount), debtor=row.debtor)


def _release(kind: Kind, row: Any, at: int, released: int) -> Movement:
    common = (row.seq, at, row.agreement, row.token, row.amount)
    return Movement(kind, *common, released=released, matures_at=row.matures_at)


def _claim(row: Any) -> Movement:
    common = (row.seq, row.claimed_at, row.agreement, row.token, row.amount)
    return Movement(
        Kind.CLAIM, *common, recipient=row.recipient, period=row.period, together=row.position != 0
    )


def _set_aside(row: Any) -> Movement:
    return Movement(Kind.SET_ASIDE, row.seq, row.at, row.agreement, row.token, row.amount, period=row.period)
