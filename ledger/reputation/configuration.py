"""What counts as evidence and how much: published with the algorithm's version."""

from dataclasses import asdict, dataclass, fields

from ledger.errors import LedgerError
from ledger.reputation.fixed_point import SCALE, decimal_text

ALGORITHM = "partnership-score/3"
"""Changes whenever the same journal could give another number."""

DAY = 86_400
"""Seconds of a day. A time's day is its number in UTC: seconds since 1970 by this, rounded down."""

_COUNTS = frozenset(
    {
        "half_life_positive_days",
        "half_life_negative_days",
        "grace_days",
        "review_best",
        "trust_iterations",
        "trust_saturation",
    }
)


@dataclass(frozen=True)
class Configuration:
    """Weights are scaled by 1e18. Raises ``LedgerError`` when a value makes no sense."""

    half_life_positive_days: int = 180
    half_life_negative_days: int = 360
    saturation: int = 3 * SCALE
    """C: the most that one counterparty can add."""
    z_squared: int = 2_706 * SCALE // 1_000
    settled: int = SCALE
    """To owner and partner of a deal settled in time, and to the partner of one settled late."""
    late: int = SCALE
    """Against a programme's owner when a won deal's revenue was recorded late, or not by ``grace_days``."""
    grace_days: int = 30
    """Days after the due day from which revenue that was not recorded counts as late."""
    expired: int = SCALE // 4
    """Against the partner of a deal that was approved and whose exclusivity ran out without progress."""
    undecided: int = SCALE // 4
    """Against a vendor that did not decide on a registration by its deadline."""
    review_best: int = 5
    review_step: int = SCALE // 8
    """A review of rating 1..5 says (rating − 1) steps for and (5 − rating) against."""
    breach: int = 5 * SCALE
    """Against the loser of a ruling: adjudicated, hence not saturated."""
    confirmed: int = SCALE
    """To the winner of a ruling: adjudicated, hence not saturated."""
    restart: int = SCALE // 5
    """a: the part of all trust that comes from the consortium anew in each step of the walk."""
    trust_saturation: int = 3
    """Settled deals after which one partner's word for another is most of what it can become."""
    trust_iterations: int = 64
    trust_floor: int = SCALE // 20
    """Whoever is trusted less than this, of what the middle one of the verified is, does not count."""

    def __post_init__(self) -> None:
        for each in fields(self):
            if getattr(self, each.name) <= 0:
                raise LedgerError(
                    f"The score's {each.name} must be greater than zero.",
                    "Correct the score's configuration.",
                )
        if self.restart > SCALE:
            raise LedgerError(
                "The score's restart must be at most one.", "Correct the score's configuration."
            )

    def published(self) -> dict[str, str]:
        """Every value as a plain decimal number."""
        return {
            name: str(value) if name in _COUNTS else decimal_text(value)
            for name, value in asdict(self).items()
        }
