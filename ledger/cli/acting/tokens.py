"""Tokens as people name them, and their amounts as people write them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from eth_typing import ChecksumAddress
from eth_utils.address import is_address, to_checksum_address

from ledger.chain.calls import encode_call
from ledger.chain.node import Node, RpcRefused
from ledger.errors import LedgerError
from ledger.indexer.tokens import decimals_of, symbol_of
from ledger.intake.amounts import to_base_units, to_text
from ledger.terms.agreement import NATIVE_COIN
from ledger.terms.contracts import TEST_DOLLAR
from ledger.terms.deployment import Deployment

COIN_NAMES = ("coin", "native", "native coin")
"""How the chain's own coin may be called."""
_DECIMALS, _SYMBOL = "0x313ce567", "0x95d89b41"


class TokenUnclear(LedgerError):
    """A token does not say how its amounts are written."""


@dataclass(frozen=True)
class Token:
    """``symbol`` is what the token calls itself, which anybody may call his."""

    address: ChecksumAddress
    symbol: str
    decimals: int

    def text(self, amount: int) -> str:
        """Base units as people read them: ``12.50 tUSD``."""
        return f"{to_text(amount, self.decimals)} {self.symbol}"

    def units(self, text: str) -> int:
        """Whole tokens as a person wrote them, in base units. Raises LedgerError."""
        hint = f"Write whole {self.symbol}, as 1234.50, with at most {self.decimals} decimals."
        try:
            found = to_base_units(text.strip(), self.decimals)
        except ValueError as error:
            raise LedgerError(f"The amount {error}.", hint) from error
        if found < 0:
            raise LedgerError(f"The amount {text!r} is negative.", hint)
        return found


def token_at(node: Node, deployment: Deployment, address: ChecksumAddress) -> Token:
    """A token by its address. Raises TokenUnclear, and as ``Node.rpc``."""
    if address == NATIVE_COIN:
        return Token(address, "of the chain's coin", 18)
    decimals = decimals_of(_answer(node, address, _DECIMALS)) if node.has_code(address) else None
    if decimals is None:
        raise TokenUnclear(
            f"{address} is not a token of this chain: it does not say how many decimals its amounts have.",
            "Check the address, and that PLEDGER_RPC_URL is the chain it is on.",
        )
    own = next((symbol for symbol, known in deployment.tokens.items() if known == address), None)
    return Token(address, own or symbol_of(_answer(node, address, _SYMBOL)) or address, decimals)


def token_or_units(node: Node, deployment: Deployment, address: str) -> Token:
    """What a token calls itself; its smallest units where it does not say how its amounts are written."""
    try:
        return token_at(node, deployment, to_checksum_address(address))
    except TokenUnclear:
        return Token(to_checksum_address(address), f"smallest units of {address}", 0)


def amount_said(node: Node, token: Token, function: str, *arguments: str) -> int:
    """An amount that a token's view function answers, in base units. Raises TokenUnclear."""
    answer = _answer(node, token.address, encode_call(TEST_DOLLAR, function, *arguments))
    if len(answer) < 32:
        raise TokenUnclear(
            f"The token {token.symbol} ({token.address}) does not answer {function} with an amount.",
            "It is not an ERC-20 token, or is broken: nothing can be paid in it.",
        )
    return int.from_bytes(answer[:32])


def _answer(node: Node, token: ChecksumAddress, data: str) -> bytes:
    """What it answers; nothing when it refuses, whatever the reason."""
    call: dict[str, Any] = {"to": token, "data": data}
    try:
        return bytes.fromhex(str(node.rpc("eth_call", [call, "latest"])).removeprefix("0x"))
    except ValueError:
        return b""
    except RpcRefused as error:
        if error.is_revert:
            return b""
        raise


def chosen(node: Node, deployment: Deployment, among: Sequence[ChecksumAddress], named: str | None) -> Token:
    """The token that a person names, by symbol or address, of those that an agreement takes; the only one
    when none is named. Raises LedgerError.
    """
    if named is None and len(among) == 1:
        return token_at(node, deployment, among[0])
    if named is not None and is_address(named.strip()):
        wanted = to_checksum_address(named.strip())
        if wanted in among:
            return token_at(node, deployment, wanted)
    tokens = list(_described(node, deployment, among))
    listed = (
        ", ".join(f"{token.symbol} ({token.address})" for token in tokens) or "none that describes itself"
    )
    if named is None:
        raise LedgerError(f"The agreement takes {len(among)} tokens.", f"Name one with --token: {listed}.")
    found = [token for token in tokens if _is_called(token, named.strip().casefold())]
    if len(found) == 1:
        return found[0]
    raise LedgerError(
        f"Two of its tokens call themselves {named!r}." if found else f"It is not paid in {named!r}.",
        f"Name one of these with --token, by its address: {listed}.",
    )


def _described(node: Node, deployment: Deployment, among: Sequence[ChecksumAddress]) -> Iterator[Token]:
    """Those that say what they are: one that does not keeps nobody from the others."""
    for address in among:
        with suppress(TokenUnclear):
            yield token_at(node, deployment, address)


def _is_called(token: Token, name: str) -> bool:
    return name in COIN_NAMES if token.address == NATIVE_COIN else token.symbol.casefold() == name
