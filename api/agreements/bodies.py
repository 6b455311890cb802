"""A book as an answer shows it."""

from collections.abc import Mapping

from api.agreements.schemas import BookBody, HeldDay, PayeePosition
from api.agreements.waterfall import waterfall
from api.amounts import Amount, Tokens
from api.partner_names import Names
from ledger.rules.book import Book
from ledger.terms.agreement import Terms


def book_body(
    book: Book, terms: Terms, held: Mapping[int, int], now: int, tokens: Tokens, names: Names
) -> BookBody:
    """The book with the positions of its payees, in the order of the terms. ``held``: amounts by maturity;
    ``now`` in seconds.
    """

    def amount(units: int) -> Amount:
        return tokens.amount(book.token, units)

    weights = {bytes.fromhex(payee.account[2:]): payee.weights for payee in terms.payees}
    return BookBody(
        token=tokens.facts(book.token),
        received=amount(book.received),
        claimed=amount(book.claimed),
        claimable=amount(book.claimable),
        held=amount(book.held),
        disputed=amount(book.disputed),
        refunded=amount(book.refunded),
        netted=amount(book.netted),
        carry=amount(book.carry),
        held_until=[
            HeldDay(matures_at=day, amount=amount(units)) for day, units in sorted(held.items()) if units
        ],
        waterfall=waterfall(book, terms, now, tokens, names),
        violation=book.violation(),
        payees=[
            PayeePosition(
                payee=names.named(each.account),
                weights=[str(weight) for weight in weights[each.account]],
                earned=amount(each.earned),
                claimed=amount(each.claimed),
                claimable=amount(each.claimable),
            )
            for each in book.positions
        ],
    )
