"""What held revenue will add to what a payee has earned. Amounts in token base units, times in seconds."""

from collections.abc import Mapping

from ledger.rules.book import Share
from ledger.rules.release import Periods, Released


def parts_of_held(
    share: Share, periods: Periods, released: Released, held: Mapping[int, int]
) -> dict[int, int]:
    """The payee's part of each held amount, by its maturity: the difference that it makes to the entitlement.

    Exact if the days are released in their order with nothing else between, and none of it is refunded,
    disputed or serves debts. ``released`` is by period, as of now.
    """
    totals = dict(released)
    parts = {}
    for matures_at in sorted(held):
        period = periods.of(matures_at)
        before = totals.get(period, 0)
        totals[period] = before + held[matures_at]
        parts[matures_at] = share.of(totals[period]) - share.of(before)
    return parts
