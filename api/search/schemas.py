"""What a search finds."""

from enum import StrEnum

from pydantic import BaseModel, Field

from api.as_of import Answer
from api.entry_reference import EntryReference
from api.identifiers import EXAMPLE_ADDRESS, Hex
from api.partner_names import NamedAccount


class Kind(StrEnum):
    """What was found."""

    PARTNER = "partner"
    ACCOUNT = "account"
    WALLET = "wallet"
    AGREEMENT = "agreement"
    DEAL = "deal"
    PROGRAMME = "programme"
    ENTRY = "entry"


class Found(BaseModel):
    """One thing. ``partner`` is a partner itself, whose wallet it is, who registered the deal or owns the
    programme.
    """

    kind: Kind = Field(
        description="account: entries name it, but it did not register; wallet: acts or acted for `partner`"
    )
    id: Hex | None = Field(description="null of an entry", examples=[EXAMPLE_ADDRESS])
    name: str | None = Field(
        description="of a partner or programme, and an entry's event; null: it has none",
        examples=["Northwind Agency"],
    )
    partner: NamedAccount | None
    entry: EntryReference | None


class SearchResults(Answer):
    """The results, the likeliest first."""

    results: list[Found]
    more: bool = Field(description="whether there are more than these: write more of the name")
