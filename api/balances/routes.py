"""``/v1/partners/{address}/balances``."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query

from api.agreements.schemas import HeldDay
from api.amounts import Amount, Tokens
from api.as_of import AsOfAsked
from api.balances.schemas import BalanceLine, Balances, BalanceTotal, PeriodLine
from api.http.routing import Router
from api.identifiers import Address, Id
from api.paging import AskedPage
from api.partner_names import Names
from api.partners.account import AccountInPath, require_known
from api.problem_schema import LISTS, READS_PAST, problems
from api.problems import ADDRESS_INVALID, PARTNER_UNKNOWN
from api.tagged_route import TaggedRoute
from ledger.accounting.balances import Balance, Total, balances_of, totals_of

router = Router(prefix="/v1/partners", tags=["payouts"], route_class=TaggedRoute)


@router.get(
    "/{address}/balances",
    summary="Show what a partner earned, claimed and can claim",
    responses=problems(*READS_PAST, *LISTS, ADDRESS_INVALID, PARTNER_UNKNOWN),
)
def get_balances(
    answering: AsOfAsked,
    address: AccountInPath,
    page: AskedPage,
    agreement: Annotated[Id | None, Query(description="Only this agreement.")] = None,
    token: Annotated[Address | None, Query(description="Only this token.")] = None,
) -> Balances:
    """By agreement and token, equal to the contract's ``claimableOf`` to the base unit. An agreement appears
    with every token that it accepts, paid in or not.
    """
    require_known(answering, address)
    reading = answering.reading
    balances = [
        each
        for each in balances_of(reading, address)
        if (agreement is None or each.agreement == agreement) and (token is None or each.token == token)
    ]
    # Totals need every book of the payee anyway: the page is cut from them here, by key.
    after = page.keys(2)
    rows = [each for each in balances if after is None or each.place > after][: page.probe]
    shown = page.cut(rows)
    tokens = Tokens.of(reading, {each.token for each in balances})
    return Balances(
        as_of_block=answering.as_of_block(),
        partner=Names.of(reading, [address]).named(address),
        totals=[_total(tokens, each) for each in totals_of(balances)],
        balances=[_line(tokens, each) for each in shown],
        next_cursor=page.next_cursor(rows, *shown[-1].place) if shown else None,
    )


def _total(tokens: Tokens, total: Total) -> BalanceTotal:
    return BalanceTotal(
        token=tokens.facts(total.token),
        earned=tokens.amount(total.token, total.earned),
        claimed=tokens.amount(total.token, total.claimed),
        claimable=tokens.amount(total.token, total.claimable),
    )


def _line(tokens: Tokens, balance: Balance) -> BalanceLine:
    def amount(units: int) -> Amount:
        return tokens.amount(balance.token, units)

    def days(amounts: Mapping[int, int]) -> list[HeldDay]:
        return [HeldDay(matures_at=day, amount=amount(units)) for day, units in sorted(amounts.items())]

    return BalanceLine(
        agreement=balance.agreement,
        token=tokens.facts(balance.token),
        weights=[str(weight) for weight in balance.weights],
        received=amount(balance.received),
        earned=amount(balance.earned),
        claimed=amount(balance.claimed),
        claimable=amount(balance.claimable),
        held=amount(balance.held),
        held_until=days(balance.held_until),
        held_parts=None if balance.held_parts is None else days(balance.held_parts),
        disputed=amount(balance.disputed),
        refunded=amount(balance.refunded),
        netted=amount(balance.netted),
        periods=[
            PeriodLine(
                period=each.period,
                earned=amount(each.earned),
                claimed=amount(each.claimed),
                claimable=amount(each.claimable),
            )
            for each in balance.periods
        ],
    )
