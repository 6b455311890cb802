"""What a payee earns of a total: exact in each tranche, floored once. And which period money falls in."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from ledger.terms.agreement import Terms

WHOLE = 10**18
UNBOUNDED = 2**256 - 1


def entitlement(terms: Terms, account: str, released: int) -> int:
    """Of so much released in one period, in base units."""
    (weights,) = (payee.weights for payee in terms.payees if payee.account == account)
    bands = zip([0, *_boundaries(terms)], _boundaries(terms), weights, strict=False)
    return floor(
        sum(Fraction(weight, WHOLE) * max(0, min(upper, released) - lower) for lower, upper, weight in bands)
    )


def period_of(terms: Terms, matures_at: int) -> int:
    """The period in which money that matures then is split, from 0; 0 when there are none."""
    seconds = terms.tranches[0].period_seconds
    return (matures_at - terms.valid_from) // seconds if seconds else 0


def _boundaries(terms: Terms) -> Sequence[int]:
    return [tranche.up_to for tranche in terms.tranches]
