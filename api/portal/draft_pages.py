"""``/drafts``: composing an agreement, and the page on which its parties sign."""

import json
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api import stands_at
from api.drafts import queries
from api.drafts.amending import changes
from api.drafts.bodies import activation_transaction, as_of_block
from api.drafts.desk import Desk, OpenDesk, Reader
from api.drafts.fields import signed_fields
from api.drafts.parties import DraftState
from api.drafts.privacy import require_own
from api.drafts.reading import Reading, find, look
from api.drafts.wording import Names, summarise
from api.http.routing import Router
from api.identifiers import IdOfAgreement, hexadecimal
from api.portal.bands import band_shares
from api.portal.compose import OFFERED, offered_programmes, offered_tokens, registered_partners
from api.portal.network import wallet_network
from api.portal.pages import PageRoute, page
from api.problems import AGREEMENT_UNKNOWN, Problem
from api.stands_at import StandsAt
from ledger.people.identity import Identity
from ledger.terms.contracts import REVENUE

router = Router(prefix="/drafts", include_in_schema=False, route_class=PageRoute)


@router.get("/new")
def compose(desk: OpenDesk, amends: IdOfAgreement | None = None) -> HTMLResponse:
    """A form for terms; for those of an amendment it begins with what the agreement says now."""
    amended = None
    if amends is not None:
        amended = desk.registry.terms_of(amends)
        if amended is None:
            raise Problem(AGREEMENT_UNKNOWN, f"No agreement {hexadecimal(amends)} is in force.")
    partners = registered_partners(desk)
    return page(
        "compose.html",
        here="new",
        amends=None if amends is None else hexadecimal(amends),
        amended=None if amended is None else json.dumps(amended.to_json()),
        partners=partners,
        complete=len(partners) < OFFERED,
        tokens=offered_tokens(desk),
        programmes=offered_programmes(desk),
    )


@router.get("/{link}")
def signing_page(link: str, reader: Reader, desk: OpenDesk, request: Request) -> HTMLResponse:
    """The draft in words and in full, and what a party needs to sign it."""
    reading = _read(desk, link, reader)
    if reading.state is DraftState.ACTIVE:
        # Whoever has seen it in force here must find it among the agreements.
        deployment = desk.registry.deployment
        ledger = bytes.fromhex(deployment.address(REVENUE)[2:])
        stands_at.note(request, StandsAt(deployment.chain_id, ledger, reading.sight.block_number))
    names = _names(desk, reading)
    return page(
        "draft.html",
        here="",
        summary=summarise(reading.terms, names),
        fields=signed_fields(reading.terms, names),
        bands=band_shares(reading.terms, names),
        amends="0x" + reading.terms.predecessor.hex(),
        changes=None if reading.predecessor is None else changes(reading.predecessor, reading.terms, names),
        registry=desk.registry.address,
        network=wallet_network(desk.doors.settings, desk.registry.deployment.chain_id),
        document=reading.terms.uri if reading.terms.uri.startswith("https://") else None,
        as_of=as_of_block(desk, reading),
        **_status(desk, reading, names),
    )


@router.get("/{link}/status")
def status(link: str, reader: Reader, desk: OpenDesk) -> HTMLResponse:
    """The part of the page that changes while parties sign."""
    reading = _read(desk, link, reader)
    return page("draft_status.html", **_status(desk, reading, _names(desk, reading)))


def _read(desk: Desk, link: str, reader: Identity) -> Reading:
    draft = find(desk.session, desk.registry, link)
    require_own(desk.session, desk.registry, draft, reader)
    return look(desk.session, desk.registry, draft, desk.doors.head)


def _names(desk: Desk, reading: Reading) -> Names:
    return queries.names(desk.session, desk.registry, reading.terms, reading.predecessor)


def _status(desk: Desk, reading: Reading, names: Names) -> dict[str, Any]:
    active = reading.state is DraftState.ACTIVE
    transaction = activation_transaction(desk, reading) if active else None
    return {
        "link": reading.draft.link,
        "agreement": "0x" + reading.draft.agreement.hex(),
        "chain_id": desk.registry.deployment.chain_id,
        "state": reading.state.value,
        "parties": reading.parties,
        "signed": sum(party.done for party in reading.parties),
        "names": names.partners,
        "offered": reading.offered,
        "deadline": reading.deadline,
        "automatic": desk.activator is not None,
        "failure": reading.draft.failure,
        "failure_hint": reading.draft.failure_hint,
        "transaction": "0x" + transaction.hex() if transaction else None,
        "mirrored": active and queries.activation_entry(desk.session, reading.draft) is not None,
    }
