"""``/act``: everything that people do on the ledger, each act with a form, what it would do in words, and the
button by which a wallet signs it. What the form and the words are, the declarations say.
"""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Query, Response
from fastapi.responses import HTMLResponse

from api.actions.facts import ServerFacts
from api.actions.routes import prepare_action
from api.actions.schemas import ActionBody, ActionRequest
from api.drafts.desk import Desk, OpenDesk
from api.http.routing import Router
from api.identifiers import checksummed
from api.portal.act_fields import LONGEST, FieldInvalid, in_json, inputs, is_whole
from api.portal.network import wallet_network
from api.portal.pages import PageRoute, page
from api.portal.sent_rows import asked_lately
from api.problems import Problem
from api.relays.routes import RIGHTS, require_here
from api.visitor import Visitor, require
from ledger.actions import ACTIONS, Action, Role
from ledger.chain.checked_entries import BlockId
from ledger.chain.node import NodeFailed
from ledger.errors import LedgerError
from ledger.people.access import Right
from ledger.people.identity import Identity
from ledger.terms.contracts import AGREEMENTS, DEALS, PARTNERS, REVENUE

router = Router(prefix="/act", include_in_schema=False, route_class=PageRoute)

OFFERED = {name: each for name, each in ACTIONS.items() if each.by is not Role.CONSORTIUM}
"""What the consortium does, it does by way of its access manager."""
_ABOUT = {
    PARTNERS: "Your account",
    AGREEMENTS: "Agreements and programmes",
    DEALS: "Deals",
    REVENUE: "Money",
}


@router.get("")
def overview() -> HTMLResponse:
    """All of it, by what it is about."""
    groups = [
        (title, [each for each in OFFERED.values() if each.contract == contract])
        for contract, title in _ABOUT.items()
    ]
    return page("acts.html", here="", groups=groups)


def _endpoint(action: Action) -> Callable[..., HTMLResponse]:
    def act(who: Identity, desk: Desk, response: Response, **typed: str | None) -> HTMLResponse:
        require_here(who, desk)
        given = {name: text for name, text in typed.items() if text is not None and text.strip()}
        if action.by is not Role.NEW_KEY and not action.is_anyones:
            given.setdefault(action.actor, checksummed(who.account))
        return _page(action, who, desk, response, given)

    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind)
        for name, kind in (
            ("who", Annotated[Identity, Depends(_may(RIGHTS[action.contract]))]),
            ("desk", OpenDesk),
            ("response", Response),
        )
    ]
    parameters += [
        inspect.Parameter(
            each.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[str | None, Query(max_length=LONGEST)],
        )
        for each in action.fields
    ]
    act.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by FastAPI
    act.__name__ = f"act_{action.name}"
    return act


def _may(right: Right) -> Callable[[Identity], Identity]:
    def check(found: Visitor) -> Identity:
        require(found, right)
        return found

    return check


def _page(
    action: Action, who: Identity, desk: Desk, response: Response, given: dict[str, str]
) -> HTMLResponse:
    prepared: ActionBody | None = None
    error: LedgerError | None = None
    fields: dict[str, Any] = {}
    if is_whole(action, given):
        try:
            newest = BlockId.newest(desk.registry.node)
            fields = in_json(action, given, desk, ServerFacts(desk, newest))
            prepared = prepare_action(action.name, ActionRequest(fields=fields), desk, response)
        except NodeFailed:
            raise
        except LedgerError as wrong:
            error = _of_a_field(wrong)
    form = inputs(action, given, error if isinstance(error, FieldInvalid) else None)
    settings, chain_id = desk.doors.settings, desk.registry.deployment.chain_id
    own = prepared is None or prepared.actor in (None, checksummed(who.account))
    return page(
        "act.html",
        here="",
        title=action.name.replace("_", " ").capitalize(),
        action=action,
        inputs=form,
        error=None if error is None or any(each.error for each in form) else error,
        prepared=prepared,
        mode=None if prepared is None else _mode(action, prepared),
        own=own,
        account=checksummed(who.account),
        fields=fields,
        chain_id=chain_id,
        network=wallet_network(settings, chain_id),
        before=[] if prepared is None else asked_lately(desk.session, who, prepared.sentence),
    )


def _mode(action: Action, prepared: ActionBody) -> str:
    """``signed``: a wallet signs, the relayer sends; ``consent``: a wallet signs, and another act brings it
    along; ``anyone``: the relayer sends; ``own``: the wallet sends it itself, and pays for it.
    """
    if prepared.typed_data is not None:
        return "consent" if action.carried_by else "signed"
    if prepared.transaction is not None and prepared.transaction.sender is None:
        return "anyone"
    return "own"


def _of_a_field(error: LedgerError) -> LedgerError:
    """A problem with a field, as that field's."""
    if isinstance(error, Problem) and error.field and error.field.startswith("fields."):
        name = error.field.removeprefix("fields.").partition(".")[0].partition("[")[0]
        return FieldInvalid(name, error.what)
    return error


for _each in OFFERED.values():
    router.add_api_route(f"/{_each.name}", _endpoint(_each), methods=["GET"])
