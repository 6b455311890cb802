"""What health answers say."""

from typing import Literal

from pydantic import BaseModel, Field

from api.as_of import Answer


class Alive(BaseModel):
    """The server answers."""

    status: Literal["alive"] = "alive"


class Lag(BaseModel):
    """How far the mirror is behind the chain."""

    blocks: int = Field(examples=[0])
    seconds: int = Field(description="by the blocks' own timestamps", examples=[0])


class Replica(BaseModel):
    """A replica of the database, in the order of the settings."""

    answers: bool = Field(description="whether it is there, and a replica of this database")
    blocks: int | None = Field(
        description="how many blocks it is behind the mirror; null: it has none of this deployment",
        examples=[0],
    )
    replay_seconds: float | None = Field(
        description="how long ago what it last replayed was written; 0: it has all that it was sent",
        examples=[0.0],
    )


class Ready(Answer):
    """The mirror is close enough to the chain to be read."""

    status: Literal["ready"] = "ready"
    lag: Lag
    unverified_blocks: int = Field(
        description="blocks whose times are a node's word alone: their headers have fields that this program "
        "cannot hash",
        examples=[0],
    )
    replicas: list[Replica]
