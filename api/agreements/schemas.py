"""What answers say of agreements."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, Field, WithJsonSchema

from api.amounts import Amount, TokenFacts
from api.as_of import Answer
from api.drafts.examples import TERMS, TERMS_SCHEMA
from api.entry_reference import EntryReference
from api.identifiers import EXAMPLE_ID, Id
from api.partner_names import NamedAccount


class InForce(StrEnum):
    """Whether an agreement is in force at the answer's block."""

    UPCOMING = "upcoming"
    IN_FORCE = "in_force"
    ENDED = "ended"


class ProgrammeReference(BaseModel):
    """The programme whose deals are registered under an agreement."""

    programme: Id = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["Referral 2026"])
    owner: NamedAccount = Field(description="the vendor, who decides on its deals")


class AgreementSummary(BaseModel):
    """An agreement that every party signed. Times in seconds since 1970."""

    agreement: Id = Field(description="EIP-712 digest of the terms", examples=[EXAMPLE_ID])
    status: InForce
    programme: ProgrammeReference | None = Field(description="null: no deals are registered under it")
    parties: list[NamedAccount]
    payees: int = Field(description="how many are paid", examples=[2])
    tokens: list[TokenFacts] = Field(description="in which revenue may be paid")
    activated_at: int
    valid_from: int
    valid_until: int | None = Field(description="last second in force; null: open-ended")
    entry: EntryReference


class AgreementList(Answer):
    """Agreements, the newest first."""

    agreements: list[AgreementSummary]
    next_cursor: str | None


class PayeePosition(BaseModel):
    """What a payee has of a book."""

    payee: NamedAccount
    weights: list[str] = Field(
        description="its share of each tranche, of 10^18", examples=[["200000000000000000"]]
    )
    earned: Amount
    claimed: Amount
    claimable: Amount


class BookBody(BaseModel):
    """What an agreement received in one token, and where it is:
    received = claimed + claimable + held + disputed + refunded + netted + carry.
    """

    token: TokenFacts
    received: Amount
    claimed: Amount
    claimable: Amount
    held: Amount
    disputed: Amount
    refunded: Amount
    netted: Amount
    carry: Amount = Field(description="what rounding leaves: less than one base unit a payee")
    violation: str | None = Field(description="how the book breaks the law above; null: it does not")
    payees: list[PayeePosition]


class AgreementDetail(Answer):
    """An agreement with its terms as signed, and its books."""

    agreement: AgreementSummary
    terms: Annotated[dict[str, Any], WithJsonSchema(TERMS_SCHEMA)] = Field(examples=[TERMS])
    books: list[BookBody] = Field(description="one for each token that was ever paid in")
