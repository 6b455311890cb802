"""``/v1/entries``."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.as_of import Now
from api.entries import queries
from api.entries.bodies import written
from api.entries.schemas import EntryList
from api.http.routing import Router
from api.identifiers import EXAMPLE_ID, parse_address, parse_id
from api.paging import AskedPage
from api.problem_schema import LISTS, READS, problems
from api.problems import ID_INVALID
from api.tagged_route import TaggedRoute
from api.whole_numbers import Whole
from ledger.terms.contracts import ContractName

router = Router(prefix="/v1/entries", tags=["entries"], route_class=TaggedRoute)


def _topic(value: str) -> bytes:
    """An id as it is, an address as topics hold it: behind twelve zero bytes."""
    try:
        return parse_address(value).rjust(32, b"\0")
    except PydanticCustomError:
        return parse_id(value)


Topic = Annotated[
    bytes,
    BeforeValidator(_topic),
    WithJsonSchema({"type": "string", "pattern": "^0[xX][0-9a-fA-F]{40,64}$", "examples": [EXAMPLE_ID]}),
]


@router.get(
    "",
    summary="List the entries of the contracts' journals",
    response_model=EntryList,
    responses=problems(*READS, *LISTS, ID_INVALID),
)
def list_entries(
    answering: Now,
    page: AskedPage,
    contract: Annotated[ContractName | None, Query(description="Only this contract's journal.")] = None,
    seq: Annotated[
        Whole | None, Query(ge=1, lt=2**63, description="Only the entry with this number.")
    ] = None,
    event: Annotated[
        str | None, Query(max_length=100, description="Only this event.", examples=["PaymentReceived"])
    ] = None,
    about: Annotated[
        Topic | None,
        Query(
            description="Only entries that name this agreement, deal, programme or account in their topics, "
            "and claims across several agreements of which this is one."
        ),
    ] = None,
) -> Response:
    """Every log of the four contracts, exactly as emitted, the newest first. From these alone every head can
    be recomputed, and everything else that this API says.
    """
    question, given = queries.listed(page, contract, seq, event, about)
    found = answering.ask_once(question, **given)
    shown = page.cut(found.rows)
    names = {address: name for name, address in found.of.contracts.items()}
    return found.json(
        entries=[written(row, names[row.contract]) for row in shown],
        next_cursor=page.next_cursor(found.rows, *queries.key(shown[-1], contract)) if shown else None,
    )
