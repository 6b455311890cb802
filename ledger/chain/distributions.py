"""What paying everybody at once brings along."""

from typing import Any

from ledger.rules.plan import conditions_hash, tranches_of
from ledger.terms.agreement import Terms


def division_of(terms: Terms, period: int = 0, most: int = 0) -> tuple[Any, ...]:
    """The ``Division`` tuple that ``distribute`` and ``payAndDistribute`` take: the whole plan, of which a
    call reaches at most so many payees; 0: all.
    """
    return (
        conditions_hash(terms.conditions()),
        period,
        most,
        tranches_of(terms),
        [payee.account for payee in terms.payees],
        [weight for payee in terms.payees for weight in payee.weights],
    )
