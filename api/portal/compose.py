"""What the composer offers to choose from: partners, tokens and programmes that the ledger knows."""

from dataclasses import dataclass

from eth_utils.address import to_checksum_address
from sqlalchemy import select

from api.drafts.desk import Desk
from api.drafts.queries import raw
from ledger.store.tables import Partner, Programme, Token

_OFFERED = 500


@dataclass(frozen=True)
class Choice:
    """Something to choose: its address or id, and its name."""

    value: str
    name: str


def registered_partners(desk: Desk) -> list[Choice]:
    """The first partners by name; others can be typed in."""
    rows = desk.session.execute(
        select(Partner.account, Partner.name)
        .where(
            Partner.chain_id == desk.registry.deployment.chain_id,
            Partner.contract == raw(desk.registry.deployment.address("PartnerRegistry")),
        )
        .order_by(Partner.name, Partner.account)
        .limit(_OFFERED)
    )
    return [Choice(to_checksum_address(account), name) for account, name in rows]


def offered_tokens(desk: Desk) -> list[Choice]:
    """Tokens that came with the deployment, and those that agreements accept already."""
    deployment = desk.registry.deployment
    symbols: dict[str, str] = {address: symbol for symbol, address in deployment.tokens.items()}
    rows = desk.session.execute(
        select(Token.address, Token.symbol).where(Token.chain_id == deployment.chain_id).limit(_OFFERED)
    )
    for address, symbol in rows:
        symbols.setdefault(to_checksum_address(address), symbol or "a token without a symbol")
    return [Choice(address, symbol) for address, symbol in symbols.items()]


def offered_programmes(desk: Desk) -> list[Choice]:
    """Programmes by name; an agreement under one needs its owner as a party."""
    rows = desk.session.execute(
        select(Programme.programme, Programme.name)
        .where(
            Programme.chain_id == desk.registry.deployment.chain_id,
            Programme.contract == raw(desk.registry.address),
        )
        .order_by(Programme.name, Programme.programme)
        .limit(_OFFERED)
    )
    return [Choice("0x" + programme.hex(), name) for programme, name in rows]
