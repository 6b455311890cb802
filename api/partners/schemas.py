"""What answers say of partners."""

from pydantic import BaseModel, Field

from api.as_of import Answer
from api.entry_reference import EntryReference
from api.identifiers import EXAMPLE_ADDRESS, EXAMPLE_ID, Address, Id


class Attested(BaseModel):
    """The consortium's newest word on an account. Times in seconds since 1970."""

    level: int = Field(description="verification level, 1 and up", examples=[1])
    valid: bool = Field(description="neither replaced, nor revoked, nor expired at the answer's block")
    attested_at: int
    expires_at: int = Field(description="last second at which it holds")
    revoked_at: int | None = Field(description="null: it was not")
    evidence: Id = Field(description="hash of what the consortium saw", examples=[EXAMPLE_ID])
    entry: EntryReference


class PartnerSummary(BaseModel):
    """A partner."""

    account: Address = Field(description="the partner's permanent id", examples=[EXAMPLE_ADDRESS])
    name: str | None = Field(description="null: it has not registered", examples=["Northwind Agency"])
    uri: str | None = Field(examples=["https://northwind.example"])
    registered_at: int | None = Field(description="seconds since 1970", examples=[1_763_776_800])
    verified: bool = Field(description="whether it holds a valid attestation at the answer's block")
    attestation: Attested | None
    entry: EntryReference | None = Field(description="its registration; null: it has not registered")


class PartnerList(Answer):
    """Registered partners, in the order of their registration."""

    partners: list[PartnerSummary]
    next_cursor: str | None


class OwnedProgramme(BaseModel):
    """A programme whose deals the partner decides on."""

    programme: Id
    name: str
    created_at: int
    entry: EntryReference


class Involvement(BaseModel):
    """How often the ledger names the account, and in what part."""

    agreements_as_party: int
    agreements_as_payee: int
    deals_brought: int
    deals_to_decide: int = Field(description="registered under its programmes")
    payments_made: int


class PartnerDetail(Answer):
    """A partner, and where to read on."""

    partner: PartnerSummary
    programmes: list[OwnedProgramme]
    involvement: Involvement
