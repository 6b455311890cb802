"""``/search``: what somebody may mean who writes a name, an address, an id or a number."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic_core import PydanticCustomError

from api.as_of import Now
from api.http.routing import Router
from api.identifiers import checksummed, hexadecimal
from api.portal.codes import event as event_words
from api.portal.pages import PageRoute, page
from api.search.finding import find
from api.search.schemas import Found, Kind
from ledger.read.search import MOST

router = Router(include_in_schema=False, route_class=PageRoute)


@router.get("/search")
def search(answering: Now, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The results; a single one of an address or id is gone to at once."""
    wrong, found = "", []
    try:
        found = find(answering, q)
    except PydanticCustomError as refused:
        wrong = refused.message()
    if len(found) == 1 and found[0].kind is not Kind.ENTRY and q.strip()[:2].lower() == "0x":
        return RedirectResponse(_href(found[0]), status_code=303)
    return _results(answering, q, wrong, found)


def _results(answering: Now, q: str, wrong: str, found: list[Found]) -> HTMLResponse:
    return page(
        "search.html",
        here="search",
        as_of=answering.as_of_block(),
        sought=q,
        wrong=wrong,
        found=[(each, _title(each), _href(each)) for each in found[:MOST]],
        more=len(found) > MOST,
    )


def _title(found: Found) -> str:
    if found.entry is not None:
        return event_words(str(found.name))
    if found.id is None:
        raise AssertionError(f"expected an id of a {found.kind}, got none")
    if found.kind in (Kind.ACCOUNT, Kind.WALLET):
        return checksummed(found.id)
    return found.name or hexadecimal(found.id)


def _href(found: Found) -> str:
    if found.entry is not None:
        return f"/entries/{found.entry.contract}/{found.entry.seq}"
    if found.kind in (Kind.AGREEMENT, Kind.DEAL) and found.id is not None:
        return f"/{found.kind}s/{hexadecimal(found.id)}"
    if found.partner is None:
        raise AssertionError(f"expected whose the {found.kind} is, got nobody")
    return f"/partners/{checksummed(found.partner.account)}"
