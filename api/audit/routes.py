"""``/v1/audit``."""

from typing import Annotated

from fastapi import Query

from api.amounts import Tokens
from api.as_of import Answering, Now
from api.audit.schemas import (
    Agreement,
    Audit,
    FirstDifference,
    JournalAudit,
    JournalHead,
    LastFullAudit,
    MoneyAudit,
    PlacesAudit,
    PowersAudit,
    TokenAudit,
    UnverifiedBlocks,
)
from api.http.routing import Router
from api.identifiers import parse_address
from api.problem_schema import READS, problems
from api.problems import MIRROR_STALE, NODE_UNAVAILABLE, Problem
from api.tagged_route import TaggedRoute
from ledger.accounting.mirrored import MirroredRows
from ledger.audit.journals import JournalVerdict
from ledger.audit.places import PlacesVerdict
from ledger.audit.slots import BlockGone
from ledger.audit.verdict import TokenVerdict, Verdict, audit
from ledger.store.reading import Reading
from ledger.store.tables import FullAudit
from ledger.terms.deployment import Deployment

router = Router(prefix="/v1/audit", tags=["audit"], route_class=TaggedRoute)

NEWEST_BLOCKS = 2_000
"""Of how many blocks with entries the receipts are read, when all entries are asked for."""
NEWEST_ENTRIES = 2_000
"""How many entries of each journal are recomputed when not all are asked for."""

QUICK_SECONDS = 10.0
"""How long the node is given then, all together."""


@router.get(
    "",
    summary="Compare the mirror with the chain",
    responses=problems(*READS, NODE_UNAVAILABLE, MIRROR_STALE),
)
def get_audit(
    answering: Now,
    full: Annotated[
        bool,
        Query(
            description="Recompute every entry, and make the books anew from the entries alone. Takes longer."
        ),
    ] = False,
) -> Audit:
    """Reads each contract's journal slot from the node at the mirror's newest block and compares it with
    the mirror, whose newest entries are recomputed; checks that every book conserves what it received,
    and that the ledger holds what it owes. Names the first difference.
    """
    reading = answering.reading
    try:
        found = audit(
            MirroredRows(reading),
            answering.doors.node() if full else answering.doors.node().within(QUICK_SECONDS),
            Deployment.from_json(reading.file),
            reading.as_of.number,
            reading.as_of.hash,
            last=None if full else NEWEST_ENTRIES,
            newest_blocks=NEWEST_BLOCKS if full else 0,
        )
    except BlockGone as error:
        raise Problem(MIRROR_STALE, error.what, hint=error.hint) from error
    return _body(answering, found)


def _body(answering: Answering, found: Verdict) -> Audit:
    tokens = Tokens.of(answering.reading, [parse_address(each.token) for each in found.tokens])
    return Audit(
        as_of_block=answering.as_of_block(),
        verdict=Agreement.UNVERIFIED if found.agrees and not found.is_verified else _verdict(found.agrees),
        first_difference=found.first_difference,
        journals=[_journal(each) for each in found.journals],
        money=MoneyAudit(
            verdict=_verdict(found.money.conserved),
            books=found.money.books,
            replayed=found.money.replayed,
            violation=found.money.violation,
            unlike=found.money.unlike,
        ),
        powers=PowersAudit(
            verdict=_verdict(found.powers.difference is None),
            changes=found.powers.changes,
            difference=found.powers.difference,
            proved=found.powers.proved,
            unproved=found.powers.unproved,
        ),
        places=None if found.places is None else _places(found.places),
        last_full=_last_full(answering.reading),
        tokens=[_token(each, tokens) for each in found.tokens],
    )


def _places(found: PlacesVerdict) -> PlacesAudit:
    unverified = [
        UnverifiedBlocks(why=each.why, blocks=each.blocks, entries=each.entries, first_block=each.first)
        for each in found.unverified
    ]
    return PlacesAudit(
        blocks=found.blocks,
        first_block=found.first,
        last_block=found.last,
        entries=found.entries,
        unverified=unverified,
    )


def _last_full(reading: Reading) -> LastFullAudit | None:
    found = reading.session.get(FullAudit, (reading.chain_id, reading.ledger))
    if found is None or found.block_number > reading.as_of.number:
        return None
    return LastFullAudit(
        block_number=found.block_number,
        block_hash=found.block_hash,
        made_at=found.made_at,
        verdict=Agreement(found.verdict),
        first_difference=found.first_difference,
        entries=found.entries,
        unverified_entries=found.unverified_entries,
    )


def _verdict(agrees: bool) -> Agreement:
    return Agreement.MATCH if agrees else Agreement.DIFFERENCE


def _journal(found: JournalVerdict) -> JournalAudit:
    difference = found.difference
    return JournalAudit(
        contract=found.contract,
        address=parse_address(found.address),
        verdict=_verdict(found.matches),
        mirror=JournalHead(seq=found.seq, head=found.head),
        chain=JournalHead(seq=found.chain_seq, head=found.chain_head),
        recomputed_after=found.recomputed_after,
        first_difference=None
        if difference is None
        else FirstDifference(seq=difference.seq, why=difference.why),
    )


def _token(found: TokenVerdict, tokens: Tokens) -> TokenAudit:
    token = parse_address(found.token)
    return TokenAudit(
        token=tokens.facts(token),
        owed=tokens.amount(token, found.owed),
        held=None if found.held is None else tokens.amount(token, found.held),
        covered=found.covered,
    )
