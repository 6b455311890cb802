"""What happened to a customer: every commitment, registration and decision, in order."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from api.as_of import Answering
from api.deals import bodies, queries
from api.partner_names import Names
from api.portal.codes import words
from ledger.store.tables import Deal, DealDecision, DealExtension, DealMove, DealRetag
from ledger.terms.deals import State
from ledger.terms.ids import DealId
from ledger.terms.quantities import moment
from ledger.terms.reasons import reason_text


@dataclass(frozen=True)
class Moment:
    """One thing that happened, at ``at`` (seconds). ``here``: to the deal that is looked at.

    ``order`` sorts what has the same second: commitments, then reveals, then decisions.
    """

    at: int
    order: tuple[int, int]
    text: str
    deal: DealId
    here: bool


def timeline(answering: Answering, deal: Deal) -> list[Moment]:
    """Everything about the deal and its rivals, the oldest first."""
    reading = answering.reading
    rivals = {row.deal: row for row in queries.queue(reading, deal) or [deal]}
    decisions = queries.decisions(reading, *rivals)
    callers = [each.by_account for each in decisions]
    named = [each for row in rivals.values() for each in (row.account, row.vendor)]
    names = Names.of(reading, [*named, *callers])
    happened = [
        *((row.deal, *moment) for row in rivals.values() for moment in _registered(row, names)),
        *_changed(answering, rivals),
        *(
            (each.deal, each.decided_at, (2, each.seq), _decided(each, rivals[each.deal], names))
            for each in decisions
        ),
    ]
    moments = [Moment(at, order, text, of, of == deal.deal) for of, at, order, text in happened]
    return sorted(moments, key=lambda each: (each.at, each.order))


def _registered(row: Deal, names: Names) -> list[tuple[int, tuple[int, int], str]]:
    who = _name(row.account, names)
    found = [(row.committed_at, (0, row.seq), f"{who} committed to it: priority {row.priority}.")]
    if row.registered_at is not None:
        text = f"{who} revealed it, which registered the deal."
        found.append((row.registered_at, (1, row.seq), text))
    return found


def _changed(
    answering: Answering, deals: Collection[DealId]
) -> Iterator[tuple[DealId, int, tuple[int, int], str]]:
    """Extensions, newer tags and moves to other versions."""
    reading = answering.reading
    for each in queries.changes(reading, DealExtension, *deals):
        text = f"Both sides extended its exclusivity to {moment(each.exclusive_until)}."
        yield each.deal, each.extended_at, (2, each.seq), text
    for each in queries.changes(reading, DealRetag, *deals):
        text = f"It was tagged again, under the key of epoch {each.epoch}."
        yield each.deal, each.retagged_at, (2, each.seq), text
    for each in queries.changes(reading, DealMove, *deals):
        text = "It went over to the agreement that amended its own."
        yield each.deal, each.moved_at, (2, each.seq), text


def _decided(decision: DealDecision, row: Deal, names: Names) -> str:
    who, outcome = _name(row.account, names), State(decision.outcome)
    if decision.by_account is not None:
        caller = _name(decision.by_account, names)
        return f"{caller} had {who}'s deal approved by default: the vendor's deadline had passed."
    if decision.vendor is None:
        return f"{who} took its deal back."
    shown = bodies.decision(decision, names)
    reason = reason_text(decision.reason) if decision.reason else ""
    because = f" ({words(reason)})" if reason else ""
    held = ", with exclusivity" if shown.exclusive_until else ""
    return f"{_name(decision.vendor, names)} decided on {who}'s deal: {outcome.name.lower()}{because}{held}."


def _name(account: bytes, names: Names) -> str:
    shown = names.named(account)
    return shown.name or f"0x{account.hex()[:4]}…{account.hex()[-4:]}"
