"""What an agreement's terms choose between, as contracts/agreements/types/Terms.sol has it."""

from enum import IntEnum


class Clawback(IntEnum):
    """Bits of ``clawback``: whether and how a refund after the hold is served; 3 is both, 0 none.

    Numbers as the contracts take them: an IntFlag can be iterated over, and encoders take it for a list.
    """

    ALLOWED = 1
    """A refund after the hold may be owed out of the agreement's later revenue."""
    INHERITED = 2
    """The agreement's revenue also serves what its predecessor still owes."""


class AfterEnd(IntEnum):
    """``afterEnd``: what open deals may still do once the agreement has ended. An amendment is not an end."""

    NOTHING = 0
    """Open deals can neither be approved nor won."""
    WIN_APPROVED = 1
    """Approved deals can be won as long as they are exclusive."""
    FINISH = 2
    """Registered deals can still be approved, and approved ones won."""
