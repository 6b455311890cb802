"""What answers say of a payee's history."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.amounts import Amount, TokenFacts
from api.as_of import Answer
from api.entry_reference import EntryReference
from api.identifiers import EXAMPLE_ADDRESS, EXAMPLE_ID, Address, Id
from api.partner_names import NamedAccount


class PaymentLine(BaseModel):
    """A payment came in under an agreement of the payee's."""

    kind: Literal["payment"] = "payment"
    at: int = Field(description="seconds since 1970", examples=[1_763_776_800])
    agreement: Id = Field(description="whose terms split it", examples=[EXAMPLE_ID])
    token: TokenFacts
    payer: NamedAccount
    invoice_ref: Id = Field(description="the payer's own reference, blinded", examples=[EXAMPLE_ID])
    deal: Id | None = Field(description="the won deal it comes from; null: none")
    amount: Amount = Field(description="the whole payment")
    matures_at: int = Field(description="when it is released, seconds since 1970")
    earned: Amount = Field(
        description="what it added to the payee's entitlement: the difference of two floors in the journal's "
        "order, so that all of them add up to it exactly"
    )
    entitlement: Amount = Field(description="the payee's entitlement in this agreement and token with it")
    entry: EntryReference


class ClaimLine(BaseModel):
    """The payee was paid out."""

    kind: Literal["claim"] = "claim"
    at: int = Field(description="seconds since 1970", examples=[1_763_776_800])
    agreement: Id = Field(description="that earned it", examples=[EXAMPLE_ID])
    token: TokenFacts
    amount: Amount = Field(description="what was paid out")
    recipient: Address = Field(description="address that the tokens went to", examples=[EXAMPLE_ADDRESS])
    entry: EntryReference


class Payouts(Answer):
    """A payee's history, the newest line first."""

    partner: NamedAccount
    lines: list[Annotated[PaymentLine | ClaimLine, Field(discriminator="kind")]]
    next_cursor: str | None
