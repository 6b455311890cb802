"""Lists of one kind of thing, a page of rows at a time: the ledger's, or a partner's or agreement's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Path, Response

from api.as_of import Answering, Now
from api.http.routing import Router
from api.identifiers import IdOfAgreement, checksummed, hexadecimal
from api.partner_names import Names
from api.partners.account import AccountInPath, require_known
from api.partners.routes import list_reviews
from api.payments.routes import list_debts
from api.payouts.routes import get_payouts
from api.portal.agreement_cards import agreement_cards
from api.portal.csv_rows import csv_of
from api.portal.deal_rows import conflict_rows, deal_rows
from api.portal.pages import PageRoute, page
from api.portal.partner_rows import partner_rows
from api.portal.payment_rows import payment_rows
from api.portal.payout_rows import payout_rows
from api.portal.turning import Asked
from api.reputation.routes import get_reputation
from ledger.rules.deal_status import Status
from ledger.terms.ids import AgreementId

Verified = Literal["", "true", "false"]
router = Router(include_in_schema=False, route_class=PageRoute)

_Agreement = Annotated[IdOfAgreement, Path()]


@dataclass(frozen=True)
class Crumb:
    """A page above this one."""

    label: str
    href: str


@dataclass(frozen=True)
class Filter:
    """Which rows are shown: all, or those of one of the ``values``."""

    name: str
    label: str
    values: list[tuple[str, str]]
    chosen: str


@router.get("/partners")
def partners(answering: Now, asked: Asked, verified: Verified = "") -> Response:
    """All partners, or those who are verified, or are not."""
    only = {"": None, "true": True, "false": False}[verified]
    shown = Filter("verified", "Verified", [("true", "yes"), ("false", "no")], verified)
    rows = partner_rows(answering, asked.page, only)
    return _list(answering, asked, "Partners", "partners", *rows, filtered=shown)


@router.get("/agreements")
def agreements(answering: Now, asked: Asked) -> Response:
    """All agreements."""
    return _list(answering, asked, "Agreements", "agreements", *agreement_cards(answering, asked.page))


@router.get("/deals")
def deals(answering: Now, asked: Asked, status: Status | Literal[""] = "") -> Response:
    """All deals, or those of one status."""
    shown = Filter("status", "Status", [(each, each) for each in Status], status)
    rows = deal_rows(answering, asked.page, status=Status(status) if status else None)
    return _list(answering, asked, "Deals", "deals", *rows, filtered=shown)


@router.get("/conflicts")
def conflicts(answering: Now, asked: Asked) -> Response:
    """All customers that several partners registered."""
    return _list(answering, asked, "Conflicts", "conflicts", *conflict_rows(answering, asked.page))


@router.get("/payouts")
def payouts(answering: Now, asked: Asked) -> Response:
    """All payees."""
    return _list(answering, asked, "Payouts", "payouts", *payout_rows(answering, asked.page))


@router.get("/partners/{address}/agreements")
def agreements_of(answering: Now, address: AccountInPath, asked: Asked) -> Response:
    """Agreements that a partner signed."""
    rows = agreement_cards(answering, asked.page, party=address)
    return _list(answering, asked, "Agreements it signed", "agreements", *rows, above=_of(answering, address))


@router.get("/partners/{address}/deals")
def deals_of(answering: Now, address: AccountInPath, asked: Asked) -> Response:
    """Deals that a partner brought."""
    rows = deal_rows(answering, asked.page, account=address)
    return _list(answering, asked, "Deals it brought", "deals", *rows, above=_of(answering, address))


@router.get("/partners/{address}/money")
def money_of(answering: Now, address: AccountInPath, asked: Asked) -> Response:
    """A payee's history, line by line."""
    found = get_payouts(answering, address, asked.page)
    above = _of(answering, address)
    return _list(answering, asked, "Money", "money", found.lines, found.next_cursor, above=above)


@router.get("/partners/{address}/reviews")
def reviews_of(answering: Now, address: AccountInPath, asked: Asked) -> Response:
    """Reviews that a partner received."""
    found = list_reviews(answering, address, asked.page)
    above = _of(answering, address)
    return _list(answering, asked, "Reviews", "reviews", found.reviews, found.next_cursor, above=above)


@router.get("/partners/{address}/score")
def score_of(answering: Now, address: AccountInPath, asked: Asked) -> Response:
    """Every event that speaks for or against a partner."""
    found = get_reputation(answering, address, asked.page)
    title = f"What made the score of {found.score}"
    above = _of(answering, address)
    return _list(answering, asked, title, "events", found.events, found.next_cursor, above=above)


@router.get("/agreements/{agreement}/payments")
def payments_under(answering: Now, agreement: _Agreement, asked: Asked) -> Response:
    """Everything that was paid in under an agreement."""
    rows = payment_rows(answering, agreement, asked.page)
    return _list(answering, asked, "Payments under it", "payments", *rows, above=_under(agreement))


@router.get("/agreements/{agreement}/debts")
def debts_of(answering: Now, agreement: _Agreement, asked: Asked) -> Response:
    """What an agreement owes payers."""
    found = list_debts(answering, agreement, asked.page)
    above = _under(agreement)
    return _list(answering, asked, "Owed to payers", "debts", found.debts, found.next_cursor, above=above)


@router.get("/agreements/{agreement}/deals")
def deals_under(answering: Now, agreement: _Agreement, asked: Asked) -> Response:
    """Deals under an agreement."""
    rows = deal_rows(answering, asked.page, agreement=agreement)
    return _list(answering, asked, "Deals under it", "deals", *rows, above=_under(agreement))


def _of(answering: Answering, account: bytes) -> list[Crumb]:
    require_known(answering, account)
    address = checksummed(account)
    name = Names.of(answering.reading, [account]).named(account).name or f"{address[:6]}…{address[-4:]}"
    return [Crumb("Partners", "/partners"), Crumb(name, f"/partners/{address}")]


def _under(agreement: AgreementId) -> list[Crumb]:
    of = hexadecimal(agreement)
    return [Crumb("Agreements", "/agreements"), Crumb(f"Agreement {of[:6]}…{of[-4:]}", f"/agreements/{of}")]


def _list(
    answering: Answering,
    asked: Asked,
    title: str,
    kind: str,
    rows: Sequence[object],
    cursor: str | None,
    *,
    above: Sequence[Crumb] = (),
    filtered: Filter | None = None,
) -> Response:
    if asked.as_csv:
        return csv_of(rows, kind)
    return page(
        "list.html",
        here="",
        as_of=answering.as_of_block(),
        title=title,
        kind=kind,
        rows=rows,
        above=[Crumb("Ledger", "/"), *above],
        turning=asked.turning(cursor),
        filtered=filtered,
        csv=asked.csv if rows else None,
    )
