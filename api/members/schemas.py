"""Members as the API shows and takes them."""

from pydantic import BaseModel, ConfigDict, Field

from api.identifiers import EXAMPLE_ADDRESS, Address
from ledger.people.access import Role

_LONGEST_NAME = 100


class MemberRequest(BaseModel):
    """What somebody is to the account."""

    model_config = ConfigDict(extra="forbid")

    role: Role = Field(examples=[Role.FINANCE])
    name: str | None = Field(
        default=None,
        max_length=_LONGEST_NAME,
        description="what you call them: shown to the account's members alone; left out: as it was",
        examples=["Kim, accounting"],
    )


class MemberBody(BaseModel):
    """Somebody who acts for the account."""

    address: Address = Field(description="the wallet that they sign in with", examples=[EXAMPLE_ADDRESS])
    name: str = Field(examples=["Kim, accounting"])
    role: Role = Field(examples=[Role.FINANCE])
    added_by: Address = Field(examples=[EXAMPLE_ADDRESS])
    added_at: int = Field(description="seconds since 1970", examples=[1_796_131_856])
    counts: bool = Field(
        description="false: the account's wallet, or theirs, is another since: let in anew, or put out"
    )


class MembersBody(BaseModel):
    """Who acts for an account besides its wallet."""

    account: Address = Field(examples=[EXAMPLE_ADDRESS])
    wallet: Address = Field(description="the account's own, always an owner", examples=[EXAMPLE_ADDRESS])
    members: list[MemberBody]
