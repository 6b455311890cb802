"""``/v1/search``."""

from typing import Annotated

from fastapi import Query
from pydantic_core import PydanticCustomError

from api.as_of import Now
from api.http.routing import Router
from api.problem_schema import READS, problems
from api.problems import ADDRESS_INVALID, Problem
from api.search.finding import find
from api.search.schemas import SearchResults
from api.tagged_route import TaggedRoute
from ledger.read.search import MOST

router = Router(prefix="/v1/search", tags=["search"], route_class=TaggedRoute)

Sought = Annotated[
    str,
    Query(
        min_length=1,
        max_length=200,
        description="An address, the id of an agreement, deal or programme, a transaction's hash, an entry's "
        "number, or how words of a partner's or programme's name begin.",
        examples=["north"],
    ),
]


@router.get("", summary="Search by name, address, id or number", responses=problems(*READS, ADDRESS_INVALID))
def search(answering: Now, q: Sought) -> SearchResults:
    """Finds partners by account, by any wallet that they have or had, and by name; agreements, deals and
    programmes by id; entries by their transaction and by their number in a journal.
    """
    try:
        found = find(answering, q)
    except PydanticCustomError as wrong:
        raise Problem(ADDRESS_INVALID, wrong.message(), field="q") from None
    return SearchResults(as_of_block=answering.as_of_block(), results=found[:MOST], more=len(found) > MOST)
