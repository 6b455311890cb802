"""``/v1/partners/{address}/payouts``."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.amounts import Tokens
from api.as_of import AsOfAsked
from api.entry_reference import EntryReference
from api.identifiers import Address, Id
from api.paging import AskedPage
from api.partner_names import Names
from api.partners.account import AccountInPath, require_known
from api.payouts.schemas import ClaimLine, PaymentLine, Payouts
from api.problem_schema import LISTS, READS_PAST, problems
from api.problems import ADDRESS_INVALID, ID_INVALID, PARTNER_UNKNOWN
from api.tagged_route import TaggedRoute
from ledger.accounting.payouts import Incoming, Line, Outgoing, payouts_of

router = APIRouter(prefix="/v1/partners", tags=["payouts"], route_class=TaggedRoute)


@router.get(
    "/{address}/payouts",
    summary="Show a partner's payout history",
    responses=problems(*READS_PAST, *LISTS, ADDRESS_INVALID, ID_INVALID, PARTNER_UNKNOWN),
)
def get_payouts(
    answering: AsOfAsked,
    address: AccountInPath,
    page: AskedPage,
    agreement: Annotated[Id | None, Query(description="Only this agreement.")] = None,
    token: Annotated[Address | None, Query(description="Only this token.")] = None,
) -> Payouts:
    """What came in under the partner's agreements, who paid it, against which invoice and from which deal,
    what each payment added to the partner's entitlement, and what was paid out to it. The newest line first.
    """
    require_known(answering, address)
    rows = payouts_of(
        answering.reading, address, page.probe, before=page.key(), agreement=agreement, token=token
    )
    shown = page.cut(rows)
    tokens = Tokens.of(answering.reading, {line.token for line in shown})
    payers = [line.payer for line in shown if isinstance(line, Incoming)]
    names = Names.of(answering.reading, [address, *payers])
    return Payouts(
        as_of_block=answering.as_of_block(),
        partner=names.named(address),
        lines=[_line(line, tokens, names) for line in shown],
        next_cursor=page.next_cursor(rows, shown[-1].seq) if shown else None,
    )


def _line(line: Line, tokens: Tokens, names: Names) -> PaymentLine | ClaimLine:
    if isinstance(line, Outgoing):
        return ClaimLine(
            at=line.at,
            agreement=line.agreement,
            token=tokens.facts(line.token),
            amount=tokens.amount(line.token, line.amount),
            recipient=line.recipient,
            entry=EntryReference(contract="RevenueLedger", seq=line.seq),
        )
    return PaymentLine(
        at=line.at,
        agreement=line.agreement,
        token=tokens.facts(line.token),
        payer=names.named(line.payer),
        invoice_ref=line.invoice_ref,
        deal=line.deal,
        amount=tokens.amount(line.token, line.amount),
        matures_at=line.matures_at,
        earned=tokens.amount(line.token, line.earned),
        entitlement=tokens.amount(line.token, line.entitlement),
        entry=EntryReference(contract="RevenueLedger", seq=line.seq),
    )
