"""The books of a deployment as of a block."""

from collections.abc import Collection

from ledger.accounting import totals
from ledger.accounting.plans import payees_of
from ledger.accounting.revenue import money_of
from ledger.rules.book import Book, book
from ledger.rules.release import Money
from ledger.store.reading import Reading
from ledger.terms.ids import AgreementId


def books(reading: Reading, agreements: Collection[AgreementId] | None = None) -> list[Book]:
    """Every book that was ever paid into, by agreement and token; of these agreements only, when given."""
    money = money_of(reading, agreements)
    claims = totals.claimed(reading, agreements)
    keys = sorted({*money, *claims})
    shares = payees_of(reading, {agreement for agreement, _ in keys})
    return [
        book(
            agreement,
            token,
            money.get((agreement, token), Money()),
            shares.get(agreement, {}),
            claims.get((agreement, token), {}),
        )
        for agreement, token in keys
    ]
