"""What a payee has earned of a total: the formula of ``contracts/revenue/libraries/Entitlement.sol``."""

from collections.abc import Sequence

from ledger.terms.units import WHOLE


def earned(boundaries: Sequence[int], weights: Sequence[int], released: int) -> int:
    """The floor of Σₖ weightₖ · |[0, released] ∩ trancheₖ| / 1e18, floored once.

    ``boundaries`` are the tranches' cumulative upper ends in token base units, strictly ascending, the last
    one at least ``released``; ``weights`` are of 1e18, one per tranche; ``released`` is the cumulative
    total in token base units. Never falls as ``released`` grows; the payees' sum is at most ``released``
    and greater than ``released`` less their number. Raises ``ValueError`` when weights and boundaries
    differ in number.
    """
    weighted = 0
    start = 0
    for boundary, weight in zip(boundaries, weights, strict=True):
        if released <= start:
            break
        end = min(boundary, released)
        weighted += (end - start) * weight
        start = end
    return weighted // WHOLE
