"""One thing that speaks for or against a partner."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ledger.errors import LedgerError
from ledger.reputation.configuration import DAY, Configuration


class Kind(StrEnum):
    """What happened."""

    SETTLED_ON_TIME = "settled_on_time"
    SETTLED_LATE = "settled_late"
    REVENUE_LATE = "revenue_late"
    EXPIRED_WITHOUT_PROGRESS = "expired_without_progress"
    DECISION_OVERDUE = "decision_overdue"
    REVIEWED = "reviewed"
    BREACH_RULED = "breach_ruled"
    CLAIM_CONFIRMED = "claim_confirmed"


ADJUDICATED = frozenset({Kind.BREACH_RULED, Kind.CLAIM_CONFIRMED})
"""Ruled by an arbiter: neither saturated nor weighed by how far the counterparty is trusted."""


@dataclass(frozen=True, order=True)
class Evidence:
    """Weights are scaled by 1e18; ``at`` is in seconds, the time of the block or deadline that made it so.

    ``contract`` and ``seq`` name the journal entry that shows it, ``subject`` the deal that it is about;
    ``as_owner``: whether the one whom it is about owns the deal's programme, or else brought the deal.
    """

    at: int
    contract: bytes
    seq: int
    kind: Kind
    counterparty: bytes
    subject: bytes
    positive: int
    negative: int
    as_owner: bool = False

    @property
    def adjudicated(self) -> bool:
        """Whether an arbiter ruled it."""
        return self.kind in ADJUDICATED

    @property
    def alike(self) -> "Alike":
        """What it shares with others that weigh the same."""
        return Alike(
            self.counterparty, self.at // DAY, self.kind, self.as_owner, self.positive, self.negative
        )


class Alike(NamedTuple):
    """Evidence of the same kind, day and counterparty: all that a score needs of it but the number.

    ``day`` counts in UTC from 1970; weights are scaled by 1e18.
    """

    counterparty: bytes
    day: int
    kind: Kind
    as_owner: bool
    positive: int
    negative: int

    @property
    def adjudicated(self) -> bool:
        """Whether an arbiter ruled it."""
        return self.kind in ADJUDICATED


def weigh(kind: Kind, configuration: Configuration, rating: int | None = None) -> tuple[int, int]:
    """For and against, scaled by 1e18. Raises ``LedgerError`` for a review without a rating of 1 to 5."""
    match kind:
        case Kind.SETTLED_ON_TIME | Kind.SETTLED_LATE:
            return configuration.settled, 0
        case Kind.REVENUE_LATE:
            return 0, configuration.late
        case Kind.EXPIRED_WITHOUT_PROGRESS:
            return 0, configuration.expired
        case Kind.DECISION_OVERDUE:
            return 0, configuration.undecided
        case Kind.BREACH_RULED:
            return 0, configuration.breach
        case Kind.CLAIM_CONFIRMED:
            return configuration.confirmed, 0
        case Kind.REVIEWED:
            best = configuration.review_best
            if rating is None or not 1 <= rating <= best:
                raise LedgerError(f"A review's rating is 1 to {best}, not {rating}.", "Correct the review.")
            return (rating - 1) * configuration.review_step, (best - rating) * configuration.review_step
