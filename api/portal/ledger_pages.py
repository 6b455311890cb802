"""``/``: the ledger for whoever opens it, and a page for each partner, agreement and deal."""

from dataclasses import replace
from typing import Annotated

from fastapi import Path
from fastapi.responses import HTMLResponse

from api.agreements.routes import get_agreement
from api.as_of import Now
from api.balances.routes import get_balances
from api.deals.queries import one
from api.deals.routes import get_deal
from api.drafts.wording import summarise
from api.http.routing import Router
from api.identifiers import IdOfAgreement, IdOfDeal
from api.paging import Page
from api.partners.account import AccountInPath
from api.partners.routes import get_partner, list_reviews
from api.payments.routes import list_debts
from api.payouts.routes import get_payouts
from api.portal.agreement_cards import agreement_cards
from api.portal.audit_banner import banner
from api.portal.bands import band_pictures, band_shares
from api.portal.deal_rows import conflict_rows, count_conflicts, deal_rows
from api.portal.held_days import held_picture
from api.portal.known_names import names_in
from api.portal.pages import PageRoute, page
from api.portal.partner_rows import partner_rows
from api.portal.payment_rows import payment_rows
from api.portal.payout_rows import payout_rows
from api.portal.possible_acts import deal_acts
from api.portal.timeline import timeline
from api.portal.totals import figures
from api.reputation.routes import get_reputation
from ledger.terms.agreement import Terms

router = Router(include_in_schema=False, route_class=PageRoute)

_FIRST = Page(limit=10, after=None, list_name="")
_CONFLICTS = 6
_Agreement = Annotated[IdOfAgreement, Path()]
_Deal = Annotated[IdOfDeal, Path()]


@router.get("/")
def ledger(answering: Now) -> HTMLResponse:
    """Partners, agreements, deals, payouts, and whether all of it agrees with the chain."""
    return page(
        "ledger.html",
        here="ledger",
        as_of=answering.as_of_block(),
        audit=banner(answering),
        figures=figures(answering),
        partners=partner_rows(answering, _FIRST),
        agreements=agreement_cards(answering, _FIRST),
        deals=deal_rows(answering, _FIRST),
        conflicts=conflict_rows(answering, replace(_FIRST, limit=_CONFLICTS))[0],
        contested=count_conflicts(answering.reading),
        payouts=payout_rows(answering, _FIRST),
    )


@router.get("/partners/{address}")
def partner(answering: Now, address: AccountInPath) -> HTMLResponse:
    """One partner: its score and what made it, its agreements, deals and money."""
    balances = get_balances(answering, address, _FIRST)
    pictures = [(each, held_picture(each.held_until, each.held_parts)) for each in balances.balances]
    return page(
        "partner.html",
        here="",
        as_of=answering.as_of_block(),
        detail=get_partner(answering, address),
        reputation=get_reputation(answering, address, _FIRST),
        balances=balances,
        held=[(line, picture) for line, picture in pictures if picture],
        payouts=get_payouts(answering, address, _FIRST),
        reviews=list_reviews(answering, address, _FIRST),
        agreements=agreement_cards(answering, _FIRST, party=address),
        deals=deal_rows(answering, _FIRST, account=address),
    )


@router.get("/agreements/{agreement}")
def agreement(answering: Now, agreement: _Agreement) -> HTMLResponse:
    """One agreement: its terms in words, and its books."""
    detail = get_agreement(answering, agreement)
    terms = Terms.from_json(detail.terms)
    names = names_in(answering.reading, terms)
    return page(
        "agreement.html",
        here="",
        as_of=answering.as_of_block(),
        detail=detail,
        terms=terms,
        summary=summarise(terms, names),
        bands=band_shares(terms, names),
        pictures=[band_pictures(book) for book in detail.books],
        held=[held_picture(book.held_until) for book in detail.books],
        payments=payment_rows(answering, agreement, _FIRST, terms),
        debts=list_debts(answering, agreement, _FIRST),
        deals=deal_rows(answering, _FIRST, agreement=agreement),
    )


@router.get("/deals/{deal}")
def deal(answering: Now, deal: _Deal) -> HTMLResponse:
    """One deal, its rivals, and who came first."""
    detail = get_deal(answering, deal)
    row = one(answering.reading, deal)
    return page(
        "deal.html",
        here="",
        as_of=answering.as_of_block(),
        detail=detail,
        acts=deal_acts(detail.deal),
        moments=timeline(answering, row) if row else [],
    )
