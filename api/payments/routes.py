"""``/v1/agreements/{agreement}/payments`` and ``/debts``."""

from typing import Annotated

from fastapi import Path, Query

from api.agreements import queries as agreements
from api.as_of import Answering, AsOfAsked
from api.http.routing import Router
from api.identifiers import EXAMPLE_ID, Address, IdOfAgreement, hexadecimal
from api.paging import AskedPage
from api.payers import wallets_of
from api.payments import queries
from api.payments.bodies import debt_bodies, payment_bodies
from api.payments.schemas import DebtList, PaymentList
from api.problem_schema import LISTS, READS_PAST, problems
from api.problems import ADDRESS_INVALID, AGREEMENT_UNKNOWN, ID_INVALID, Problem
from api.tagged_route import TaggedRoute
from ledger.terms.ids import AgreementId

router = Router(prefix="/v1/agreements", tags=["payments"], route_class=TaggedRoute)

_InPath = Annotated[IdOfAgreement, Path(description="The agreement's id.", examples=[EXAMPLE_ID])]
_PROBLEMS = problems(*READS_PAST, *LISTS, ID_INVALID, ADDRESS_INVALID, AGREEMENT_UNKNOWN)


@router.get("/{agreement}/payments", summary="List what was paid in under an agreement", responses=_PROBLEMS)
def list_payments(
    answering: AsOfAsked,
    agreement: _InPath,
    page: AskedPage,
    token: Annotated[Address | None, Query(description="Only in this token.")] = None,
    payer: Annotated[Address | None, Query(description="Only by this account, with whatever wallet.")] = None,
) -> PaymentList:
    """Each payment with where it is (held, released, disputed, refunded), the entry that caused that, and
    everything that became of it. The newest first.
    """
    reading = answering.reading
    _require(answering, agreement)
    payers = wallets_of(reading, payer) if payer is not None else None
    rows = queries.listed(reading, page, agreement, token, payers)
    shown = page.cut(rows)
    return PaymentList(
        as_of_block=answering.as_of_block(),
        payments=payment_bodies(reading, shown),
        next_cursor=page.next_cursor(rows, shown[-1].seq, shown[-1].position) if shown else None,
    )


@router.get("/{agreement}/debts", summary="List what an agreement owes payers", responses=_PROBLEMS)
def list_debts(answering: AsOfAsked, agreement: _InPath, page: AskedPage) -> DebtList:
    """Refunds after the hold: what is owed, what later revenue has served of it, and what was paid out."""
    _require(answering, agreement)
    rows = queries.debts(answering.reading, page, agreement)
    shown = page.cut(rows)
    return DebtList(
        as_of_block=answering.as_of_block(),
        debts=debt_bodies(answering.reading, shown),
        next_cursor=page.next_cursor(rows, shown[-1].seq) if shown else None,
    )


def _require(answering: Answering, agreement: AgreementId) -> None:
    """Raises ``Problem`` (404) when there is no such agreement."""
    if agreements.one(answering.reading, agreement) is None:
        raise Problem(
            AGREEMENT_UNKNOWN, f"No agreement {hexadecimal(agreement)} is in force.", field="agreement"
        )
