"""``/v1/partners/{address}/payouts``."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query

from api.amounts import Tokens
from api.as_of import AsOfAsked
from api.entry_reference import EntryReference
from api.http.routing import Router
from api.identifiers import Address, IdOfAgreement
from api.paging import AskedPage, Page
from api.partner_names import Names
from api.partners.account import AccountInPath, require_known
from api.payers import accounts_of
from api.payouts.schemas import (
    ClaimLine,
    NettedLine,
    PaymentLine,
    Payouts,
    ReasonBody,
    ReleaseLine,
    SetAsideLine,
)
from api.problem_schema import LISTS, READS_PAST, problems
from api.problems import ADDRESS_INVALID, ID_INVALID, PARTNER_UNKNOWN
from api.tagged_route import TaggedRoute
from ledger.accounting.payouts import Incoming, Kept, Line, Netted, Outgoing, Release, payouts_of, place_of
from ledger.read.movements import Place
from ledger.rules.payment import Reason
from ledger.terms.contracts import REVENUE
from ledger.terms.reasons import reason_text

LineBody = PaymentLine | ReleaseLine | NettedLine | ClaimLine | SetAsideLine

router = Router(prefix="/v1/partners", tags=["payouts"], route_class=TaggedRoute)


@router.get(
    "/{address}/payouts",
    summary="Show a partner's payout history",
    responses=problems(*READS_PAST, *LISTS, ADDRESS_INVALID, ID_INVALID, PARTNER_UNKNOWN),
)
def get_payouts(
    answering: AsOfAsked,
    address: AccountInPath,
    page: AskedPage,
    agreement: Annotated[IdOfAgreement | None, Query(description="Only this agreement.")] = None,
    token: Annotated[Address | None, Query(description="Only this token.")] = None,
) -> Payouts:
    """What came in under the partner's agreements, who paid it, against which invoice and from which deal,
    what was released of it or served debts, what that did to the partner's entitlement, why anything is held
    back, and what was paid out, or set aside as the partner could not be paid with the others. The newest
    line first.
    """
    require_known(answering, address)
    rows = payouts_of(
        answering.reading, address, page.probe, before=_place(page), agreement=agreement, token=token
    )
    shown = page.cut(rows)
    tokens = Tokens.of(answering.reading, {line.token for line in shown})
    payers = accounts_of(answering.reading, {line.payer for line in shown if isinstance(line, Incoming)})
    names = Names.of(answering.reading, [address, *payers.values()])
    return Payouts(
        as_of_block=answering.as_of_block(),
        partner=names.named(address),
        lines=[_line(line, payers, tokens, names) for line in shown],
        next_cursor=page.next_cursor(rows, *place_of(shown[-1])) if shown else None,
    )


def _place(page: Page) -> Place | None:
    keys = page.keys(2)
    return None if keys is None else (keys[0], keys[1])


def _line(line: Line, payers: Mapping[bytes, bytes], tokens: Tokens, names: Names) -> LineBody:
    common: dict[str, Any] = {
        "at": line.at,
        "agreement": line.agreement,
        "token": tokens.facts(line.token),
        "amount": tokens.amount(line.token, line.amount),
        "period": line.period,
        "entry": _entry(line.seq),
    }
    if isinstance(line, Outgoing):
        return ClaimLine(recipient=line.recipient, together=line.together, **common)
    if isinstance(line, Kept):
        return SetAsideLine(**common)
    common["earned"] = tokens.amount(line.token, line.earned)
    common["entitlement"] = tokens.amount(line.token, line.entitlement)
    if isinstance(line, Netted):
        return NettedLine(debtor=line.debtor, **common)
    if isinstance(line, Release):
        return ReleaseLine(matures_at=line.matures_at, ruled=line.ruled, **common)
    return PaymentLine(
        payer=names.named(payers[line.payer]),
        invoice_ref=line.invoice_ref,
        deal=line.deal,
        matures_at=line.matures_at,
        reasons=[_reason(each, line.token, tokens) for each in line.reasons],
        **common,
    )


def _reason(reason: Reason, token: bytes, tokens: Tokens) -> ReasonBody:
    return ReasonBody(
        code=reason.code,
        amount=tokens.amount(token, reason.amount),
        said=(reason_text(reason.said) or None) if reason.said is not None else None,
        until=reason.until,
        entry=_entry(reason.seq),
    )


def _entry(seq: int) -> EntryReference:
    return EntryReference(contract=REVENUE, seq=seq)
