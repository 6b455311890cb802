"""A draft as it stands now: its row, its signatures, and what the chain says of them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.chain_head import HeadWatch
from api.drafts import offer, queries
from api.drafts.amending import leaving, predecessor_of
from api.drafts.mirrored import mirrored_sight
from api.drafts.parties import DraftState, Party, Signed, draft_state, parties_of
from api.drafts.problems import DRAFT_UNKNOWN
from api.problems import Problem
from ledger.chain.agreements import Registry, Sight
from ledger.chain.node import NodeFailed, NodeUnreachable
from ledger.store.tables import Draft
from ledger.terms.agreement import Terms

READ_SECONDS = 1.0
"""How long whoever only reads waits for the node."""


@dataclass(frozen=True)
class Reading:
    """A draft as of ``sight``'s block. ``predecessor``: the terms that it amends; ``offered``: the nonce
    that each account is offered to sign. ``stale``: the node is silent, and the mirror was read instead.
    """

    draft: Draft
    terms: Terms
    predecessor: Terms | None
    sight: Sight
    parties: tuple[Party, ...]
    offered: Mapping[str, int]
    stale: bool = False

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


def look(session: Session, registry: Registry, draft: Draft, head: HeadWatch) -> Reading:
    """A draft for whoever only reads it: from the chain, or when its node does not say from the mirror, which
    may know less. Raises NodeFailed when nothing is mirrored either.
    """
    head.look()
    if head.silent_for is None:
        with suppress(NodeFailed):
            return read(session, registry.within(READ_SECONDS), draft)
    return read(session, registry, draft, from_mirror=True)


def read(session: Session, registry: Registry, draft: Draft, *, from_mirror: bool = False) -> Reading:
    """A draft as the chain has it now, or the mirror. Raises NodeFailed."""
    terms = Terms.from_json(draft.terms)
    signatures = queries.signatures(session, draft)
    asked = registry.within(0) if from_mirror else registry
    predecessor = predecessor_of(session, asked, terms)
    leavers = leaving(terms, predecessor)
    signers = (*terms.parties, *leavers)
    candidates: dict[str, list[int]] = {account: offer.nonces(draft.link, account) for account in signers}
    acceptances = _acceptances(signatures, candidates)
    if from_mirror:
        known = mirrored_sight(session, registry, draft.agreement, signers, acceptances)
        if known is None:
            raise NodeUnreachable("The chain's node does not answer, and nothing is mirrored yet.")
        sight = known
    else:
        sight = registry.look(draft.agreement, signers, acceptances)
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
        stale=from_mirror,
    )


def _acceptances(
    signatures: Mapping[str, Signed], candidates: Mapping[str, list[int]]
) -> list[tuple[str, int]]:
    stored = {(account, signed.authorization.nonce) for account, signed in signatures.items()}
    offered = {(account, nonce) for account, nonces in candidates.items() for nonce in nonces}
    return sorted(stored | offered)
