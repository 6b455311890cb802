"""What answers say of deals. Times in seconds since 1970."""

from enum import StrEnum

from pydantic import BaseModel, Field

from api.amounts import Amount, TokenFacts
from api.as_of import Answer
from api.entry_reference import EntryReference
from api.identifiers import EXAMPLE_ID, Id
from api.partner_names import NamedAccount
from ledger.rules.deal_status import Lead, Status


class ConflictRule(StrEnum):
    """How a programme settles conflicts: the first live registration keeps others off; only within its
    territory; or never.
    """

    FIRST_REGISTERED = "first_registered"
    TERRITORY = "territory"
    OPEN = "open"


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
        description="at the answer's block; lapsed: not revealed within an hour; expired: its exclusivity is "
        "over; untagged: the programme's key was replaced, and it was not tagged again in time"
    )
    overdue: bool = Field(description="registered or returned, and the vendor's time to decide is over")
    priority: int = Field(description="number of the commitment's entry: the lower was first", examples=[7])
    committed_at: int
    registered_at: int | None = Field(description="null: not revealed")
    decide_by: int | None = Field(
        description="last second for a decision, starting anew once it is returned; then anyone can have it "
        "approved. null: not revealed, or the terms set none"
    )
    exclusive_until: int | None = Field(
        description="last second of its exclusivity, extensions included; null: it has none"
    )
    contestable_until: int | None = Field(
        description="until when the vendor can reject it although approved, since it was tagged again; "
        "null: it cannot"
    )
    status_since: int = Field(description="when its last entry was made")
    agreement: Id | None = Field(
        description="whose terms split its revenue: after an amendment the successor; null: not revealed"
    )
    registered_under: Id | None = Field(description="the agreement that its reveal named; null: not revealed")
    rule: ConflictRule | None = Field(description="by which its programme settles conflicts")
    territory: str | None = Field(
        description="where the customer is; null unless the rule is territory", examples=["DE"]
    )
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
    """What the vendor decided, that the partner withdrew, or that the deadline passed."""

    outcome: Status
    at: int
    vendor: NamedAccount | None = Field(description="null: the partner withdrew, or it was by default")
    by_default: NamedAccount | None = Field(
        description="who had it approved because the vendor's deadline had passed; null: it was decided"
    )
    reason: str | None
    exclusive_until: int | None
    decide_by: int | None = Field(description="last second of the new time to decide that a return gives")
    entry: EntryReference


class Registration(BaseModel):
    """One of the registrations of the same customer."""

    deal: Id
    partner: NamedAccount
    agreement: Id
    territory: str | None
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
    rule: ConflictRule
    registrations: list[Registration]
    leader: Leading | None = Field(
        description="of those that compete with the deal: under the rule territory those in its own"
    )
    why: str


class Extension(BaseModel):
    """Partner and vendor agreed on a longer exclusivity."""

    exclusive_until: int
    at: int
    entry: EntryReference


class Retag(BaseModel):
    """The deal was tagged again, under its programme's newest key; it kept its priority."""

    epoch: int
    tag: Id = Field(examples=[EXAMPLE_ID])
    rival: Id | None = Field(description="first live registration of the same customer there; null: none")
    at: int
    entry: EntryReference


class Move(BaseModel):
    """The deal was won after its agreement was amended: its revenue is the successor's."""

    agreement: Id = Field(description="the successor", examples=[EXAMPLE_ID])
    at: int
    entry: EntryReference


class ReviewBody(BaseModel):
    """One side of a won deal rated the other."""

    deal: Id = Field(examples=[EXAMPLE_ID])
    reviewer: NamedAccount
    reviewed: NamedAccount
    rating: int = Field(description="1 to 5", examples=[5])
    comment: Id | None = Field(description="hash of a text kept elsewhere; null: none")
    at: int
    revoked_at: int | None = Field(description="when it was taken back, for good; null: it was not")
    entry: EntryReference


class DealDetail(Answer):
    """A deal, every decision on it, what else changed it, and its rivals."""

    deal: DealSummary
    declared: DeclaredValue | None = Field(description="null: it was not won")
    decisions: list[DecisionBody]
    extensions: list[Extension]
    retags: list[Retag]
    moves: list[Move]
    reviews: list[ReviewBody]
    conflict: Conflict | None = Field(description="null: not revealed, so that nobody can tell")
