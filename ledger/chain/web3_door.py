"""web3 over this package's own way to a node; imported only by who needs it, for it takes a second."""

from collections.abc import Sequence
from typing import Any, Protocol, cast

from web3 import Web3
from web3.providers import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse


class _Asked(Protocol):
    """A node, as far as web3 needs one."""

    def answer(self, method: str, params: Sequence[Any]) -> Any: ...


class _Door(JSONBaseProvider):
    def __init__(self, node: _Asked) -> None:
        super().__init__()
        self._node = node

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        return cast(RPCResponse, self._node.answer(method, params))


def web3_through(node: _Asked) -> Web3:
    """web3 that asks the node."""
    return Web3(_Door(node))


def web3_that_hears(result: Any) -> Web3:
    """web3 that is given this result, whatever it asks: it makes its own form of it."""
    return Web3(_Echo(result))


class _Echo(JSONBaseProvider):
    def __init__(self, result: Any) -> None:
        super().__init__()
        self._result = result

    def make_request(self, _method: RPCEndpoint, _params: Any) -> RPCResponse:
        return cast(RPCResponse, {"jsonrpc": "2.0", "id": 1, "result": self._result})
