"""What became of what the relayer was asked to send."""

from enum import StrEnum

from pydantic import BaseModel, Field

from api.identifiers import EXAMPLE_ADDRESS, EXAMPLE_ID, Address, Id


class RelayState(StrEnum):
    """``waiting``: to be sent; ``sent``: signed and out; ``mined``: done; ``failed``: it came to nothing."""

    WAITING = "waiting"
    SENT = "sent"
    MINED = "mined"
    FAILED = "failed"


class EntryBody(BaseModel):
    """An entry of a journal that it made."""

    contract: Address = Field(examples=[EXAMPLE_ADDRESS])
    seq: int = Field(examples=[12])
    event: str = Field(examples=["PartnerRegistered"])


class RelayBody(BaseModel):
    """What became of an action that the relayer was asked to send."""

    id: str = Field(examples=["5b1f0c93a77e2d405b1f0c93a77e2d40"])
    action: str = Field(examples=["register"])
    sentence: str = Field(examples=["Register 0x7099…79C8 under the public name “Northwind”, for good"])
    state: RelayState = Field(examples=[RelayState.MINED])
    final: bool = Field(description="whether nothing more happens to it")
    asked_at: int = Field(description="seconds since 1970", examples=[1_796_131_856])
    transaction_hash: Id | None = Field(
        description="the newest attempt; of several with one nonce, one alone is mined. null: none yet",
        examples=[EXAMPLE_ID],
    )
    block_number: int | None = Field(description="null: it is not mined", examples=[182])
    entries: list[EntryBody] = Field(description="what it wrote into the journals, once that is mirrored")
    failure: str | None = Field(description="why it came to nothing", examples=[None])
    next: str | None = Field(description="what to do about that", examples=[None])


class RelaysBody(BaseModel):
    """The newest actions that the account had sent."""

    relays: list[RelayBody]
