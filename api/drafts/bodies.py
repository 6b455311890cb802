"""Drafts as the API answers with them."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from api.as_of import AsOfBlock, finality
from api.drafts import queries, wording
from api.drafts.amending import changes
from api.drafts.desk import Desk
from api.drafts.parties import Party
from api.drafts.reading import Reading
from api.drafts.schemas import (
    ActivationBody,
    AuthorizationBody,
    DraftBody,
    FieldChangeBody,
    PartyBody,
    SentenceBody,
    SummaryBody,
)
from ledger.actions import form
from ledger.chain.agreements import Registry
from ledger.chain.node import NodeFailed


def page_of(link: str) -> str:
    """Path of the page on which the draft is read and signed."""
    return f"/drafts/{link}"


def draft_body(desk: Desk, reading: Reading) -> DraftBody:
    """The whole draft."""
    registry = desk.registry
    names = queries.names(desk.session, registry, reading.terms, reading.predecessor)
    return DraftBody(
        id=reading.draft.link,
        agreement="0x" + reading.draft.agreement.hex(),
        chain_id=registry.deployment.chain_id,
        registry=registry.address,
        page=page_of(reading.draft.link),
        state=reading.state,
        terms=reading.terms.to_json(),
        summary=_summary(wording.summarise(reading.terms, names)),
        amends="0x" + reading.terms.predecessor.hex() if reading.predecessor is not None else None,
        changes=_changes(reading, names),
        parties=[_party(registry, reading, party, names.partners) for party in reading.parties],
        activation=_activation(desk, reading),
        as_of_block=as_of_block(desk, reading),
    )


def as_of_block(desk: Desk, reading: Reading) -> AsOfBlock:
    """The chain's newest block, as of which the draft was read."""
    sight, head = reading.sight, desk.doors.head.look()
    return AsOfBlock(
        number=sight.block_number,
        hash=sight.block_hash,
        timestamp=sight.timestamp,
        finality=finality(desk.doors.settings.finality, sight.block_number, head),
        times_verified=sight.verified,
        stale=reading.stale,
    )


def _summary(summary: wording.Summary) -> SummaryBody:
    return SummaryBody(
        title=summary.title,
        terms=[SentenceBody(topic=each.topic, text=each.text) for each in summary.terms],
        signing_does=list(summary.signing_does),
        signing_does_not=list(summary.signing_does_not),
    )


def _changes(reading: Reading, names: wording.Names) -> list[FieldChangeBody]:
    if reading.predecessor is None:
        return []
    return [
        FieldChangeBody(label=each.label, before=list(each.before), after=list(each.after))
        for each in changes(reading.predecessor, reading.terms, names)
    ]


def _party(registry: Registry, reading: Reading, party: Party, names: Mapping[str, str]) -> PartyBody:
    nonce = reading.offered[party.account]
    return PartyBody(
        account=party.account,
        name=names.get(party.account),
        wallet=party.wallet,
        leaves=party.leaves,
        state=party.state,
        nonce=str(nonce),
        deadline=str(reading.deadline),
        typed_data=_typed_data(registry, reading, party, nonce),
        authorization=_authorization(party),
    )


def _typed_data(registry: Registry, reading: Reading, party: Party, nonce: int) -> dict[str, Any]:
    return form(
        registry.deployment,
        "accept_agreement",
        account=party.account,
        terms=reading.terms,
        nonce=nonce,
        deadline=reading.deadline,
    )


def _authorization(party: Party) -> AuthorizationBody | None:
    if party.signed is None or not party.done:
        return None
    given = party.signed.authorization
    return AuthorizationBody(
        nonce=str(given.nonce), deadline=str(given.deadline), signature="0x" + given.signature.hex()
    )


def _activation(desk: Desk, reading: Reading) -> ActivationBody:
    automatic = desk.activator is not None
    if not reading.sight.active:
        draft = reading.draft
        return ActivationBody(
            automatic=automatic, transaction_hash=None, failure=draft.failure, next=draft.failure_hint
        )
    found = activation_transaction(desk, reading)
    return ActivationBody(
        automatic=automatic,
        transaction_hash="0x" + found.hex() if found else None,
        failure=None,
        next=None,
    )


def activation_transaction(desk: Desk, reading: Reading) -> bytes | None:
    """Hash of the transaction that put an active agreement in force, from whoever knows it; None where
    nobody does: the mirror has not come to it, and the node does not say.
    """
    entry = queries.activation_entry(desk.session, reading.draft)
    if entry is not None:
        return entry.transaction_hash
    if reading.draft.transaction_hash is not None:
        return reading.draft.transaction_hash
    with suppress(NodeFailed):
        return desk.registry.activation(reading.draft.agreement)
    return None
