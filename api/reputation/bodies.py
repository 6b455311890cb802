"""What answers say of a score, from what the ledger found."""

from collections.abc import Collection, Sequence

from api.as_of import Answering, block_of
from api.entry_reference import EntryReference
from api.partner_names import Names
from api.reputation.schemas import (
    Algorithm,
    CounterpartyShare,
    DimensionScore,
    Evidenced,
    Flagged,
    Reputation,
    ReputationChange,
    ReputationHistory,
    Ruled,
    ScoreAt,
    StepOfChange,
)
from ledger.reputation.change import Change
from ledger.reputation.evidence import Evidence
from ledger.reputation.fixed_point import SCALE, decimal_text
from ledger.reputation.gathering import Placed
from ledger.reputation.history import Moment
from ledger.reputation.points import POINT
from ledger.reputation.score import EventEffect
from ledger.reputation.standing import Standing
from ledger.store.reading import Reading
from ledger.terms.contracts import JOURNALS

_MOST_STEPS = 200


def reputation(
    answering: Answering, standing: Standing, shown: Sequence[Placed], cursor: str | None, most: int
) -> Reputation:
    """A score, its breakdown, and a page of its events."""
    reading, record, points = answering.reading, standing.record, standing.points
    counterparties = record.counterparties()
    effects = record.events(each.evidence for each in shown)
    accounts = [standing.account, *(each.counterparty for each in counterparties[:most])]
    accounts += [each.evidence.counterparty for each in shown]
    names = Names.of(reading, accounts if standing.viewpoint is None else [*accounts, standing.viewpoint])
    return Reputation(
        as_of_block=answering.as_of_block(),
        partner=names.named(standing.account),
        viewpoint=None if standing.viewpoint is None else names.named(standing.viewpoint),
        score=record.score,
        algorithm=Algorithm(version=standing.algorithm, configuration=record.configuration.published()),
        inputs_hash=standing.inputs_hash,
        verified_partners=standing.verified_partners,
        notes=standing.notes(),
        positive=decimal_text(record.total.positive),
        negative=decimal_text(record.total.negative),
        dimensions=[
            DimensionScore(
                name=each.question,
                tag=each.tag,
                score=each.score,
                positive=decimal_text(each.total.positive),
                negative=decimal_text(each.total.negative),
                events=each.events,
            )
            for each in standing.dimensions
        ],
        flags=[Flagged(name=each.what, part=each.part, whole=each.whole) for each in standing.flags],
        counterparties=[
            CounterpartyShare(
                counterparty=names.named(each.counterparty),
                trust=decimal_text(each.trust),
                events=each.events,
                positive=decimal_text(each.contribution.positive),
                negative=decimal_text(each.contribution.negative),
                effect=each.effect,
                points=_points(points.by_counterparty[each.counterparty]),
            )
            for each in counterparties[:most]
        ],
        counterparties_in_all=len(counterparties),
        other_counterparties_points=_points(
            sum(points.by_counterparty[each.counterparty] for each in counterparties[most:])
        ),
        rulings=Ruled(
            positive=decimal_text(record.adjudicated.positive),
            negative=decimal_text(record.adjudicated.negative),
            points=_points(points.ruled),
        ),
        unattributed=record.score - sum(each.effect for each in counterparties) - record.ruled_effect(),
        events=[
            _event(reading, effect, names, points.of_event(effect.evidence.alike, each.among))
            for effect, each in zip(effects, shown, strict=True)
        ],
        events_in_all=record.events_in_all,
        next_cursor=cursor,
    )


def history(answering: Answering, account: bytes, moments: Collection[Moment]) -> ReputationHistory:
    """A score over time."""
    names = Names.of(answering.reading, [account])
    return ReputationHistory(
        as_of_block=answering.as_of_block(),
        partner=names.named(account),
        history=[
            ScoreAt(block=each.as_of.number, timestamp=each.as_of.timestamp, score=each.score)
            for each in moments
        ],
    )


def change(answering: Answering, account: bytes, before: Reading, found: Change) -> ReputationChange:
    """What made a score another."""
    reading = answering.reading
    names = Names.of(reading, [account, *(each.evidence.counterparty for each in found.steps)])
    shown = sorted(found.steps, key=lambda each: -abs(each.effect))[:_MOST_STEPS]
    return ReputationChange(
        as_of_block=answering.as_of_block(),
        since_block=block_of(before.as_of, before.times_verified, answering.doors),
        partner=names.named(account),
        before=found.before,
        after=found.after,
        ageing=found.ageing,
        trust=found.trust,
        events=[
            StepOfChange(
                kind=each.evidence.kind,
                came=each.came,
                at=each.evidence.at,
                counterparty=names.named(each.evidence.counterparty),
                subject=each.evidence.subject,
                effect=each.effect,
                entry=_entry(reading, each.evidence),
            )
            for each in shown
        ],
        events_in_all=len(found.steps),
        other_events=sum(each.effect for each in found.steps) - sum(each.effect for each in shown),
    )


def _event(reading: Reading, effect: EventEffect, names: Names, points: int) -> Evidenced:
    evidence = effect.evidence
    return Evidenced(
        kind=evidence.kind,
        at=evidence.at,
        days=effect.days,
        counterparty=names.named(evidence.counterparty),
        subject=evidence.subject,
        positive=decimal_text(effect.positive),
        negative=decimal_text(effect.negative),
        effect=effect.effect,
        points=_points(points),
        entry=_entry(reading, evidence),
    )


def _entry(reading: Reading, evidence: Evidence) -> EntryReference:
    place = [reading.contracts[name] for name in JOURNALS].index(evidence.contract)
    return EntryReference(contract=JOURNALS[place], seq=evidence.seq)


def _points(parts: int) -> str:
    return decimal_text(parts * (SCALE // POINT))
