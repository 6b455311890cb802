"""What of a book's revenue is split, and in which period.

The rules are those of ``contracts/revenue/base/RevenueBooks.sol``.

Amounts in token base units, times in seconds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ledger.terms.ids import AgreementId
from ledger.terms.units import DAY

Released = Mapping[int, int]
"""What is released, by number of the period; all of it under 0 where the terms have no periods."""


@dataclass(frozen=True)
class Periods:
    """How an agreement counts its periods: from ``valid_from`` on, ``seconds`` each; 0: it has none."""

    valid_from: int = 0
    seconds: int = 0

    def of(self, matures_at: int) -> int:
        """Number of the period that revenue falls into by its maturity, from 0."""
        return (matures_at - self.valid_from) // self.seconds if self.seconds else 0


def matures_at(paid_at: int, hold_seconds: int) -> int:
    """When a payment is released: at once without a hold, else as a day begins, the first after it."""
    return -(-(paid_at + hold_seconds) // DAY) * DAY if hold_seconds else paid_at


@dataclass(frozen=True)
class Money:
    """What became of what a book received, at a moment.

    ``released`` and ``netted`` count what is due but not yet recorded as released. ``paid_back`` is what of
    ``refunded`` has left the ledger, ``debts_paid`` what left it for debts of this agreement. ``owing`` are
    debts that what is released next serves first.
    """

    received: int = 0
    released: Released = field(default_factory=dict)
    held: int = 0
    disputed: int = 0
    refunded: int = 0
    netted: int = 0
    paid_back: int = 0
    debts_paid: int = 0
    owing: int = 0

    @classmethod
    def free(cls, received: int) -> "Money":
        """Of a book without hold, debts and periods."""
        return cls(received=received, released={0: received})


def net_due(due: Mapping[int, int], owed: int) -> dict[int, int]:
    """What each due amount, by its maturity, serves of debts when it is released, the oldest day first.

    ``owed``: the book's debts that are not served yet, and those that it serves for its predecessors.
    """
    netted = {}
    for matures_at in sorted(due):
        netted[matures_at] = min(due[matures_at], owed)
        owed -= netted[matures_at]
    return netted


def by_period(periods: Periods, amounts: Mapping[int, int]) -> dict[int, int]:
    """Amounts by their maturity, added up by period."""
    sums: dict[int, int] = {}
    for matures_at, amount in amounts.items():
        period = periods.of(matures_at)
        sums[period] = sums.get(period, 0) + amount
    return sums


def debtors(
    agreement: AgreementId, predecessor: Callable[[AgreementId], AgreementId | None]
) -> list[AgreementId]:
    """The agreements whose debts an agreement's revenue serves: its own first, then its predecessors', the
    nearest first.

    ``predecessor`` names the one whose debts an agreement inherits in the token that it is about, None when
    it inherits none: its terms do not say so, or the predecessor does not take the token.
    """
    found = [agreement]
    while (before := predecessor(found[-1])) is not None:
        found.append(before)
    return found
