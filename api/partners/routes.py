"""``/v1/partners``: who they are."""

from typing import Annotated

from fastapi import Query, Response

from api.as_of import Now
from api.deals.bodies import review
from api.entry_reference import EntryReference
from api.http.routing import Router
from api.paging import AskedPage
from api.partner_names import Names
from api.partners import keys, queries
from api.partners.account import AccountInPath, require_known
from api.partners.bodies import summary
from api.partners.schemas import (
    Involvement,
    OwnedProgramme,
    PartnerDetail,
    PartnerList,
    PartnerSummary,
    ReviewList,
    ReviewsReceived,
)
from api.problem_schema import LISTS, READS, problems
from api.problems import ADDRESS_INVALID, PARTNER_UNKNOWN
from api.tagged_route import TaggedRoute
from ledger.read.asking import ask
from ledger.read.partners import ACCOUNT, listed
from ledger.terms.contracts import AGREEMENTS

router = Router(prefix="/v1/partners", tags=["partners"], route_class=TaggedRoute)


@router.get(
    "",
    summary="List the registered partners",
    response_model=PartnerList,
    responses=problems(*READS, *LISTS),
)
def list_partners(
    answering: Now,
    page: AskedPage,
    verified: Annotated[
        bool | None, Query(description="Only those with (true) or without (false) a valid attestation.")
    ] = None,
) -> Response:
    """In the order of their registration. Payees need not register: those who did not are not listed."""
    question, given = listed(page.probe, page.key(), verified)
    found = answering.ask_once(question, **given)
    shown = page.cut(found.rows)
    return found.json(
        partners=[summary(row, found.as_of_block.timestamp) for row in shown],
        next_cursor=page.next_cursor(found.rows, shown[-1].seq) if shown else None,
    )


@router.get(
    "/{address}",
    summary="Show a partner",
    responses=problems(*READS, ADDRESS_INVALID, PARTNER_UNKNOWN),
)
def get_partner(answering: Now, address: AccountInPath) -> PartnerDetail:
    """Also accounts that did not register, once an entry of a journal names them."""
    require_known(answering, address)
    reading = answering.reading
    (row,) = ask(reading, ACCOUNT, account=address)
    changes = keys.wallet_changes(reading, address)
    ratings = queries.ratings(reading, address)
    return PartnerDetail(
        as_of_block=answering.as_of_block(),
        partner=PartnerSummary.model_validate(summary(row, reading.as_of.timestamp)),
        wallet=changes[-1].wallet if changes else address,
        owner=keys.owner(reading, address, changes),
        wallets=keys.spans(address, changes),
        recovery=keys.recovery(reading, address),
        reviews=ReviewsReceived(
            count=sum(ratings.values()),
            ratings={str(rating): ratings.get(rating, 0) for rating in range(1, 6)},
        ),
        programmes=[
            OwnedProgramme(
                programme=row.programme,
                name=row.name,
                created_at=row.created_at,
                entry=EntryReference(contract=AGREEMENTS, seq=row.seq),
            )
            for row in queries.programmes(reading, address)
        ],
        involvement=Involvement(**queries.involvement(reading, address)),
    )


@router.get(
    "/{address}/reviews",
    summary="List the reviews that a partner received",
    responses=problems(*READS, *LISTS, ADDRESS_INVALID, PARTNER_UNKNOWN),
)
def list_reviews(answering: Now, address: AccountInPath, page: AskedPage) -> ReviewList:
    """What the other sides of its won deals said of it. Whether a review counts for the score, its deal
    settled, is for the reputation to say.
    """
    require_known(answering, address)
    rows = queries.reviews(answering.reading, page, address)
    shown = page.cut(rows)
    names = Names.of(answering.reading, [address, *(row.reviewer for row in shown)])
    return ReviewList(
        as_of_block=answering.as_of_block(),
        partner=names.named(address),
        reviews=[review(row, names) for row in shown],
        next_cursor=page.next_cursor(rows, shown[-1].seq) if shown else None,
    )
