"""Drafts, their signatures and the names of what they name, in SQL."""

from collections.abc import Mapping

from eth_utils.address import to_checksum_address
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.drafts.parties import Signed
from api.drafts.token_symbols import ask_symbol
from api.drafts.wording import Names
from ledger.chain.authorization import Authorization
from ledger.chain.deployment import Deployment
from ledger.chain.node import Node
from ledger.chain.terms import Terms
from ledger.store.tables import Acceptance, Draft, DraftSignature, Entry, Partner, Programme, Token
from ledger.store.tables import Agreement as AgreementRow


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


def names(session: Session, node: Node, deployment: Deployment, terms: Terms) -> Names:
    """What is known of the accounts, tokens and programme in the terms.

    A token that the mirror has not met yet is asked itself.
    """
    accounts = {raw(each) for each in (*terms.parties, *(payee.account for payee in terms.payees))}
    partners = session.execute(
        select(Partner.account, Partner.name).where(
            Partner.chain_id == deployment.chain_id,
            Partner.contract == raw(deployment.address("PartnerRegistry")),
            Partner.account.in_(accounts),
        )
    )
    programmes = session.execute(
        select(Programme.programme, Programme.name).where(
            Programme.chain_id == deployment.chain_id,
            Programme.contract == raw(deployment.address("AgreementRegistry")),
            Programme.programme == terms.programme,
        )
    )
    return Names(
        partners={to_checksum_address(account): name for account, name in partners},
        tokens=_symbols(session, node, deployment, terms),
        programmes={bytes(programme): name for programme, name in programmes},
    )


def _symbols(session: Session, node: Node, deployment: Deployment, terms: Terms) -> Mapping[str, str]:
    known = session.execute(
        select(Token.address, Token.symbol).where(
            Token.chain_id == deployment.chain_id, Token.address.in_([raw(each) for each in terms.tokens])
        )
    )
    symbols: dict[str, str | None] = {address: symbol for symbol, address in deployment.tokens.items()}
    symbols.update({to_checksum_address(address): symbol for address, symbol in known})
    for token in terms.tokens:
        if token not in symbols:
            symbols[token] = ask_symbol(node, token)
    return {token: symbol for token, symbol in symbols.items() if symbol}
