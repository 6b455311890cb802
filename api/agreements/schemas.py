"""What answers say of agreements."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, Field, WithJsonSchema

from api.agreements.waterfall import Waterfall
from api.amounts import Amount, TokenFacts
from api.as_of import Answer
from api.drafts.examples import TERMS, TERMS_SCHEMA
from api.entry_reference import EntryReference
from api.identifiers import EXAMPLE_ID, Id, IdOfAgreement
from api.partner_names import NamedAccount
from ledger.rules.agreement_status import InForce


class EndingCause(StrEnum):
    """Why an agreement ends before it expires."""

    CONSENT = "consent"
    NOTICE = "notice"
    RULING = "ruling"


class AfterEnd(StrEnum):
    """What open deals may still do once their agreement has ended."""

    NOTHING = "nothing"
    WIN_APPROVED = "win_approved"
    FINISH = "finish"


class Succession(BaseModel):
    """The amendment that takes an agreement's place."""

    agreement: Id = Field(description="the successor", examples=[EXAMPLE_ID])
    effective_at: int = Field(description="first second at which it stands in the agreement's place")
    entry: EntryReference


class Version(BaseModel):
    """One agreement in a line of amendments."""

    agreement: Id = Field(examples=[EXAMPLE_ID])
    effective_from: int = Field(description="first second at which it is, or was, the one in force")
    status: InForce
    entry: EntryReference


class EndingBody(BaseModel):
    """Who ended the agreement before it expires, and why. Times in seconds since 1970."""

    cause: EndingCause
    by: NamedAccount | None = Field(
        description="the party that gave notice, or the arbiter; null: all parties consented"
    )
    ends_at: int = Field(description="last second at which the agreement is in force")
    reason: str | None = Field(description="the ruling's reason code", examples=["BREACH_OF_TERMS"])
    at: int = Field(description="when it was said")
    entry: EntryReference


class EndConsent(BaseModel):
    """A party's consent to an end, by its own transaction. Times in seconds since 1970."""

    party: NamedAccount
    at: int = Field(description="when it consented")
    deadline: int = Field(description="last second at which the consent counts")
    entry: EntryReference


class PendingEnd(BaseModel):
    """An end that some parties have consented to by transaction, and not all. A consent counts for its own
    last second alone: of parties that consented to different ones, each is missing at the other.
    """

    ends_at: int = Field(description="last second at which the agreement would be in force")
    consents: list[EndConsent]
    missing: list[NamedAccount] = Field(
        description="parties of which no consent is on the chain; they may have signed one"
    )


class Conditions(BaseModel):
    """What the terms say of money that came in, of disputes and of the end."""

    hold_seconds: int = Field(description="how long at least a payment can be refunded before it is released")
    clawback: bool = Field(description="whether a refund after the hold is owed out of later revenue")
    clawback_inherited: bool = Field(description="whether its revenue also serves its predecessor's debts")
    arbiter: NamedAccount | None = Field(description="who rules on disputes; null: nobody")
    notice_seconds: int | None = Field(description="notice by which a party ends it alone; null: none can")
    after_end: AfterEnd
    territories: list[str] = Field(description="in which deals may be registered", examples=[["DE"]])
    period_seconds: int | None = Field(description="after which the tranches start anew; null: never")


class ProgrammeReference(BaseModel):
    """The programme whose deals are registered under an agreement."""

    programme: Id = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["Referral 2026"])
    owner: NamedAccount = Field(description="the vendor, who decides on its deals")


class AgreementSummary(BaseModel):
    """An agreement that every party signed. Times in seconds since 1970."""

    agreement: IdOfAgreement = Field(description="hash over terms, chain and registry", examples=[EXAMPLE_ID])
    status: InForce
    programme: ProgrammeReference | None = Field(description="null: no deals are registered under it")
    parties: list[NamedAccount]
    payees: int = Field(description="how many are paid", examples=[2])
    tokens: list[TokenFacts] = Field(description="in which revenue may be paid")
    activated_at: int
    valid_from: int
    valid_until: int | None = Field(description="last second in force by the terms; null: open-ended")
    ends_at: int | None = Field(
        description="last second in force, by the terms, an ending or an amendment; null: open-ended"
    )
    predecessor: Id | None = Field(description="the agreement that it amends; null: none")
    successor: Succession | None = Field(description="what amends it; null: nothing")
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


class HeldDay(BaseModel):
    """Held payments that are released together."""

    matures_at: int = Field(description="seconds since 1970", examples=[1_763_856_000])
    amount: Amount


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
    carry: Amount = Field(description="what rounding leaves: less than one base unit a payee and period")
    held_until: list[HeldDay] = Field(description="what of it is held, by the second at which it is released")
    waterfall: Waterfall
    violation: str | None = Field(description="how the book breaks the law above; null: it does not")
    payees: list[PayeePosition]


class AgreementDetail(Answer):
    """An agreement with its terms as signed, what became of it, and its books."""

    agreement: AgreementSummary
    versions: list[Version] = Field(
        description="its line of amendments, itself included, the first one first"
    )
    endings: list[EndingBody] = Field(description="what ends it before it expires; the last one counts")
    pending_ends: list[PendingEnd] = Field(
        description="ends that parties have consented to by transaction, the earliest first"
    )
    conditions: Conditions
    terms: Annotated[dict[str, Any], WithJsonSchema(TERMS_SCHEMA)] = Field(examples=[TERMS])
    books: list[BookBody] = Field(description="one for each token that was ever paid in")
