"""A delay that can be changed in public, as OpenZeppelin's ``Time.Delay`` keeps it: seconds before and after.

https://github.com/OpenZeppelin/openzeppelin-contracts/blob/v5.7.0/contracts/utils/types/Time.sol
"""

from dataclasses import dataclass

_DURATION_BITS = 32


@dataclass(frozen=True, slots=True)
class Delay:
    """``before`` holds until the second ``effect``, ``after`` from then on."""

    before: int = 0
    after: int = 0
    effect: int = 0

    def at(self, now: int) -> int:
        """Seconds of the delay at a time."""
        return self.after if self.effect <= now else self.before

    def pending(self, now: int) -> tuple[int, int] | None:
        """(seconds, from when on) of a change that is not in effect yet."""
        return None if self.effect <= now else (self.after, self.effect)

    def changed(self, seconds: int, now: int, setback: int) -> "Delay":
        """It after a change at a time: in effect once the longer of ``setback`` and what it is shortened by
        has passed.
        """
        current = self.at(now)
        return Delay(current, seconds, now + max(setback, current - seconds))

    @property
    def packed(self) -> int:
        """The 112 bits in which it is stored."""
        return (self.effect << 2 * _DURATION_BITS) | (self.before << _DURATION_BITS) | self.after


NO_DELAY = Delay()
