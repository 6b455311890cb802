"""An account's drafts, as this server and the mirror know them: which wait, and for whom."""

from collections.abc import Sequence

from eth_utils.address import to_canonical_address, to_checksum_address
from sqlalchemy import ColumnElement, desc, func, or_, select
from sqlalchemy.orm import Session

from api.drafts.parties import PartyState
from api.drafts.queries import IN_FORCE, raw
from api.drafts.schemas import DraftList, DraftSummary, ListedParty
from ledger.chain.agreements import Registry
from ledger.people.acting import Place, wallet_of
from ledger.people.identity import Identity
from ledger.store.tables import (
    Acceptance,
    AgreementParty,
    Checkpoint,
    Draft,
    DraftSignature,
    Partner,
)
from ledger.terms.agreement import Terms

MOST = 50
"""The newest; who has more waiting opens those first."""


def listed(session: Session, registry: Registry, reader: Identity) -> DraftList:
    """Those not in force that the account is a party of, or leaves, or has made; the newest first.

    Whether a signature still counts is said as of what the mirror has: the draft itself asks the chain.
    """
    drafts = session.scalars(
        select(Draft)
        .where(*_waiting(registry), _is_of(reader.account))
        .order_by(desc(Draft.created_at))
        .limit(MOST)
    ).all()
    now = _mirrored_time(session, registry)
    return DraftList(drafts=[_summary(session, reader, draft, now) for draft in drafts])


def _waiting(registry: Registry) -> tuple[ColumnElement[bool], ...]:
    return Draft.chain_id == registry.deployment.chain_id, Draft.contract == raw(registry.address), ~IN_FORCE


def _is_of(account: bytes) -> ColumnElement[bool]:
    """As ``api.drafts.privacy`` has it."""
    address = to_checksum_address(account)
    leaves = (
        select(AgreementParty.seq)
        .where(
            AgreementParty.chain_id == Draft.chain_id,
            AgreementParty.contract == Draft.contract,
            AgreementParty.account == account,
            func.concat("0x", func.encode(AgreementParty.agreement, "hex"))
            == Draft.terms["predecessor"].astext,
        )
        .exists()
    )
    return or_(Draft.terms.contains({"parties": [address]}), Draft.drafted_by == account, leaves)


def _mirrored_time(session: Session, registry: Registry) -> int:
    deployment = registry.deployment
    checkpoint = session.get(Checkpoint, (deployment.chain_id, raw(deployment.address("RevenueLedger"))))
    return 0 if checkpoint is None else checkpoint.timestamp


def _summary(session: Session, reader: Identity, draft: Draft, now: int) -> DraftSummary:
    terms = Terms.from_json(draft.terms)
    before = session.scalars(
        select(AgreementParty.account).where(
            AgreementParty.chain_id == draft.chain_id,
            AgreementParty.contract == draft.contract,
            AgreementParty.agreement == terms.predecessor,
        )
    ).all()
    own = [to_canonical_address(each) for each in terms.parties]
    signers = [*own, *sorted(set(before) - set(own))]
    states = _states(session, reader.place, draft, signers, now)
    names = dict(
        session.execute(
            select(Partner.account, Partner.name).where(
                Partner.chain_id == reader.place.chain_id,
                Partner.contract == reader.place.contract,
                Partner.account.in_(signers),
            )
        ).all()
    )
    parties = [
        ListedParty(account=to_checksum_address(each), name=names.get(each), state=states[each])
        for each in signers
    ]
    missing = [each for each in parties if each.state not in (PartyState.SIGNED, PartyState.ACCEPTED)]
    return DraftSummary(
        id=draft.link,
        page=f"/drafts/{draft.link}",
        agreement="0x" + draft.agreement.hex(),
        amends="0x" + terms.predecessor.hex() if any(terms.predecessor) else None,
        created_at=draft.created_at,
        parties=parties,
        missing=[each.account for each in missing],
        needs_you=to_checksum_address(reader.account) in {each.account for each in missing},
        failure=draft.failure,
    )


def _states(
    session: Session, place: Place, draft: Draft, signers: Sequence[bytes], now: int
) -> dict[bytes, PartyState]:
    of = (DraftSignature.chain_id, DraftSignature.contract, DraftSignature.agreement)
    key = (draft.chain_id, draft.contract, draft.agreement)
    signed = {
        row.account: row
        for row in session.scalars(
            select(DraftSignature).where(*(column == value for column, value in zip(of, key, strict=True)))
        )
    }
    accepted = set(
        session.scalars(
            select(Acceptance.account).where(
                Acceptance.chain_id == draft.chain_id,
                Acceptance.contract == draft.contract,
                Acceptance.agreement == draft.agreement,
                Acceptance.withdrawn_at.is_(None),
                Acceptance.deadline > now,
            )
        )
    )
    states = {}
    for account in signers:
        row = signed.get(account)
        if account in accepted:
            states[account] = PartyState.ACCEPTED
        elif row is None:
            states[account] = PartyState.WAITING
        elif row.wallet != wallet_of(session, place, account):
            states[account] = PartyState.WALLET_CHANGED
        else:
            states[account] = PartyState.EXPIRED if row.deadline <= now else PartyState.SIGNED
    return states
