"""A draft is its parties', those that an amendment leaves behind included, and of who made it."""

from sqlalchemy.orm import Session

from api.drafts.amending import leaving, predecessor_of
from api.drafts.problems import DRAFT_PRIVATE
from api.drafts.queries import raw
from api.identifiers import checksummed
from api.problems import Problem
from ledger.chain.agreements import Registry
from ledger.people.identity import Identity
from ledger.store.tables import Draft
from ledger.terms.agreement import Terms
from ledger.terms.contracts import PARTNERS


def require_own(session: Session, registry: Registry, draft: Draft, reader: Identity) -> None:
    """Raises ``Problem`` (403) unless the account that somebody acts for is one of them."""
    place = reader.place
    here = (registry.deployment.chain_id, raw(registry.deployment.address(PARTNERS)))
    if (place.chain_id, place.contract) == here:
        if reader.account == draft.drafted_by:
            return
        terms = Terms.from_json(draft.terms)
        if reader.account in {raw(each) for each in terms.parties}:
            return
        left = leaving(terms, predecessor_of(session, registry, terms))
        if reader.account in {raw(each) for each in left}:
            return
    raise Problem(
        DRAFT_PRIVATE, f"The account {checksummed(reader.account)} is not a party of this draft.", field="id"
    )
