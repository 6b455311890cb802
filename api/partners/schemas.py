"""What answers say of partners."""

from pydantic import BaseModel, Field

from api.as_of import Answer
from api.deals.schemas import ReviewBody
from api.entry_reference import EntryReference
from api.identifiers import EXAMPLE_ADDRESS, EXAMPLE_ID, Address, Id
from api.partner_names import NamedAccount


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
    commitments_lapsed: int = Field(description="commitments that were never revealed, and lapsed")
    deals_to_decide: int = Field(description="registered under its programmes")
    payments_made: int


class WalletSpan(BaseModel):
    """A wallet that acted for the account, and how it came to. Times in seconds since 1970."""

    wallet: Address = Field(examples=[EXAMPLE_ADDRESS])
    since: int | None = Field(description="null: from the first, as the account itself")
    until: int | None = Field(description="when another took its place; null: it acts now")
    recovered: bool = Field(description="whether the consortium's recovery gave it the place")
    entry: EntryReference | None = Field(description="null: from the first")


class WaitingRecovery(BaseModel):
    """A recovery that the consortium began, and that the owner can still cancel."""

    wallet: Address = Field(description="that is to act for the account", examples=[EXAMPLE_ADDRESS])
    proposed_at: int
    executable_at: int = Field(description="from when on anyone can complete it")
    expires_at: int = Field(description="last second at which anyone can complete it")
    entry: EntryReference


class ReviewsReceived(BaseModel):
    """How others rated the partner; revoked reviews are not counted."""

    count: int
    ratings: dict[str, int] = Field(
        description="how many of each, 1 to 5", examples=[{"1": 0, "2": 0, "3": 0, "4": 1, "5": 3}]
    )


class ReviewList(Answer):
    """Reviews that a partner received, the newest first; also those that were taken back."""

    partner: NamedAccount
    reviews: list[ReviewBody]
    next_cursor: str | None


class PartnerDetail(Answer):
    """A partner, and where to read on."""

    partner: PartnerSummary
    wallet: Address = Field(description="who acts for the account now", examples=[EXAMPLE_ADDRESS])
    owner: Address = Field(
        description="the key that alone rotates the wallet: the wallet itself unless another was named",
        examples=[EXAMPLE_ADDRESS],
    )
    wallets: list[WalletSpan] = Field(description="the first one first")
    recovery: WaitingRecovery | None = Field(description="null: none waits")
    reviews: ReviewsReceived
    programmes: list[OwnedProgramme]
    involvement: Involvement
