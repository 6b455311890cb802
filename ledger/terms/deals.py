"""Deals as contracts/deals has them: how conflicts are settled, and what state an entry leaves."""

from enum import IntEnum

from ledger.terms.units import HOUR

REVEAL_SECONDS = HOUR
"""How long a commitment may stay unrevealed; until then an earlier one may still appear: decisions wait."""


class Rule(IntEnum):
    """How conflicts of a programme's deals are settled: ``Rule`` of contracts/agreements/types/Terms.sol."""

    NONE = 0
    FIRST_REGISTERED = 1
    TERRITORY = 2
    OPEN = 3


class State(IntEnum):
    """What the last entry made of a deal: ``DealState`` of contracts/deals/types/Deals.sol. Expiry and
    exclusivity are functions of time, never states.
    """

    NONE = 0
    COMMITTED = 1
    REGISTERED = 2
    APPROVED = 3
    RETURNED = 4
    REJECTED = 5
    WON = 6
    LOST = 7
    WITHDRAWN = 8
