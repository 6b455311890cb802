"""A waterfall as a picture: a bar for each tranche, its payees' shares side by side, and how far revenue has
come.
"""

from dataclasses import dataclass
from decimal import Decimal

from eth_utils.address import to_checksum_address

from api.agreements.schemas import BookBody
from api.agreements.waterfall import Band
from api.portal.shares import SharePart, share_parts

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
