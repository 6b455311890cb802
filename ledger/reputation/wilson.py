"""The lower end of Wilson's interval: how good a record surely is, given how much of it there is."""

from ledger.reputation.fixed_point import root_up

_GUARD = 1 << 64


def wilson_lower(positive: int, negative: int, z_squared: int, parts: int) -> int:
    """floor(parts · lower bound) for a weight of ``positive`` against ``negative`` evidence; 0 when there
    is none.

    With r positive, s negative, n = r + s: (r + z²/2 − z · sqrt(r·s/n + z²/4)) / (n + z²). All three are in
    the same fixed-point scale. With s = 0 this is exactly r / (r + z²). Source: E. B. Wilson, "Probable
    inference, the law of succession, and statistical inference", JASA 22 (1927).
    """
    total = positive + negative
    if total == 0:
        return 0
    # z · sqrt(r·s/n + z²/4) = sqrt((4·z²·r·s + z⁴·n) / 4n), rounded up so that no record looks better than
    # it is
    spread = root_up(4 * z_squared * positive * negative + z_squared**2 * total, 4 * total, _GUARD)
    numerator = (2 * positive + z_squared) * _GUARD - 2 * spread
    return max(0, parts * numerator // (2 * (total + z_squared) * _GUARD))
