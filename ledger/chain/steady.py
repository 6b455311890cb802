"""Several nodes of one chain as one: a node that does not answer gives way to the next, unasked.

For who asks single questions, as the API does. The indexer turns itself (`connect_any`): its questions belong
together, and it notes who failed.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeVar

import orjson

from ledger.chain.node import TIMEOUT_SECONDS, Node, connect, first_reached, next_reached
from ledger.chain.rpc import Calls, NodeUnreachable, Provider, Read

_SENDS = ("eth_sendRawTransaction", "eth_sendTransaction")
"""Not repeated elsewhere: a node that did not answer may have taken it all the same."""

Answer = TypeVar("Answer")


class _SteadyProvider(Provider):
    """Asks the node that answered last; when it is silent, the others in their order."""

    def __init__(
        self, urls: Sequence[str], timeout: float, expected_chain_id: int | None, patience: float | None
    ) -> None:
        super().__init__(urls[0], timeout)
        self._urls = urls
        self._turning = Lock()
        self.url, self._asked, self.chain_id = first_reached(urls, timeout, expected_chain_id, patience)

    def make_request(
        self,
        method: str,
        params: Sequence[Any],
        most_bytes: int | None = None,
        read: Read = orjson.loads,
        deadline: float | None = None,
    ) -> dict[str, Any]:
        return self._ask(
            lambda node: node.make_request(method, params, most_bytes, read, deadline),
            deadline,
            again=method not in _SENDS,
        )

    def call_many(self, calls: Calls, deadline: float | None = None) -> list[dict[str, Any]]:
        again = not any(method in _SENDS for method, _ in calls)
        return self._ask(lambda node: node.call_many(calls, deadline), deadline, again=again)

    def _ask(self, question: Callable[[Provider], Answer], deadline: float | None, *, again: bool) -> Answer:
        for _ in self._urls[1:]:
            asked = self._asked
            try:
                return question(asked)
            except NodeUnreachable:
                if not self._turn(asked, deadline) or not again:
                    raise
        return question(self._asked)

    def _turn(self, failed: Provider, deadline: float | None) -> bool:
        with self._turning:
            if self._asked is not failed:
                return True  # somebody else has turned meanwhile
            found = next_reached(self._urls, self.url, self.timeout, self.chain_id, deadline)
            if found is None:
                return False
            self.url, self._asked = found
            return True


def connect_steady(
    rpc_urls: Sequence[str],
    expected_chain_id: int | None = None,
    timeout: float = TIMEOUT_SECONDS,
    patience: float | None = None,
) -> Node:
    """A node that is as steady as the steadiest of several; any number of threads may ask it.

    Of each, the first answer is waited for ``patience`` seconds at most. Raises as
    `ledger.chain.node.connect`: when none answers, for the first of them.
    """
    if len(rpc_urls) == 1:
        return connect(rpc_urls[0], expected_chain_id, timeout, patience)
    provider = _SteadyProvider(list(dict.fromkeys(rpc_urls)), timeout, expected_chain_id, patience)
    return Node(provider.url, provider, provider.chain_id)
