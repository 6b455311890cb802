"""Deals and conflicts as answers show them."""

from collections.abc import Sequence
from typing import Any

from api.amounts import Tokens
from api.deals import queries
from api.deals.programmes import Programmes
from api.deals.schemas import (
    Conflict,
    ConflictRule,
    Customer,
    DecisionBody,
    DeclaredValue,
    Extension,
    Leading,
    Move,
    Registration,
    Retag,
    ReviewBody,
)
from api.entry_reference import EntryReference
from api.identifiers import checksummed, hexadecimal
from api.partner_names import Names
from ledger.rules.deal_status import (
    Facts,
    Lead,
    Leader,
    Status,
    competing,
    is_exclusive,
    is_open,
    is_overdue,
    leader,
    status,
)
from ledger.store.reading import Reading
from ledger.store.tables import Deal, DealDecision, DealExtension, DealMove, DealRetag, Review
from ledger.terms.contracts import DEALS
from ledger.terms.deals import Rule, State
from ledger.terms.ids import DealId
from ledger.terms.reasons import reason_text

_NOBODY = "Nobody leads: no registration waits for a decision, and none holds the customer."
_OPEN = "Nobody leads: the programme only records conflicts."
_HERE = " That is within its territory."
_WHY = {
    Lead.WON: "It was won.",
    Lead.EXCLUSIVE: "It was approved, and its exclusivity lasts.",
    Lead.FIRST_REGISTERED: "Of those that wait for a decision, it was committed first.",
}
_NOT_YET = " An earlier commitment could still be revealed and would come first."


def summary(row: Any, now: int) -> dict[str, Any]:
    """A deal as of ``now``, in seconds, from a row of `ledger.read.deals`: JSON of ``DealSummary``."""
    rule = None if row.rule is None else Rule(row.rule)
    until = row.grace if row.retagged_at is not None else None
    facts = Facts(
        deal=row.deal,
        state=State(row.state),
        priority=row.priority,
        committed_at=row.committed_at,
        decide_by=row.decide_again_by or row.decide_by or None,
        exclusive_until=row.exclusive_until,
        territory=row.territory,
        contestable_until=until,
        tagged_until=None if rule is Rule.OPEN else row.next_grace,
    )
    return {
        "deal": hexadecimal(row.deal),
        "partner": {"account": checksummed(row.account), "name": row.partner_name},
        "status": status(facts, now),
        "overdue": is_overdue(facts, now),
        "priority": row.priority,
        "committed_at": row.committed_at,
        "registered_at": row.registered_at,
        "decide_by": facts.decide_by,
        "exclusive_until": row.exclusive_until,
        "contestable_until": until if until is not None and until >= now else None,
        "status_since": row.state_since,
        "agreement": _hexadecimal(row.agreement),
        "registered_under": _hexadecimal(row.registered_under),
        "rule": None if rule is None else ConflictRule(rule.name.lower()),
        "territory": _territory(row),
        "customer": None
        if row.programme is None or row.epoch is None or row.tag is None
        else {
            "programme": hexadecimal(row.programme),
            "epoch": row.epoch,
            "tag": hexadecimal(row.tag),
        },
        "vendor": None
        if row.vendor is None
        else {"account": checksummed(row.vendor), "name": row.vendor_name},
        "reason": _reason(row.reason),
        "entry": {"contract": DEALS, "seq": row.seq},
    }


def customer(row: Deal) -> Customer | None:
    """The deal's customer, None until it is revealed."""
    if row.programme is None or row.epoch is None or row.tag is None:
        return None
    return Customer(programme=row.programme, epoch=row.epoch, tag=row.tag)


def decision(row: DealDecision, names: Names) -> DecisionBody:
    """A decision or withdrawal."""
    return DecisionBody(
        outcome=Status(State(row.outcome).name.lower()),
        at=row.decided_at,
        vendor=None if row.vendor is None else names.named(row.vendor),
        by_default=None if row.by_account is None else names.named(row.by_account),
        reason=_reason(row.reason),
        exclusive_until=row.exclusive_until or None,
        decide_by=row.decide_by or None,
        entry=EntryReference(contract=DEALS, seq=row.seq),
    )


def extensions(rows: Sequence[DealExtension]) -> list[Extension]:
    """Longer exclusivities that partner and vendor agreed on."""
    return [
        Extension(exclusive_until=row.exclusive_until, at=row.extended_at, entry=_entry(row.seq))
        for row in rows
    ]


def retags(rows: Sequence[DealRetag]) -> list[Retag]:
    """Newer tags of the deal."""
    return [
        Retag(epoch=row.epoch, tag=row.tag, rival=row.rival, at=row.retagged_at, entry=_entry(row.seq))
        for row in rows
    ]


def moves(rows: Sequence[DealMove]) -> list[Move]:
    """The successor that the deal was won under."""
    return [Move(agreement=row.agreement, at=row.moved_at, entry=_entry(row.seq)) for row in rows]


def review(row: Review, names: Names) -> ReviewBody:
    """A review, revoked or not."""
    return ReviewBody(
        deal=row.deal,
        reviewer=names.named(row.reviewer),
        reviewed=names.named(row.reviewed),
        rating=row.rating,
        comment=row.comment if any(row.comment) else None,
        at=row.reviewed_at,
        revoked_at=row.revoked_at,
        entry=_entry(row.seq),
    )


def _entry(seq: int) -> EntryReference:
    return EntryReference(contract=DEALS, seq=seq)


def _territory(row: Any) -> str | None:
    return (reason_text(row.territory) or None) if row.territory is not None else None


def declared(reading: Reading, row: Deal) -> DeclaredValue | None:
    """What a won deal was declared to be worth."""
    if row.value is None or row.token is None:
        return None
    tokens = Tokens.of(reading, [row.token])
    return DeclaredValue(
        token=tokens.facts(row.token),
        value=tokens.amount(row.token, row.value),
        paid=tokens.amount(row.token, queries.paid(reading, row)),
    )


def conflict(
    row: Deal, queue: Sequence[Deal], programmes: Programmes, names: Names, now: int
) -> Conflict | None:
    """The deal's customer with every registration of it, as of ``now``; None until it is revealed.

    Who leads is among those that the programme's rule has compete with the deal.
    """
    whom, rule = customer(row), programmes.rule(row)
    if whom is None or rule is None:
        return None
    by_deal = {each.deal: programmes.facts(each) for each in queue}
    facts = list(by_deal.values())

    def leads_among(deal: DealId) -> Leader | None:
        return leader(competing(facts, by_deal[deal], Rule[rule.name]), now)

    leads = leads_among(row.deal)
    if rule is ConflictRule.OPEN:
        why = _OPEN
    elif leads is None:
        why = _NOBODY
    else:
        why = _WHY[leads.lead] + (_NOT_YET if _uncertain(leads, now) else "")
    return Conflict(
        customer=whom,
        rule=rule,
        registrations=[
            _registration(each, by_deal[each.deal], leads_among(each.deal), names, now) for each in queue
        ],
        leader=None if leads is None else _leading(leads, queue, names, now),
        why=why + (_HERE if rule is ConflictRule.TERRITORY else ""),
    )


def _uncertain(leads: Leader, now: int) -> bool:
    return leads.final_from is not None and now < leads.final_from


def _leading(leads: Leader, queue: Sequence[Deal], names: Names, now: int) -> Leading:
    account = next(each.account for each in queue if each.deal == leads.deal)
    return Leading(
        deal=leads.deal,
        partner=names.named(account),
        lead=leads.lead,
        until=leads.until,
        final_from=leads.final_from if _uncertain(leads, now) else None,
    )


def _registration(row: Deal, facts: Facts, leads: Leader | None, names: Names, now: int) -> Registration:
    return Registration(
        deal=row.deal,
        partner=names.named(row.account),
        agreement=row.agreement,
        territory=_territory(row),
        priority=row.priority,
        committed_at=row.committed_at,
        registered_at=row.registered_at,
        status=status(facts, now),
        live=is_open(facts, now) or is_exclusive(facts, now),
        leads=leads is not None and leads.deal == row.deal,
    )


def _hexadecimal(value: bytes | None) -> str | None:
    return None if value is None else hexadecimal(value)


def _reason(code: bytes | None) -> str | None:
    return reason_text(code) or None if code is not None else None
