"""Several nodes of one chain as one: a node that does not answer gives way to the next, unasked.

For who asks single questions, as the API does. The indexer turns itself (`connect_any`): its questions belong
together, and it notes who failed.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeVar

import orjson

from ledger.chain.node import (
    TIMEOUT_SECONDS,
    ChainMismatch,
    Node,
    NodeUnreachable,
    Provider,
    Read,
    RpcRefused,
    connect,
    reach,
)

_SENDS = ("eth_sendRawTransaction", "eth_sendTransaction")
"""Not repeated elsewhere: a node that did not answer may have taken it all the same."""

Answer = TypeVar("Answer")


class _SteadyProvider(Provider):
    """Asks the node that answered last; when it is silent, the others in their order."""

    def __init__(self, urls: Sequence[str], timeout: float, expected_chain_id: int | None) -> None:
        super().__init__(urls[0], timeout)
        self._urls = list(urls)
        self._turning = Lock()
        failure: NodeUnreachable | RpcRefused | None = None
        for here, url in enumerate(urls):
            try:
                self._asked, self.chain_id = reach(url, timeout, expected_chain_id)
            except (NodeUnreachable, RpcRefused) as error:
                failure = failure or error
                continue
            self._here = here
            return
        raise failure or NodeUnreachable("No RPC URL is given.", "Set PLEDGER_RPC_URL to a node's RPC URL.")

    @property
    def url(self) -> str:
        """The node that is asked now."""
        return self._urls[self._here]

    def make_request(
        self,
        method: str,
        params: Sequence[Any],
        most_bytes: int | None = None,
        read: Read = orjson.loads,
    ) -> dict[str, Any]:
        return self._ask(
            lambda node: node.make_request(method, params, most_bytes, read), again=method not in _SENDS
        )

    def call_many(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        again = not any(method in _SENDS for method, _ in calls)
        return self._ask(lambda node: node.call_many(calls), again=again)

    def _ask(self, question: Callable[[Provider], Answer], *, again: bool) -> Answer:
        for _ in self._urls[1:]:
            asked = self._asked
            try:
                return question(asked)
            except NodeUnreachable:
                if not self._turn(asked) or not again:
                    raise
        return question(self._asked)

    def _turn(self, failed: Provider) -> bool:
        with self._turning:
            if self._asked is not failed:
                return True  # somebody else has turned meanwhile
            for step in range(1, len(self._urls)):
                there = (self._here + step) % len(self._urls)
                try:
                    self._asked, _ = reach(self._urls[there], self.timeout, self.chain_id)
                except (NodeUnreachable, RpcRefused, ChainMismatch):
                    continue
                self._here = there
                return True
            return False


def connect_steady(
    rpc_urls: Sequence[str], expected_chain_id: int | None = None, timeout: float = TIMEOUT_SECONDS
) -> Node:
    """A node that is as steady as the steadiest of several; any number of threads may ask it.

    Raises as `ledger.chain.node.connect`: when none answers, for the first of them.
    """
    if len(rpc_urls) == 1:
        return connect(rpc_urls[0], expected_chain_id, timeout)
    provider = _SteadyProvider(list(dict.fromkeys(rpc_urls)), timeout, expected_chain_id)
    return Node(provider.url, provider, provider.chain_id)
