"""What happened to a customer: every commitment, registration and decision, in order."""

from dataclasses import dataclass

from api.as_of import Answering
from api.deals import bodies, queries
from api.partner_names import Names
from ledger.chain.states import reason_text
from ledger.rules.deal_status import State
from ledger.store.tables import Deal, DealDecision


@dataclass(frozen=True)
class Moment:
    """One thing that happened, at ``at`` (seconds). ``here``: to the deal that is looked at.

    ``order`` sorts what has the same second: commitments, then reveals, then decisions.
    """

    at: int
    order: tuple[int, int]
    text: str
    deal: bytes
    here: bool


def timeline(answering: Answering, deal: Deal) -> list[Moment]:
    """Everything about the deal and its rivals, the oldest first."""
    reading = answering.reading
    rivals = queries.queue(reading, deal) or [deal]
    names = Names.of(reading, [each for row in rivals for each in (row.account, row.vendor)])
    moments: list[Moment] = []
    for row in rivals:
        here = row.deal == deal.deal
        moments += [Moment(at, order, text, row.deal, here) for at, order, text in _registered(row, names)]
        moments += [
            Moment(each.decided_at, (2, each.seq), _decided(each, row, names), row.deal, here)
            for each in queries.decisions(reading, row.deal)
        ]
    return sorted(moments, key=lambda each: (each.at, each.order))


def _registered(row: Deal, names: Names) -> list[tuple[int, tuple[int, int], str]]:
    who = _name(row.account, names)
    found = [(row.committed_at, (0, row.seq), f"{who} committed to it: priority {row.priority}.")]
    if row.registered_at is not None:
        text = f"{who} revealed it, which registered the deal."
        found.append((row.registered_at, (1, row.seq), text))
    return found


def _decided(decision: DealDecision, row: Deal, names: Names) -> str:
    who, outcome = _name(row.account, names), State(decision.outcome)
    if decision.vendor is None:
        return f"{who} took its deal back."
    shown = bodies.decision(decision, names)
    reason = reason_text(decision.reason) if decision.reason else ""
    because = f", reason {reason}" if reason else ""
    held = ", with exclusivity" if shown.exclusive_until else ""
    return f"{_name(decision.vendor, names)} decided on {who}'s deal: {outcome.name.lower()}{because}{held}."


def _name(account: bytes, names: Names) -> str:
    shown = names.named(account)
    return shown.name or f"0x{account.hex()[:4]}…{account.hex()[-4:]}"
