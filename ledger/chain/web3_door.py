"""web3 over this package's own way to a node; imported only by who needs it, for it takes a second."""

from typing import Any, cast

from web3 import Web3
from web3.providers import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from ledger.chain.node import Provider


class _Door(JSONBaseProvider):
    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self._provider = provider

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        return cast(RPCResponse, self._provider.make_request(method, params))


def web3_through(provider: Provider) -> Web3:
    """web3 that asks the provider's node."""
    return Web3(_Door(provider))
