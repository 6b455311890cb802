"""What came in and what went out, per agreement and token: sums as of a block, in token base units."""

from collections.abc import Collection

from sqlalchemy import func, select

from ledger.read import sums
from ledger.store.reading import Reading
from ledger.store.tables import Book, Claim, Claimed, Payment
from ledger.store.tables.base import Whole
from ledger.terms.contracts import REVENUE
from ledger.terms.ids import AgreementId, BookKey


def received(reading: Reading, agreements: Collection[AgreementId] | None = None) -> dict[BookKey, int]:
    """Sum of the payments of each book; of these agreements only, when given."""
    if reading.newest and agreements is not None:
        # A book begins with its first payment, whatever else has named it.
        books = sums.books_of(reading, agreements)
        return {key: each["received"] for key, each in books.items() if each["received"]}
    if reading.newest:
        question = select(Book.agreement, Book.token, Book.received).where(
            reading.now(Book, REVENUE), Book.received > 0
        )
    else:
        question = (
            select(Payment.agreement, Payment.token, func.sum(Payment.amount, type_=Whole()))
            .where(reading.seen(Payment, REVENUE))
            .group_by(Payment.agreement, Payment.token)
        )
        if agreements is not None:
            question = question.where(Payment.agreement.in_(agreements))
    return {(agreement, token): amount for agreement, token, amount in reading.session.execute(question)}


def claimed_by(reading: Reading, accounts: Collection[bytes]) -> dict[bytes, dict[BookKey, dict[int, int]]]:
    """What each of these accounts has claimed of each book, by period."""
    found: dict[bytes, dict[BookKey, dict[int, int]]] = {account: {} for account in accounts}
    if reading.newest:
        rows = sums.claimed_by(reading, accounts)
    else:
        key = (Claim.account, Claim.agreement, Claim.token, Claim.period)
        rows = reading.session.execute(
            select(*key, func.sum(Claim.amount, type_=Whole()))
            .where(reading.seen(Claim, REVENUE), Claim.account.in_(accounts))
            .group_by(*key)
        ).all()
    for account, agreement, token, period, amount in rows:
        found[account].setdefault((agreement, token), {})[period] = int(amount)
    return found


def claimed(
    reading: Reading, agreements: Collection[AgreementId] | None = None
) -> dict[BookKey, dict[tuple[bytes, int], int]]:
    """What each account has claimed of each book, by account and period; of these agreements, when given."""
    table: type[Claimed] | type[Claim] = Claimed if reading.newest else Claim
    key = (table.agreement, table.token, table.account, table.period)
    if reading.newest:
        question = select(*key, Claimed.amount).where(reading.now(Claimed, REVENUE))
    else:
        question = (
            select(*key, func.sum(Claim.amount, type_=Whole()))
            .where(reading.seen(Claim, REVENUE))
            .group_by(*key)
        )
    if agreements is not None:
        question = question.where(table.agreement.in_(agreements))
    found: dict[BookKey, dict[tuple[bytes, int], int]] = {}
    for agreement, token, account, period, amount in reading.session.execute(question):
        found.setdefault((agreement, token), {})[account, period] = amount
    return found
