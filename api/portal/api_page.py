"""``/docs``: the page on which developers read the API and try it, made from its own description."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.http.routing import Router
from api.identifiers import EXAMPLE_ADDRESS
from api.portal.pages import PageRoute, page
from api.portal.reference import pretty, topics
from api.portal.samples import draft_request, samples
from api.session import OpenDoors

router = Router(include_in_schema=False, route_class=PageRoute)

_DRAFTS, _ACTION = "/v1/agreements/drafts", "/v1/actions/{name}"
_REGISTER = {"fields": {"account": EXAMPLE_ADDRESS, "name": "Northwind Agency"}}


@router.get("/docs")
def get_docs(request: Request, doors: OpenDoors) -> HTMLResponse:
    """Every operation, with examples that this ledger answers."""
    document = request.app.openapi()
    return page(
        "api.html",
        here="api",
        info=document["info"],
        topics=topics(document),
        samples=samples(request, doors),
        bodies={_DRAFTS: pretty(draft_request(request, doors)), _ACTION: pretty(_REGISTER)},
        base=str(request.base_url).rstrip("/"),
    )
