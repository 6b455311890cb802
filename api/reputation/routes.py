"""``/v1/partners/{address}/reputation``."""

from fastapi import APIRouter

from api.as_of import Answering, AsOfAsked
from api.entry_reference import EntryReference
from api.paging import AskedPage, Page
from api.partner_names import Names
from api.partners.account import AccountInPath, require_known
from api.problem_schema import LISTS, READS_PAST, problems
from api.problems import ADDRESS_INVALID, PARTNER_UNKNOWN
from api.reputation.schemas import Algorithm, CounterpartyShare, Evidenced, Reputation
from api.tagged_route import TaggedRoute
from ledger.reputation.evidence import Evidence, Kind
from ledger.reputation.fixed_point import decimal_text
from ledger.reputation.score import CounterpartyEffect, EventEffect
from ledger.reputation.standing import Standing, standing_of
from ledger.store.reading import JOURNALS, Reading

router = APIRouter(prefix="/v1/partners", tags=["reputation"], route_class=TaggedRoute)

_MOST_COUNTERPARTIES = 200
_KINDS = list(Kind)


@router.get(
    "/{address}/reputation",
    summary="Show a partner's score and what made it",
    responses=problems(*READS_PAST, *LISTS, ADDRESS_INVALID, PARTNER_UNKNOWN),
)
def get_reputation(answering: AsOfAsked, address: AccountInPath, page: AskedPage) -> Reputation:
    """The score from settled business, missed deadlines and unused exclusivity, broken down by counterparty
    and by event. An event's effect is exactly what the score would lose without it.
    """
    require_known(answering, address)
    return _reputation(answering, standing_of(answering.reading, address), page)


def _reputation(answering: Answering, standing: Standing, page: Page) -> Reputation:
    record = standing.record
    keyed = sorted(((_key(answering.reading, each), each) for each in record.evidence), reverse=True)
    after = page.keys(4)
    rows = [pair for pair in keyed if after is None or pair[0] < after][: page.probe]
    shown = page.cut(rows)
    counterparties = record.counterparties()
    names = Names.of(answering.reading, [standing.account, *(each.counterparty for each in counterparties)])
    return Reputation(
        as_of_block=answering.as_of_block(),
        partner=names.named(standing.account),
        score=record.score,
        algorithm=Algorithm(version=standing.algorithm, configuration=record.configuration.published()),
        inputs_hash=standing.inputs_hash,
        verified_partners=standing.verified_partners,
        notes=standing.notes(),
        positive=decimal_text(record.total.positive),
        negative=decimal_text(record.total.negative),
        counterparties=[_share(each, names) for each in counterparties[:_MOST_COUNTERPARTIES]],
        counterparties_in_all=len(counterparties),
        unattributed=record.score
        - sum(each.effect for each in counterparties)
        - sum(each.effect for each in record.events(each for each in record.evidence if each.adjudicated)),
        events=[
            _event(answering.reading, effect, names) for effect in record.events(each for _, each in shown)
        ],
        events_in_all=len(record.evidence),
        next_cursor=page.next_cursor(rows, *shown[-1][0]) if shown else None,
    )


def _key(reading: Reading, evidence: Evidence) -> tuple[int, ...]:
    """Orders events by time; those of the same time by the entry that shows them."""
    return (evidence.at, _contract(reading, evidence), evidence.seq, _KINDS.index(evidence.kind))


def _contract(reading: Reading, evidence: Evidence) -> int:
    return [reading.contracts[name] for name in JOURNALS].index(evidence.contract)


def _share(effect: CounterpartyEffect, names: Names) -> CounterpartyShare:
    return CounterpartyShare(
        counterparty=names.named(effect.counterparty),
        trust=decimal_text(effect.trust),
        events=effect.events,
        positive=decimal_text(effect.contribution.positive),
        negative=decimal_text(effect.contribution.negative),
        effect=effect.effect,
    )


def _event(reading: Reading, effect: EventEffect, names: Names) -> Evidenced:
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
        entry=EntryReference(contract=JOURNALS[_contract(reading, evidence)], seq=evidence.seq),
    )
