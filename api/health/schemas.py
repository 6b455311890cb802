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


class Ready(Answer):
    """The mirror is close enough to the chain to be read."""

    status: Literal["ready"] = "ready"
    lag: Lag
