"""Whether an agreement is in force at a moment: a function of recorded facts and of time, in seconds."""

from enum import StrEnum


class InForce(StrEnum):
    """Whether an agreement is in force at the answer's block; superseded: a successor stands in its place."""

    UPCOMING = "upcoming"
    IN_FORCE = "in_force"
    ENDED = "ended"
    SUPERSEDED = "superseded"


def in_force(valid_from: int, ends_at: int, superseded_at: int | None, now: int) -> InForce:
    """``ends_at``: last second in force; ``superseded_at``: first second of its successor, None without."""
    if superseded_at is not None and now >= superseded_at:
        return InForce.SUPERSEDED
    if now < valid_from:
        return InForce.UPCOMING
    return InForce.ENDED if now > ends_at else InForce.IN_FORCE
