"""Token amounts in answers: exact base units as a decimal string, and how a person reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, Field

from api.identifiers import EXAMPLE_ADDRESS, Address
from ledger.accounting.tokens import TokenNote, notes_on
from ledger.store.reading import Reading


class TokenFacts(BaseModel):
    """A token, as it describes itself: a token may say anything, only its address is certain."""

    address: Address = Field(examples=[EXAMPLE_ADDRESS])
    symbol: str | None = Field(description="null: the token gives none", examples=["tUSD"])
    decimals: int | None = Field(
        description="decimal places of a whole token; null: it gives none", examples=[6]
    )


class Amount(BaseModel):
    """An amount of the token beside it."""

    units: str = Field(description="token base units, a whole number", examples=["1234560000"])
    display: str | None = Field(
        description="whole tokens for people to read; null when the token gives no decimals",
        examples=["1,234.56 tUSD"],
    )


@dataclass(frozen=True)
class Tokens:
    """The tokens of an answer."""

    notes: Mapping[bytes, TokenNote]

    @classmethod
    def of(cls, reading: Reading, addresses: Iterable[bytes]) -> "Tokens":
        """Looks up the tokens at these addresses."""
        return cls(notes_on(reading, addresses))

    def facts(self, token: bytes) -> TokenFacts:
        """The token."""
        note = self.notes[token]
        return TokenFacts(address=note.address, symbol=note.symbol, decimals=note.decimals)

    def amount(self, token: bytes, units: int) -> Amount:
        """An amount of it."""
        return Amount(units=str(units), display=self.notes[token].display(units))
