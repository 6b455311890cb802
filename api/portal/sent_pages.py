"""``/sent``: what an account had the relayer send, and what became of each."""

import time
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse

from api.as_of import Answering, Now
from api.balances.routes import get_balances
from api.balances.schemas import BalanceTotal
from api.http.routing import Router
from api.paging import Page
from api.portal import sent_rows
from api.portal.pages import PageRoute, page
from api.relays.routes import get_relay
from api.relays.schemas import RelayBody, RelayState
from api.session import OpenSession
from api.visitor import Visitor
from ledger.actions import ACTIONS
from ledger.people.identity import Identity
from ledger.read.accounts import is_known
from ledger.terms.contracts import REVENUE

router = Router(prefix="/sent", include_in_schema=False, route_class=PageRoute)
_LONG_SECONDS = 20
_FIRST = Page(limit=1, after=None, list_name="")


@router.get("")
def sent(who: Visitor, session: OpenSession) -> HTMLResponse:
    """The newest."""
    return page("sent_list.html", here="", relays=sent_rows.newest(session, who))


@router.get("/{id}")
def one(id: str, who: Visitor, session: OpenSession, answering: Now) -> HTMLResponse:
    """One, with the transaction, then the entries that it made."""
    return page("sent.html", here="", **_status(_relay(id, who, session), who, answering))


@router.get("/{id}/status")
def status(id: str, who: Visitor, session: OpenSession, answering: Now) -> HTMLResponse:
    """The part of the page that changes meanwhile."""
    return page("sent_status.html", **_status(_relay(id, who, session), who, answering))


def _relay(id: str, who: Identity, session: OpenSession) -> RelayBody:
    return get_relay(id, who, session, Response())


def _status(relay: RelayBody, who: Identity, answering: Answering) -> dict[str, Any]:
    shown = bool(relay.entries) and answering.reading.as_of.number >= (relay.block_number or 0)
    is_money = ACTIONS[relay.action].contract == REVENUE if relay.action in ACTIONS else False
    failed = relay.state is RelayState.FAILED
    waited = int(time.time()) - relay.asked_at
    return {
        "relay": relay,
        "done": relay.final and (failed or shown),
        "waits_long": waited > _LONG_SECONDS,
        "contracts": _contracts(answering) if shown else {},
        "entries": relay.entries if shown else [],
        "balances": _balances(who, answering) if shown and is_money else None,
    }


def _contracts(answering: Answering) -> dict[bytes, str]:
    return {address: name for name, address in answering.reading.contracts.items()}


def _balances(who: Identity, answering: Answering) -> list[BalanceTotal] | None:
    """What the account can withdraw now; None where no entry names it."""
    if not is_known(answering.reading, who.account):
        return None
    return get_balances(answering, who.account, _FIRST).totals
