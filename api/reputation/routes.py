"""``/v1/reputation`` and ``/v1/partners/{address}/reputation``."""

from typing import Annotated

from fastapi import Query

from api.as_of import Answering, AsOfAsked
from api.http.routing import Router
from api.identifiers import Address, checksummed
from api.paging import AskedPage, Page
from api.partner_names import Names
from api.partners.account import AccountInPath, require_known
from api.problem_schema import LISTS, READS_PAST, problems
from api.problems import ADDRESS_INVALID, BLOCK_UNKNOWN, PARTNER_UNKNOWN, Problem
from api.reputation import bodies
from api.reputation.schemas import Ranked, Reputation, ReputationChange, ReputationHistory, ReputationRanking
from api.tagged_route import TaggedRoute
from api.whole_numbers import Whole
from ledger.read.accounts import is_known
from ledger.reputation.configuration import ALGORITHM
from ledger.reputation.fixed_point import decimal_text
from ledger.reputation.gathering import newest
from ledger.reputation.history import changed, history
from ledger.reputation.ranking import ranked
from ledger.reputation.standing import Standing, standing_of
from ledger.store.reading import BlockUnknown, read

router = Router(prefix="/v1", tags=["reputation"], route_class=TaggedRoute)

_MOST_COUNTERPARTIES = 200
_ADDRESS_WORDS = ((0, 7), (7, 14), (14, 20))
"""An address as numbers that a cursor can hold."""

Viewpoint = Annotated[
    Address | None,
    Query(
        description="As this partner sees it: trust starts with it alone, flows to those it settled deals "
        "with, and on. Left out: trust starts with all verified partners.",
    ),
]


@router.get(
    "/reputation",
    summary="List all scores, the best first",
    responses=problems(*READS_PAST, *LISTS, ADDRESS_INVALID, PARTNER_UNKNOWN),
)
def list_reputation(answering: AsOfAsked, page: AskedPage, viewpoint: Viewpoint = None) -> ReputationRanking:
    """Accounts for or against which something speaks; all others have a score of 0. Of equal scores the lower
    address comes first.
    """
    _require_viewpoint(answering, viewpoint)
    after = page.keys(1 + len(_ADDRESS_WORDS))
    behind = None if after is None else (after[0], _account(after[1:]))
    found = ranked(answering.reading, page.probe, behind, viewpoint=viewpoint)
    shown = page.cut(found.scores)
    names = Names.of(answering.reading, [each.account for each in shown])
    return ReputationRanking(
        as_of_block=answering.as_of_block(),
        algorithm=ALGORITHM,
        scores=[
            Ranked(
                rank=found.before + place + 1,
                partner=names.named(each.account),
                score=each.score,
                positive=decimal_text(each.positive),
                negative=decimal_text(each.negative),
                counterparties=each.counterparties,
            )
            for place, each in enumerate(shown)
        ],
        scores_in_all=found.in_all,
        next_cursor=page.next_cursor(found.scores, shown[-1].score, *_key(shown[-1].account))
        if shown
        else None,
    )


@router.get(
    "/partners/{address}/reputation",
    summary="Show a partner's score and what made it",
    responses=problems(*READS_PAST, *LISTS, ADDRESS_INVALID, PARTNER_UNKNOWN),
)
def get_reputation(
    answering: AsOfAsked, address: AccountInPath, page: AskedPage, viewpoint: Viewpoint = None
) -> Reputation:
    """The score from settled business, missed deadlines, reviews and rulings, broken down by counterparty and
    by event. Points add up to the score; an effect is exactly what the score would lose without that one.
    """
    require_known(answering, address)
    _require_viewpoint(answering, viewpoint)
    return _reputation(answering, standing_of(answering.reading, address, viewpoint=viewpoint), page)


@router.get(
    "/partners/{address}/reputation/history",
    summary="Show a partner's score over time",
    responses=problems(*READS_PAST, ADDRESS_INVALID, PARTNER_UNKNOWN),
)
def get_history(
    answering: AsOfAsked,
    address: AccountInPath,
    moments: Annotated[Whole, Query(ge=1, le=60, description="How many scores before now.")] = 12,
    every: Annotated[Whole, Query(ge=1, le=366, description="Days from one score to the next.")] = 7,
    viewpoint: Viewpoint = None,
) -> ReputationHistory:
    """The score at the end (UTC) of every so many days, the oldest first, and as of the block. Days before
    the ledger's first entry are left out.
    """
    require_known(answering, address)
    _require_viewpoint(answering, viewpoint)
    found = history(answering.reading, address, moments * every, every, viewpoint=viewpoint)
    return bodies.history(answering, address, found)


@router.get(
    "/partners/{address}/reputation/change",
    summary="Show why a partner's score changed since a block",
    responses=problems(*READS_PAST, ADDRESS_INVALID, PARTNER_UNKNOWN),
)
def get_change(
    answering: AsOfAsked,
    address: AccountInPath,
    since: Annotated[
        Whole, Query(ge=0, lt=2**63, description="The block to compare with, which must carry an entry.")
    ],
    viewpoint: Viewpoint = None,
) -> ReputationChange:
    """What the days did, what each event did, and what changed trust did: together exactly the change."""
    require_known(answering, address)
    _require_viewpoint(answering, viewpoint)
    reading = answering.reading
    if since > reading.as_of.number:
        raise Problem(
            BLOCK_UNKNOWN,
            f"since: expected a block up to {reading.as_of.number}, got {since}.",
            field="since",
        )
    try:
        before = read(reading.session, chain_id=reading.chain_id, ledger=reading.ledger, block=since)
    except BlockUnknown as error:
        raise Problem(
            BLOCK_UNKNOWN, error.what, field="since", hint=error.hint, nearest=error.nearest
        ) from error
    found = changed(before, reading, address, viewpoint=viewpoint)
    return bodies.change(answering, address, before, found)


def _require_viewpoint(answering: Answering, viewpoint: bytes | None) -> None:
    if viewpoint is not None and not is_known(answering.reading, viewpoint):
        raise Problem(
            PARTNER_UNKNOWN,
            f"No entry of the journals names the viewpoint {checksummed(viewpoint)}.",
            field="viewpoint",
        )


def _key(account: bytes) -> tuple[int, ...]:
    return tuple(int.from_bytes(account[begin:end]) for begin, end in _ADDRESS_WORDS)


def _account(key: tuple[int, ...]) -> bytes:
    """Whose key it is; of one that nobody has, as it is made up, an account near it."""
    sizes = [end - begin for begin, end in _ADDRESS_WORDS]
    return b"".join(
        min(each, (1 << 8 * size) - 1).to_bytes(size) for each, size in zip(key, sizes, strict=True)
    )


def _reputation(answering: Answering, standing: Standing, page: Page) -> Reputation:
    after = page.keys(5)
    before = None if after is None else (after[0], after[1], after[2], after[3], after[4])
    rows = newest(answering.reading, standing.account, standing.record.configuration, page.probe, before)
    shown = page.cut(rows)
    cursor = page.next_cursor(rows, *shown[-1].place) if shown else None
    return bodies.reputation(answering, standing, shown, cursor, _MOST_COUNTERPARTIES)
