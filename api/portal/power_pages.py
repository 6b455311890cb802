"""``/powers``: who in the consortium may do what, and what is scheduled."""

from fastapi.responses import HTMLResponse

from api.as_of import Now
from api.http.routing import Router
from api.portal.pages import PageRoute, page
from api.powers.routes import get_powers

router = Router(include_in_schema=False, route_class=PageRoute)


@router.get("/powers")
def powers(answering: Now) -> HTMLResponse:
    """Each role: what it may do, who holds it, how long its orders wait."""
    found = get_powers(answering)
    return page("powers.html", here="", as_of=found.as_of_block, powers=found)
