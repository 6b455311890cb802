"""Where an agreement's revenue stands in its tranches."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from api.amounts import Amount, Tokens
from api.partner_names import NamedAccount, Names
from ledger.rules.book import Book
from ledger.rules.release import Periods
from ledger.terms.agreement import UNBOUNDED, Terms


class BandShare(BaseModel):
    """A payee's share of a band."""

    payee: NamedAccount
    weight: str = Field(description="of 10^18", examples=["700000000000000000"])


class Band(BaseModel):
    """A tranche: what lies above one total and up to the next."""

    above: Amount
    up_to: Amount | None = Field(description="null: without limit")
    released: Amount = Field(description="what of the released revenue fell into it")
    shares: list[BandShare] = Field(description="those that are more than nothing, in the order of the terms")


class Waterfall(BaseModel):
    """The tranches, and how far released revenue has come in the period of the answer's block."""

    period: int = Field(description="number of the period, from 0; 0 when there are none", examples=[0])
    period_ends_at: int | None = Field(
        description="when the count starts anew, seconds since 1970; null: never"
    )
    released: Amount = Field(description="in this period")
    bands: list[Band]


def waterfall(book: Book, terms: Terms, now: int, tokens: Tokens, names: Names) -> Waterfall:
    """The book's tranches as of ``now``, in seconds."""
    periods = Periods(terms.valid_from, terms.tranches[0].period_seconds)
    period = max(periods.of(now), 0)
    ends = terms.valid_from + (period + 1) * periods.seconds if periods.seconds else None
    released = book.released.get(period, 0)
    return Waterfall(
        period=period,
        period_ends_at=ends,
        released=tokens.amount(book.token, released),
        bands=[
            _band(book.token, terms, place, released, tokens, names) for place in range(len(terms.tranches))
        ],
    )


def _band(token: bytes, terms: Terms, place: int, released: int, tokens: Tokens, names: Names) -> Band:
    above, up_to = bounds(terms, place)
    inside = max(min(released, up_to) - above, 0)
    return Band(
        above=tokens.amount(token, above),
        up_to=None if up_to == UNBOUNDED else tokens.amount(token, up_to),
        released=tokens.amount(token, inside),
        shares=_shares(terms, place, names),
    )


def bounds(terms: Terms, place: int) -> tuple[int, int]:
    """A band's lower and upper boundary, cumulative, in token base units."""
    return (terms.tranches[place - 1].up_to if place else 0), terms.tranches[place].up_to


def _shares(terms: Terms, place: int, names: Names) -> list[BandShare]:
    named: Sequence[tuple[bytes, int]] = [
        (bytes.fromhex(payee.account[2:]), payee.weights[place]) for payee in terms.payees
    ]
    return [BandShare(payee=names.named(account), weight=str(weight)) for account, weight in named if weight]
