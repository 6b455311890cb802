"""Who is of one house: accounts with the same owner, whose trade with each other is internal."""

from collections.abc import Collection

from sqlalchemy import desc, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from ledger.store.reading import Reading
from ledger.store.tables import Deal, DealDecision, OwnerChange
from ledger.terms.contracts import DEALS, PARTNERS
from ledger.terms.deals import State

_NOBODY = bytes(20)


def house_of(reading: Reading, account: bytes, others: Collection[bytes]) -> frozenset[bytes]:
    """Which of the others the same key owns: the one that owns the account, or the account itself."""
    owners = dict(
        reading.session.execute(
            select(OwnerChange.account, OwnerChange.owner)
            .ext(distinct_on(OwnerChange.account))
            .where(
                reading.seen(OwnerChange, PARTNERS),
                or_(OwnerChange.account == account, OwnerChange.account.in_(others)),
            )
            .order_by(OwnerChange.account, desc(OwnerChange.seq))
        ).all()
    )
    owned = {each: owner for each, owner in owners.items() if owner != _NOBODY}
    own = {account, owned.get(account, account)}
    return frozenset(each for each in others if each != account and owned.get(each, each) in own)


def settled_with_itself(reading: Reading, account: bytes) -> int:
    """Won deals that the account brought into a programme of its own."""
    return (
        reading.session.scalar(
            select(func.count())
            .select_from(Deal)
            .join(DealDecision, DealDecision.deal == Deal.deal)
            .where(
                reading.begun(Deal, DEALS),
                reading.seen(DealDecision, DEALS),
                Deal.account == account,
                Deal.vendor == account,
                DealDecision.outcome == State.WON,
            )
        )
        or 0
    )
