"""What answers say of deals. Times in seconds since 1970."""

from pydantic import BaseModel, Field

from api.amounts import Amount, TokenFacts
from api.as_of import Answer
from api.entry_reference import EntryReference
from api.identifiers import EXAMPLE_ID, Id
from api.partner_names import NamedAccount
from ledger.rules.deal_status import Lead, Status


class Customer(BaseModel):
    """Whom a deal is about: blinded, the same for every registration of the same customer."""

    programme: Id = Field(examples=[EXAMPLE_ID])
    epoch: int = Field(description="epoch of the programme's key", examples=[1])
    tag: Id = Field(description="HMAC of the customer under that key", examples=[EXAMPLE_ID])


class DeclaredValue(BaseModel):
    """What the vendor declared a won deal to be worth, and what was paid of it."""

    token: TokenFacts
    value: Amount
    paid: Amount = Field(description="payments that name the deal, in this token")


class DealSummary(BaseModel):
    """A customer that a partner claims to have brought."""

    deal: Id = Field(examples=[EXAMPLE_ID])
    partner: NamedAccount
    status: Status = Field(
        description="at the answer's block; lapsed: not revealed within a day; expired: exclusivity is over"
    )
    overdue: bool = Field(description="registered, and the vendor's time to decide is over")
    priority: int = Field(description="number of the commitment's entry: the lower was first", examples=[7])
    committed_at: int
    registered_at: int | None = Field(description="null: not revealed")
    decide_by: int | None = Field(description="last second for a decision; null: not revealed")
    exclusive_until: int | None = Field(
        description="last second of the exclusivity its approval gave; null: it has none"
    )
    status_since: int = Field(description="when its last entry was made")
    agreement: Id | None = Field(description="null: not revealed")
    customer: Customer | None = Field(description="null: not revealed")
    vendor: NamedAccount | None = Field(description="who decides; null: not revealed")
    reason: str | None = Field(
        description="code of the last decision's reason", examples=["EXISTING_CUSTOMER"]
    )
    entry: EntryReference


class DealList(Answer):
    """Deals, the newest commitment first."""

    deals: list[DealSummary]
    next_cursor: str | None


class DecisionBody(BaseModel):
    """What the vendor decided, or that the partner withdrew."""

    outcome: Status
    at: int
    vendor: NamedAccount | None = Field(description="null: the partner withdrew")
    reason: str | None
    exclusive_until: int | None
    entry: EntryReference


class Registration(BaseModel):
    """One of the registrations of the same customer."""

    deal: Id
    partner: NamedAccount
    agreement: Id
    priority: int
    committed_at: int
    registered_at: int
    status: Status
    live: bool = Field(
        description="waits for a decision or holds the customer, and so keeps later ones waiting"
    )
    leads: bool


class Leading(BaseModel):
    """Which registration leads, and why."""

    deal: Id
    partner: NamedAccount
    lead: Lead
    until: int | None = Field(description="when its exclusivity ends; null: it is not about exclusivity")
    final_from: int | None = Field(
        description="from when on no earlier commitment can be revealed any more; null: it is certain"
    )


class Conflict(BaseModel):
    """Every registration of the same customer, in the order of priority, and who leads."""

    customer: Customer
    registrations: list[Registration]
    leader: Leading | None
    why: str


class DealDetail(Answer):
    """A deal, every decision on it, and its rivals."""

    deal: DealSummary
    declared: DeclaredValue | None = Field(description="null: it was not won")
    decisions: list[DecisionBody]
    conflict: Conflict | None = Field(description="null: not revealed, so that nobody can tell")
