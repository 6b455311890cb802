"""A waterfall as a picture: a bar for each tranche, its payees' shares side by side; of a book, also how far
revenue has come.
"""

from dataclasses import dataclass
from decimal import Decimal

from eth_utils.address import to_checksum_address

from api.agreements.schemas import BookBody
from api.agreements.waterfall import Band
from api.drafts.wording import Names
from api.portal.shares import SharePart, share_parts
from ledger.terms.agreement import UNBOUNDED, Terms

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class BandPicture:
    """A tranche: its payees' parts of the bar, and ``filled`` hundredths of it; None of the one without
    limit.
    """

    band: Band
    shares: list[SharePart]
    filled: str | None

    @property
    def reached(self) -> bool:
        """Whether any released revenue fell into it."""
        return self.band.released.units != "0"


@dataclass(frozen=True)
class BandShares:
    """A tranche of terms; ``bounds`` in words, empty of the only one."""

    bounds: str
    shares: list[SharePart]


def band_shares(terms: Terms, names: Names) -> list[BandShares]:
    """The terms' tranches from the first; a payee has the same colour in each of them."""
    colours = {str(payee.account): place for place, payee in enumerate(terms.payees)}
    bands = []
    for tranche in range(len(terms.tranches)):
        weights = [
            (payee.account, payee.weights[tranche]) for payee in terms.payees if payee.weights[tranche]
        ]
        bands.append(
            BandShares(_bounds(terms, tranche, names), share_parts(weights, names.partners, colours))
        )
    return bands


def _bounds(terms: Terms, tranche: int, names: Names) -> str:
    above = terms.tranches[tranche - 1].up_to if tranche else 0
    up_to = terms.tranches[tranche].up_to
    bounds = [f"above {names.boundary(terms.tokens, above)}"] if above else []
    bounds += [f"up to {names.boundary(terms.tokens, up_to)}"] if up_to != UNBOUNDED else []
    return ", ".join(bounds)


def band_pictures(book: BookBody) -> list[BandPicture]:
    """The book's tranches from the first; a payee has the same colour in each of them."""
    colours = {str(to_checksum_address(each.payee.account)): place for place, each in enumerate(book.payees)}
    return [_picture(band, colours) for band in book.waterfall.bands]


def _picture(band: Band, colours: dict[str, int]) -> BandPicture:
    weights = [(str(to_checksum_address(each.payee.account)), int(each.weight)) for each in band.shares]
    names = {str(to_checksum_address(each.payee.account)): each.payee.name or "" for each in band.shares}
    filled = None
    if band.up_to is not None:
        width = int(band.up_to.units) - int(band.above.units)
        part = Decimal(int(band.released.units) * 100) / width
        filled = format(part.quantize(_HUNDREDTH), "f")
    return BandPicture(band, share_parts(weights, names, colours), filled)
