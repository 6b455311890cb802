"""What answers say of a payee's history."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.amounts import Amount, TokenFacts
from api.as_of import Answer
from api.entry_reference import EntryReference
from api.identifiers import EXAMPLE_ADDRESS, EXAMPLE_ID, Address, Id
from api.partner_names import NamedAccount
from ledger.rules.payment import ReasonCode


class ReasonBody(BaseModel):
    """Why a part of a payment is not, or not yet, the payees'."""

    code: ReasonCode
    amount: Amount
    said: str | None = Field(
        description="reason code that a party or the arbiter gave", examples=["NOT_DELIVERED"]
    )
    until: int | None = Field(
        description="held: until then; disputed: from then on anyone can have it dropped; null: for good"
    )
    entry: EntryReference = Field(description="the entry that caused it")


class PaymentLine(BaseModel):
    """A payment came in under an agreement of the payee's."""

    kind: Literal["payment"] = "payment"
    at: int = Field(description="seconds since 1970", examples=[1_763_776_800])
    agreement: Id = Field(description="whose terms split it", examples=[EXAMPLE_ID])
    token: TokenFacts
    payer: NamedAccount = Field(description="the account whose wallet paid")
    invoice_ref: Id = Field(description="the payer's own reference, blinded", examples=[EXAMPLE_ID])
    deal: Id | None = Field(description="the won deal it comes from; null: none")
    amount: Amount = Field(description="the whole payment")
    matures_at: int = Field(description="when it is released, seconds since 1970")
    earned: Amount = Field(
        description="what it added to the payee's entitlement, nothing when it was held: the difference of "
        "two "
        "floors in the journal's order, so that all lines add up to it exactly"
    )
    entitlement: Amount = Field(description="the payee's entitlement in its period with it")
    period: int = Field(description="number of the period, from 0", examples=[0])
    reasons: list[ReasonBody] = Field(description="what of it is not, or not yet, the payees', and why")
    entry: EntryReference


class ReleaseLine(BaseModel):
    """Held payments of a day were recorded as released, or what a ruling left of one."""

    kind: Literal["release"] = "release"
    at: int = Field(description="seconds since 1970", examples=[1_763_776_800])
    agreement: Id = Field(examples=[EXAMPLE_ID])
    token: TokenFacts
    amount: Amount = Field(description="what was released")
    matures_at: int = Field(description="when it was due, seconds since 1970")
    ruled: bool = Field(description="whether a ruling released it by itself")
    earned: Amount = Field(description="what it added to the payee's entitlement")
    entitlement: Amount = Field(description="the payee's entitlement in its period with it")
    period: int = Field(description="number of the period, from 0", examples=[0])
    entry: EntryReference


class NettedLine(BaseModel):
    """Of what the line before released, a part served debts to payers instead."""

    kind: Literal["netted"] = "netted"
    at: int = Field(description="seconds since 1970", examples=[1_763_776_800])
    agreement: Id = Field(examples=[EXAMPLE_ID])
    token: TokenFacts
    amount: Amount = Field(description="what served debts")
    debtor: Id = Field(description="the agreement whose debts they are", examples=[EXAMPLE_ID])
    earned: Amount = Field(description="what it took from the payee's entitlement: less than nothing")
    entitlement: Amount = Field(description="the payee's entitlement in its period with it")
    period: int = Field(description="number of the period, from 0", examples=[0])
    entry: EntryReference


class ClaimLine(BaseModel):
    """The payee was paid out."""

    kind: Literal["claim"] = "claim"
    at: int = Field(description="seconds since 1970", examples=[1_763_776_800])
    agreement: Id = Field(description="that earned it", examples=[EXAMPLE_ID])
    token: TokenFacts
    amount: Amount = Field(description="what was paid out")
    recipient: Address = Field(description="address that the tokens went to", examples=[EXAMPLE_ADDRESS])
    period: int = Field(description="number of the period claimed for, from 0", examples=[0])
    together: bool = Field(description="whether all payees were paid at once", examples=[False])
    entry: EntryReference


class SetAsideLine(BaseModel):
    """All payees were paid at once, and this one could not be: what it had coming is there to be claimed."""

    kind: Literal["set_aside"] = "set_aside"
    at: int = Field(description="seconds since 1970", examples=[1_763_776_800])
    agreement: Id = Field(description="that earned it", examples=[EXAMPLE_ID])
    token: TokenFacts
    amount: Amount = Field(
        description="all that was set aside for it by then: claimable until it claims or is paid with all"
    )
    period: int = Field(description="number of the period paid out, from 0", examples=[0])
    entry: EntryReference


class Payouts(Answer):
    """A payee's history, the newest line first."""

    partner: NamedAccount
    lines: list[
        Annotated[
            PaymentLine | ReleaseLine | NettedLine | ClaimLine | SetAsideLine, Field(discriminator="kind")
        ]
    ]
    next_cursor: str | None
