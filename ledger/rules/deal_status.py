"""What a deal is at a moment, and who leads a customer: functions of recorded facts and of time.

The rules are those of ``contracts/deals/DealRegistry.sol``. Times in seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ledger.terms.deals import REVEAL_SECONDS, Rule, State
from ledger.terms.ids import DealId


class Status(StrEnum):
    """What a deal is at a moment."""

    COMMITTED = "committed"
    LAPSED = "lapsed"
    REGISTERED = "registered"
    RETURNED = "returned"
    APPROVED = "approved"
    UNTAGGED = "untagged"
    EXPIRED = "expired"
    REJECTED = "rejected"
    WON = "won"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


class Lead(StrEnum):
    """Why a deal leads its customer."""

    WON = "won"
    EXCLUSIVE = "exclusive"
    FIRST_REGISTERED = "first_registered"


@dataclass(frozen=True)
class Facts:
    """A deal as the journal left it; ``priority`` is its commitment's entry: the lower was first.

    ``territory``: where the customer is, None unless the programme's rule knows territories.
    ``contestable_until``: of a deal that was tagged again, the end of its epoch's grace. ``tagged_until``:
    last second at which its tag counts, the key of its epoch being replaced; None while it is the newest, and
    where the programme is open.
    """

    deal: DealId
    state: State
    priority: int
    committed_at: int
    decide_by: int | None
    exclusive_until: int | None
    territory: bytes | None = None
    contestable_until: int | None = None
    tagged_until: int | None = None


@dataclass(frozen=True)
class Leader:
    """Who leads, why, and until when or from when on that is certain (None: for good)."""

    deal: DealId
    lead: Lead
    until: int | None = None
    final_from: int | None = None


def status(facts: Facts, now: int) -> Status:
    """A commitment lapses when it was not revealed in time; an approval expires with its exclusivity; what
    was not tagged again when the programme's key was replaced is over.
    """
    if facts.state is State.COMMITTED and now > facts.committed_at + REVEAL_SECONDS:
        return Status.LAPSED
    if is_untagged(facts, now):
        return Status.UNTAGGED
    if facts.state is State.APPROVED and not is_exclusive(facts, now):
        return Status.EXPIRED
    return Status(facts.state.name.lower())


def is_untagged(facts: Facts, now: int) -> bool:
    """Neither approved, extended nor won any more: it was not tagged again in time. A won deal stays won."""
    if facts.tagged_until is None or now <= facts.tagged_until:
        return False
    return facts.state in (State.REGISTERED, State.RETURNED, State.APPROVED)


def is_open(facts: Facts, now: int) -> bool:
    """Waiting for a decision."""
    return facts.state in (State.REGISTERED, State.RETURNED) and not is_untagged(facts, now)


def is_overdue(facts: Facts, now: int) -> bool:
    """Waiting for a decision, and the time to decide is over."""
    return is_open(facts, now) and facts.decide_by is not None and now > facts.decide_by


def is_exclusive(facts: Facts, now: int) -> bool:
    """Holds the customer: won, or approved and within its exclusivity."""
    if facts.state is State.WON:
        return True
    if facts.state is not State.APPROVED or facts.exclusive_until is None or is_untagged(facts, now):
        return False
    return now <= facts.exclusive_until


def is_contestable(facts: Facts, now: int) -> bool:
    """Approved, but the vendor can still reject it: it was tagged again, perhaps as another customer."""
    return (
        facts.state is State.APPROVED
        and facts.contestable_until is not None
        and now <= facts.contestable_until
    )


def competing(queue: Sequence[Facts], facts: Facts, rule: Rule) -> list[Facts]:
    """The registrations of the same customer among which a deal must be first to lead, itself included.

    All of them when the first registered leads, those of its territory when territories do; none where the
    programme is open, and nobody leads.
    """
    match rule:
        case Rule.FIRST_REGISTERED:
            return list(queue)
        case Rule.TERRITORY:
            return [each for each in queue if each.territory == facts.territory]
        case _:
            return []


def leader(queue: Sequence[Facts], now: int) -> Leader | None:
    """Who leads a customer among ``competing`` registrations: whoever won it, else whoever is exclusive, else
    the first that waits for a decision. None when nobody holds it and nobody waits.
    """
    ordered = sorted(queue, key=lambda facts: facts.priority)
    for facts in ordered:
        if facts.state is State.WON:
            return Leader(facts.deal, Lead.WON)
    for facts in ordered:
        if is_exclusive(facts, now):
            return Leader(facts.deal, Lead.EXCLUSIVE, until=facts.exclusive_until)
    for facts in ordered:
        if is_open(facts, now):
            # an earlier commitment may be revealed until this moment, and would come first
            return Leader(
                facts.deal, Lead.FIRST_REGISTERED, final_from=facts.committed_at + REVEAL_SECONDS + 1
            )
    return None
