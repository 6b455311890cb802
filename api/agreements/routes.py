"""``/v1/agreements``."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query

from api.agreements import queries
from api.agreements.bodies import book_body
from api.agreements.lines import Fate, conditions, line_of, open_ended
from api.agreements.pending import PendingEnds
from api.agreements.schemas import (
    AgreementDetail,
    AgreementList,
    AgreementSummary,
    ProgrammeReference,
)
from api.amounts import Tokens
from api.as_of import AsOfAsked, Now
from api.entry_reference import EntryReference
from api.http.routing import Router
from api.identifiers import EXAMPLE_ID, Address, IdOfAgreement, IdOfProgramme, hexadecimal
from api.paging import AskedPage
from api.partner_names import Names
from api.problem_schema import LISTS, READS, READS_PAST, problems
from api.problems import ADDRESS_INVALID, AGREEMENT_UNKNOWN, ID_INVALID, Problem
from api.tagged_route import TaggedRoute
from ledger.accounting.books import books
from ledger.accounting.holds import held_by_day
from ledger.store.reading import Reading
from ledger.store.tables import Agreement
from ledger.terms.contracts import AGREEMENTS

router = Router(prefix="/v1/agreements", tags=["agreements"], route_class=TaggedRoute)


@router.get(
    "", summary="List the agreements", responses=problems(*READS, *LISTS, ADDRESS_INVALID, ID_INVALID)
)
def list_agreements(
    answering: Now,
    page: AskedPage,
    party: Annotated[Address | None, Query(description="Only those that this account signed.")] = None,
    payee: Annotated[Address | None, Query(description="Only those that pay this account.")] = None,
    programme: Annotated[IdOfProgramme | None, Query(description="Only those under this programme.")] = None,
) -> AgreementList:
    """Those that every party signed, the newest first; also those that have ended."""
    rows = queries.listed(answering.reading, page, party, payee, programme)
    shown = page.cut(rows)
    return AgreementList(
        as_of_block=answering.as_of_block(),
        agreements=_summaries(answering.reading, shown),
        next_cursor=page.next_cursor(rows, shown[-1].seq) if shown else None,
    )


@router.get(
    "/{agreement}",
    summary="Show an agreement, its terms and its books",
    responses=problems(*READS_PAST, ID_INVALID, AGREEMENT_UNKNOWN),
)
def get_agreement(
    answering: AsOfAsked,
    agreement: Annotated[IdOfAgreement, Path(description="The agreement's id.", examples=[EXAMPLE_ID])],
) -> AgreementDetail:
    """The terms exactly as they were signed, what amended or ended them, and for each token what came in,
    what each payee earned and claimed, what is held, disputed or owed, and whether it all adds up.
    """
    reading = answering.reading
    row = queries.one(reading, agreement)
    if row is None:
        raise Problem(
            AGREEMENT_UNKNOWN, f"No agreement {hexadecimal(agreement)} is in force.", field="agreement"
        )
    kept = books(reading, [agreement])
    terms = queries.terms(reading, row)
    fate = Fate.of(reading, [agreement])
    endings = fate.endings.get(agreement, ())
    payees = [bytes.fromhex(payee.account[2:]) for payee in terms.payees]
    parties = [bytes.fromhex(party[2:]) for party in terms.parties]
    pending = PendingEnds.of(reading, agreement, parties, fate.ends_at(row))
    names = Names.of(reading, [*payees, *parties, row.arbiter, *(each.by_account for each in endings)])
    tokens = Tokens.of(reading, {each.token for each in kept})
    held, now = held_by_day(reading, [agreement]), reading.as_of.timestamp
    return AgreementDetail(
        as_of_block=answering.as_of_block(),
        agreement=_summaries(reading, [row])[0],
        versions=line_of(reading, row),
        endings=fate.ending_bodies(agreement, names),
        pending_ends=pending.bodies(parties, names),
        conditions=conditions(terms, names),
        terms=terms.to_json(),
        books=[
            book_body(each, terms, held.get((agreement, each.token), {}), now, tokens, names) for each in kept
        ],
    )


def _summaries(reading: Reading, rows: Sequence[Agreement]) -> list[AgreementSummary]:
    ids = [row.agreement for row in rows]
    parties, accepted = queries.parties(reading, ids), queries.tokens(reading, ids)
    payees = queries.payee_counts(reading, ids)
    programmes = queries.programmes(reading, {row.programme for row in rows})
    owners = [each.owner for each in programmes.values()]
    names = Names.of(reading, [*owners, *(account for each in parties.values() for account in each)])
    tokens = Tokens.of(reading, {token for each in accepted.values() for token in each})
    fate = Fate.of(reading, ids)
    return [
        AgreementSummary(
            agreement=row.agreement,
            status=fate.status(row, reading.as_of.timestamp),
            programme=ProgrammeReference(
                programme=row.programme,
                name=programmes[row.programme].name,
                owner=names.named(programmes[row.programme].owner),
            )
            if row.programme in programmes
            else None,
            parties=[names.named(account) for account in parties[row.agreement]],
            payees=payees[row.agreement],
            tokens=[tokens.facts(token) for token in accepted[row.agreement]],
            activated_at=row.activated_at,
            valid_from=row.valid_from,
            valid_until=open_ended(row.valid_until),
            ends_at=open_ended(fate.ends_at(row)),
            predecessor=row.predecessor if any(row.predecessor) else None,
            successor=fate.successor(row.agreement),
            entry=EntryReference(contract=AGREEMENTS, seq=row.seq),
        )
        for row in rows
    ]
