"""The symbol of a token that no agreement has named yet."""

from typing import Any

from ledger.chain.node import Node, RpcRefused
from ledger.indexer.tokens import GAS, symbol_of

_SYMBOL = "0x95d89b41"


def ask_symbol(node: Node, token: str) -> str | None:
    """What the token calls itself; None when it says nothing that can be read. Raises NodeUnreachable."""
    call: dict[str, Any] = {"to": token, "data": _SYMBOL, "gas": hex(GAS)}
    try:
        return symbol_of(bytes.fromhex(str(node.rpc("eth_call", [call, "latest"]))[2:]))
    except (RpcRefused, ValueError):
        return None
