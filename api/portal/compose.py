"""What the composer offers to choose from: partners, tokens and programmes that the ledger knows."""

from dataclasses import dataclass

from eth_utils.address import to_checksum_address
from sqlalchemy import select

from api.drafts.desk import Desk
from api.drafts.queries import raw, token_notes
from ledger.store.tables import Partner, Programme, Token
from ledger.terms.contracts import PARTNERS

OFFERED = 500
"""Partners, tokens or programmes at most; others can be typed in."""


@dataclass(frozen=True)
class Choice:
    """Something to choose: its address or id, and its name."""

    value: str
    name: str
    decimals: int | None = None
    """Of a token: its decimal places, None when it gives none."""


def registered_partners(desk: Desk) -> list[Choice]:
    """The first partners by name; others can be typed in."""
    rows = desk.session.execute(
        select(Partner.account, Partner.name)
        .where(
            Partner.chain_id == desk.registry.deployment.chain_id,
            Partner.contract == raw(desk.registry.deployment.address(PARTNERS)),
        )
        .order_by(Partner.name, Partner.account)
        .limit(OFFERED)
    )
    return [Choice(to_checksum_address(account), name) for account, name in rows]


def offered_tokens(desk: Desk) -> list[Choice]:
    """Tokens that came with the deployment, and those that agreements accept already."""
    chain_id = desk.registry.deployment.chain_id
    known = desk.session.scalars(select(Token.address).where(Token.chain_id == chain_id).limit(OFFERED))
    own = desk.registry.deployment.tokens
    addresses = [*own.values(), *(to_checksum_address(address) for address in known)]
    notes = token_notes(desk.session, desk.registry.node, chain_id, set(addresses))
    names: dict[str, str] = {address: symbol for symbol, address in own.items()}
    return [
        Choice(
            address, names.get(address) or note.symbol or "a token without a symbol", decimals=note.decimals
        )
        for address in dict.fromkeys(addresses)
        for note in [notes[address]]
    ]


def offered_programmes(desk: Desk) -> list[Choice]:
    """Programmes by name; an agreement under one needs its owner as a party."""
    rows = desk.session.execute(
        select(Programme.programme, Programme.name)
        .where(
            Programme.chain_id == desk.registry.deployment.chain_id,
            Programme.contract == raw(desk.registry.address),
        )
        .order_by(Programme.name, Programme.programme)
        .limit(OFFERED)
    )
    return [Choice("0x" + programme.hex(), name) for programme, name in rows]
