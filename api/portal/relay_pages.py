"""``/relay``: how the relayer is doing, for whoever runs it. Whose actions they are, it does not show."""

import time

from fastapi.responses import HTMLResponse

from api.http.routing import Router
from api.portal.pages import PageRoute, page
from api.session import OpenDoors, OpenSession
from ledger.accounting.tokens import TokenNote
from ledger.relay.status import status_of

router = Router(include_in_schema=False, route_class=PageRoute)


@router.get("/relay")
def relay(doors: OpenDoors, session: OpenSession) -> HTMLResponse:
    """Its keys, what they have left, and what waits."""
    settings, now = doors.settings, int(time.time())
    coin = TokenNote(b"", settings.currency_symbol, settings.currency_decimals)
    found = status_of(session, now)
    balances = {
        each.sender: None if each.balance is None else coin.display(each.balance) for each in found.lanes
    }
    waited = None if found.oldest_at is None else now - found.oldest_at
    most = settings.relay_gas_per_day
    return page("relay.html", here="", found=found, balances=balances, waited=waited, most=most)
