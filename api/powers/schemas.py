"""What answers say of powers."""

from typing import Literal

from pydantic import BaseModel, Field

from api.as_of import Answer
from api.identifiers import EXAMPLE_ID, Address, Hex, Id

_ROLE = Field(description="number of the role, uint64; 0: admin, 2^64 − 1: everybody", examples=["2"])


class Delay(BaseModel):
    """Seconds that something waits, and what they become."""

    seconds: int = Field(description="as of the block", examples=[172_800])
    becomes: int | None = Field(description="seconds from `changes_at` on; null: they stay")
    changes_at: int | None = Field(description="seconds since 1970; null: they stay")


class Holder(BaseModel):
    """An account that has a role, or will have it."""

    account: Address
    since: int = Field(description="from which second on it has the role", examples=[1_763_776_800])
    in_effect: bool = Field(description="whether it has it as of the block: new holders may have to wait")
    delay: Delay = Field(description="how long its orders wait in public")
    granted_at: int = Field(description="when it was given the role, seconds since 1970")
    block: int = Field(description="block in which it was")


class Role(BaseModel):
    """A role of the access manager."""

    number: str = _ROLE
    name: str = Field(
        description="its label; ADMIN and everybody have none of their own", examples=["GUARDIAN"]
    )
    may: list[str] = Field(
        description="what its holders may do, in words", examples=[["pauses new deposits"]]
    )
    admin: str = Field(description="name of the role that gives and takes it", examples=["ADMIN"])
    guardian: str = Field(
        description="name of the role that cancels what its holders have scheduled", examples=["GUARDIAN"]
    )
    grant_delay: Delay = Field(description="how long new holders wait until they have it")
    holders: list[Holder]


class Operation(BaseModel):
    """An order that waits in public, or waited."""

    operation: Id = Field(examples=[EXAMPLE_ID])
    nonce: int = Field(description="how often this same order was scheduled", examples=[1])
    state: Literal["waiting", "ready", "expired", "executed", "cancelled"]
    caller: Address
    target: Address
    contract: str | None = Field(description="name of the target; null: it is none of the deployment's")
    what: str = Field(description="the call in words", examples=["RevenueLedger.resumeDeposits()"])
    calldata: Hex
    scheduled_at: int
    block: int
    due: int | None = Field(description="from when on it may run; null: it is over")
    expires_at: int | None = Field(description="from when on it may not any more; null: it is over")
    ended_at: int | None = Field(description="when it was executed or cancelled; null: it was not")


class Target(BaseModel):
    """A contract that is closed, or about which the admin's own orders wait."""

    target: Address
    contract: str | None
    closed: bool = Field(description="whether nobody may call what the access manager guards")
    admin_delay: Delay


class Powers(Answer):
    """Who may do what as of the block: what the access manager's events make."""

    access_manager: Address
    roles: list[Role]
    operations: list[Operation] = Field(
        description="those that may still run, the first due first; then the newest 20 that are over"
    )
    targets: list[Target]
    changes: int = Field(description="events of the access manager up to the block", examples=[18])
