"""The books of a deployment as of a block."""

from collections.abc import Collection

from ledger.accounting import totals
from ledger.accounting.plans import payees_of
from ledger.rules.book import Book, book
from ledger.store.reading import Reading


def books(reading: Reading, agreements: Collection[bytes] | None = None) -> list[Book]:
    """Every book that was ever paid into, by agreement and token; of these agreements only, when given."""
    received = totals.received(reading, agreements)
    claims = totals.claimed(reading, agreements)
    keys = sorted({*received, *claims})
    shares = payees_of(reading, {agreement for agreement, _ in keys})
    return [
        book(
            agreement,
            token,
            received.get((agreement, token), 0),
            shares.get(agreement, {}),
            claims.get((agreement, token), {}),
        )
        for agreement, token in keys
    ]
