"""Drafts, their signatures and the names of what they name, in SQL."""

from collections.abc import Mapping
from contextlib import suppress

from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.drafts.parties import Signed
from api.drafts.wording import Names
from ledger.accounting.tokens import TokenNote
from ledger.chain.agreements import Registry
from ledger.chain.authorization import Authorization
from ledger.chain.node import Node, NodeFailed
from ledger.indexer.tokens import TokenRow, describe
from ledger.store.tables import Acceptance, Draft, DraftSignature, Entry, Partner, Programme, Token
from ledger.store.tables import Agreement as AgreementRow
from ledger.terms.agreement import Terms
from ledger.terms.contracts import AGREEMENTS, PARTNERS

TOKEN_SECONDS = 1.0
"""How long tokens that the mirror has not met yet are waited for."""


IN_FORCE = (
    select(AgreementRow.seq)
    .where(
        AgreementRow.chain_id == Draft.chain_id,
        AgreementRow.contract == Draft.contract,
        AgreementRow.agreement == Draft.agreement,
    )
    .exists()
)
"""Whether what a row of drafts makes is in force, as the mirror knows."""


def raw(address: str) -> bytes:
    """An address as its 20 bytes."""
    return bytes.fromhex(address[2:])


def by_link(session: Session, link: str, *, lock: bool = False) -> Draft | None:
    """The draft behind a link. ``lock``: nobody else changes it until the transaction ends."""
    query = select(Draft).where(Draft.link == link)
    return session.scalar(query.with_for_update() if lock else query)


def signatures(session: Session, draft: Draft) -> dict[str, Signed]:
    """The stored signatures by account."""
    rows = session.scalars(
        select(DraftSignature).where(
            DraftSignature.chain_id == draft.chain_id,
            DraftSignature.contract == draft.contract,
            DraftSignature.agreement == draft.agreement,
        )
    )
    return {
        to_checksum_address(row.account): Signed(
            to_checksum_address(row.wallet), Authorization(row.nonce, row.deadline, row.signature)
        )
        for row in rows
    }


def accepted_by_transaction(session: Session, draft: Draft) -> set[str]:
    """Accounts that accepted the terms by a transaction of their own and did not take it back."""
    rows = session.scalars(
        select(Acceptance.account).where(
            Acceptance.chain_id == draft.chain_id,
            Acceptance.contract == draft.contract,
            Acceptance.agreement == draft.agreement,
            Acceptance.withdrawn_at.is_(None),
        )
    )
    return {to_checksum_address(account) for account in rows}


def activation_entry(session: Session, draft: Draft) -> Entry | None:
    """The entry of the journal that says that the agreement is in force, once it is mirrored."""
    return session.scalar(
        select(Entry)
        .join(
            AgreementRow,
            (AgreementRow.chain_id == Entry.chain_id)
            & (AgreementRow.contract == Entry.contract)
            & (AgreementRow.seq == Entry.seq),
        )
        .where(
            AgreementRow.chain_id == draft.chain_id,
            AgreementRow.contract == draft.contract,
            AgreementRow.agreement == draft.agreement,
        )
    )


def names(session: Session, registry: Registry, terms: Terms, predecessor: Terms | None = None) -> Names:
    """What is known of the accounts, tokens and programme in the terms, and in those that they amend.

    A token that the mirror has not met yet is asked itself.
    """
    deployment = registry.deployment
    both = (terms, *((predecessor,) if predecessor else ()))
    accounts = {raw(each) for own in both for each in _accounts(own)}
    partners = session.execute(
        select(Partner.account, Partner.name).where(
            Partner.chain_id == deployment.chain_id,
            Partner.contract == raw(deployment.address(PARTNERS)),
            Partner.account.in_(accounts),
        )
    )
    programmes = session.execute(
        select(Programme.programme, Programme.name).where(
            Programme.chain_id == deployment.chain_id,
            Programme.contract == raw(deployment.address(AGREEMENTS)),
            Programme.programme.in_({own.programme for own in both}),
        )
    )
    tokens = {token for own in both for token in own.tokens}
    notes = token_notes(session, registry.node, deployment.chain_id, tokens)
    return Names(
        partners={to_checksum_address(account): name for account, name in partners},
        tokens={token: note.symbol for token, note in notes.items() if note.symbol},
        programmes={bytes(programme): name for programme, name in programmes},
        decimals={token: note.decimals for token, note in notes.items() if note.decimals is not None},
    )


def _accounts(terms: Terms) -> tuple[str, ...]:
    return (*terms.parties, *(payee.account for payee in terms.payees), terms.arbiter)


def token_notes(
    session: Session, node: Node, chain_id: int, tokens: set[ChecksumAddress]
) -> Mapping[str, TokenNote]:
    """What tokens say of themselves, by address. One that the mirror has not met yet is asked itself."""
    known = session.execute(
        select(Token.address, Token.symbol, Token.decimals).where(
            Token.chain_id == chain_id, Token.address.in_([raw(each) for each in tokens])
        )
    )
    notes = {
        str(to_checksum_address(address)): TokenNote(address, symbol, decimals)
        for address, symbol, decimals in known
    }
    unknown = [raw(token) for token in tokens if token not in notes]
    notes |= {str(to_checksum_address(token)): TokenNote(token) for token in unknown}
    asked: list[TokenRow] = []
    if unknown:
        with suppress(NodeFailed):  # shown by its address alone
            asked = describe(node.within(TOKEN_SECONDS), chain_id, unknown)
    for row in asked:
        address = row["address"]
        notes[to_checksum_address(address)] = TokenNote(address, row["symbol"], row["decimals"])
    return notes
