"""A draft as it stands now: its row, its signatures, and what the chain says of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.drafts import offer, queries
from api.drafts.amending import leaving, predecessor_of
from api.drafts.parties import DraftState, Party, Signed, draft_state, parties_of
from api.drafts.problems import DRAFT_UNKNOWN
from api.problems import Problem
from ledger.chain.agreements import Registry, Sight
from ledger.chain.terms import Terms
from ledger.store.tables import Draft


@dataclass(frozen=True)
class Reading:
    """A draft as of ``sight``'s block. ``predecessor``: the terms that it amends; ``offered``: the nonce
    that each account is offered to sign.
    """

    draft: Draft
    terms: Terms
    predecessor: Terms | None
    sight: Sight
    parties: tuple[Party, ...]
    offered: Mapping[str, int]

    @property
    def state(self) -> DraftState:
        """Collecting, ready or active."""
        return draft_state(self.parties, self.sight)

    @property
    def deadline(self) -> int:
        """The deadline that is offered to sign, in unix seconds."""
        return offer.deadline(self.sight.timestamp)

    def party(self, account: str) -> Party | None:
        """A party by its checksummed account."""
        return next((party for party in self.parties if party.account == account), None)


def find(session: Session, registry: Registry, link: str, *, lock: bool = False) -> Draft:
    """The draft behind a link. Raises ``Problem``: there is none, or it is of another deployment."""
    draft = queries.by_link(session, link, lock=lock)
    ours = (registry.deployment.chain_id, queries.raw(registry.address))
    if draft is None or (draft.chain_id, draft.contract) != ours:
        raise Problem(DRAFT_UNKNOWN, "This link leads to no draft.")
    return draft


def read(session: Session, registry: Registry, draft: Draft) -> Reading:
    """Asks the chain about a draft. Raises NodeUnreachable."""
    terms = Terms.from_json(draft.terms)
    signatures = queries.signatures(session, draft)
    predecessor = predecessor_of(session, registry, terms)
    leavers = leaving(terms, predecessor)
    signers = (*terms.parties, *leavers)
    candidates: dict[str, list[int]] = {account: offer.nonces(draft.link, account) for account in signers}
    sight = registry.look(draft.agreement, signers, _acceptances(signatures, candidates))
    accepted = queries.accepted_by_transaction(session, draft)
    return Reading(
        draft=draft,
        terms=terms,
        predecessor=predecessor,
        sight=sight,
        parties=parties_of(terms.parties, signatures, accepted, sight, leavers),
        offered={
            account: next((each for each in nonces if (account, each) not in sight.spent), nonces[0])
            for account, nonces in candidates.items()
        },
    )


def _acceptances(
    signatures: Mapping[str, Signed], candidates: Mapping[str, list[int]]
) -> list[tuple[str, int]]:
    stored = {(account, signed.authorization.nonce) for account, signed in signatures.items()}
    offered = {(account, nonce) for account, nonces in candidates.items() for nonce in nonces}
    return sorted(stored | offered)
