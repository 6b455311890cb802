"""Tokens as they describe themselves, and amounts of them as people read them."""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.read.asking import ask
from ledger.store.reading import Reading

_NOTES = """
SELECT address, symbol, decimals FROM app.token
WHERE chain_id = %(chain)s AND address = ANY(%(wanted)s::bytea[])
"""


@dataclass(frozen=True)
class TokenNote:
    """What a token says of itself; None where it says nothing that makes sense. Only its address is
    certain.
    """

    address: bytes
    symbol: str | None = None
    decimals: int | None = None

    def display(self, units: int) -> str | None:
        """An amount in whole tokens: of a token with 6 decimals, ``1234560000`` is ``1,234.56 tUSD``.

        Exact: only zeros at the end are left out. None when the token gives no decimals.
        """
        if self.decimals is None:
            return None
        sign, digits = ("-", -units) if units < 0 else ("", units)
        whole, fraction = divmod(digits, 10**self.decimals)
        places = str(fraction).zfill(self.decimals).rstrip("0") if self.decimals else ""
        places = places.ljust(min(2, self.decimals), "0")
        number = f"{sign}{whole:,}" + (f".{places}" if places else "")
        return f"{number} {self.symbol}" if self.symbol else number


def notes_on(reading: Reading, addresses: Iterable[bytes]) -> dict[bytes, TokenNote]:
    """A note on each of these tokens, also on those that nothing is known of."""
    wanted = set(addresses)
    notes = {each: TokenNote(each) for each in wanted}
    rows = ask(reading, _NOTES, wanted=wanted) if wanted else ()
    for address, symbol, decimals in rows:
        notes[address] = TokenNote(address, symbol, decimals)
    return notes
