"""``/v1/deals``."""

from typing import Annotated

from fastapi import Path, Query, Response

from api.as_of import Now
from api.deals import bodies, queries
from api.deals.programmes import Programmes
from api.deals.schemas import DealDetail, DealList, DealSummary
from api.http.routing import Router
from api.identifiers import EXAMPLE_ID, Address, IdOfAgreement, IdOfDeal, IdOfProgramme, hexadecimal
from api.paging import AskedPage
from api.partner_names import Names
from api.problem_schema import LISTS, READS, problems
from api.problems import ADDRESS_INVALID, DEAL_UNKNOWN, ID_INVALID, Problem
from api.tagged_route import TaggedRoute
from ledger.read.asking import ask
from ledger.read.deals import listed
from ledger.rules.deal_status import Status
from ledger.store.tables import DealExtension, DealMove, DealRetag, Review

router = Router(prefix="/v1/deals", tags=["deals"], route_class=TaggedRoute)


@router.get(
    "",
    summary="List the deals",
    response_model=DealList,
    responses=problems(*READS, *LISTS, ADDRESS_INVALID, ID_INVALID),
)
def list_deals(
    answering: Now,
    page: AskedPage,
    account: Annotated[Address | None, Query(description="Only those that this partner brought.")] = None,
    agreement: Annotated[IdOfAgreement | None, Query(description="Only those under this agreement.")] = None,
    programme: Annotated[IdOfProgramme | None, Query(description="Only those under this programme.")] = None,
    status: Annotated[Status | None, Query(description="Only those that have this status now.")] = None,
) -> Response:
    """The newest commitment first. A commitment shows neither agreement nor customer until it is revealed."""
    question, given = listed(
        page.probe, page.key(), status, account=account, agreement=agreement, programme=programme
    )
    found = answering.ask_once(question, **given)
    shown = page.cut(found.rows)
    return found.json(
        deals=[bodies.summary(row, found.as_of_block.timestamp) for row in shown],
        next_cursor=page.next_cursor(found.rows, shown[-1].seq) if shown else None,
    )


@router.get(
    "/{deal}", summary="Show a deal and its rivals", responses=problems(*READS, ID_INVALID, DEAL_UNKNOWN)
)
def get_deal(
    answering: Now, deal: Annotated[IdOfDeal, Path(description="The deal's id.", examples=[EXAMPLE_ID])]
) -> DealDetail:
    """Every decision on the deal and what else changed it, its reviews, and every registration of the same
    customer in the order of priority: what each is now, which one leads, and why.
    """
    reading = answering.reading
    row = queries.one(reading, deal)
    if row is None:
        raise Problem(DEAL_UNKNOWN, f"There is no deal {hexadecimal(deal)}.", field="deal")
    question, given = listed(1, None, deal=deal)
    (summarised,) = ask(reading, question, **given)
    decisions, queue = queries.decisions(reading, deal), queries.queue(reading, row)
    reviews = queries.changes(reading, Review, deal)
    programmes = Programmes.of(reading, [row])
    defaults = (each.by_account for each in decisions)
    names = Names.of(reading, [row.account, row.vendor, *(each.account for each in queue), *defaults])
    now = reading.as_of.timestamp
    return DealDetail(
        as_of_block=answering.as_of_block(),
        deal=DealSummary.model_validate(bodies.summary(summarised, now)),
        declared=bodies.declared(reading, row),
        decisions=[bodies.decision(each, names) for each in decisions],
        extensions=bodies.extensions(queries.changes(reading, DealExtension, deal)),
        retags=bodies.retags(queries.changes(reading, DealRetag, deal)),
        moves=bodies.moves(queries.changes(reading, DealMove, deal)),
        reviews=[bodies.review(each, names) for each in reviews],
        conflict=bodies.conflict(row, queue, programmes, names, now),
    )
