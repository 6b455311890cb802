"""Keys of machines as the API shows and takes them."""

from pydantic import BaseModel, ConfigDict, Field

from api.identifiers import EXAMPLE_ADDRESS, Address
from ledger.people.access import Right

_ID = "5b1f0c93a77e2d40"
LONGEST_DAYS = 366


class KeyRequest(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100, examples=["CRM import"])
    scopes: list[Right] = Field(min_length=1, max_length=20, examples=[[Right.DRAFTS_READ]])
    days: int = Field(
        default=90,
        ge=1,
        le=LONGEST_DAYS,
        strict=True,
        description="until it is over by itself",
        examples=[90],
    )


class KeyBody(BaseModel):
    """A key, without its secret."""

    id: str = Field(description="its public part", examples=[_ID])
    name: str = Field(examples=["CRM import"])
    scopes: list[Right] = Field(examples=[[Right.DRAFTS_READ]])
    made_by: Address = Field(
        description="it counts as long as this wallet may make keys of the account",
        examples=[EXAMPLE_ADDRESS],
    )
    made_at: int = Field(description="seconds since 1970", examples=[1_796_131_856])
    expires_at: int = Field(description="seconds since 1970", examples=[1_803_907_856])
    revoked_at: int | None = Field(description="seconds since 1970; null: it was not", examples=[None])
    last_used_at: int | None = Field(description="to the minute; null: never", examples=[1_796_131_800])
    counts: bool = Field(description="whether it would be taken now")


class NewKeyBody(KeyBody):
    """A key that was just made."""

    key: str = Field(
        description="the whole key: it is shown this once, and kept nowhere",
        examples=[f"pledger_{_ID}_" + "7d" * 32],
    )


class KeysBody(BaseModel):
    """The account's keys, those that count first."""

    keys: list[KeyBody]
