"""How far the chain is, without ever keeping a request waiting for a slow node."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from ledger.chain.node import Node, RpcRefused
from ledger.errors import LedgerError

_FRESH_SECONDS = 0.5
_PATIENCE_SECONDS = 0.5


@dataclass(frozen=True)
class ChainHead:
    """The newest block (``timestamp`` in seconds) and the number of the newest final one, None when the
    node knows no finality.
    """

    number: int
    timestamp: int
    finalized: int | None


class HeadWatch:
    """Asks the node at most twice a second, and waits half a second at most for the answer."""

    def __init__(self, node: Callable[[], Node]) -> None:
        self._node = node
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="chain-head")
        self._lock = Lock()
        self._asked: Future[None] | None = None
        self._asked_at = 0.0
        self._last: ChainHead | None = None

    def look(self) -> ChainHead | None:
        """The chain's head as last known; None when the node did not answer."""
        with self._lock:
            if self._asked is None or (self._asked.done() and monotonic() - self._asked_at > _FRESH_SECONDS):
                self._asked = self._pool.submit(self._ask)
                self._asked_at = monotonic()
            asked = self._asked
        with suppress(NotYet):
            asked.result(timeout=_PATIENCE_SECONDS)
        return self._last

    def close(self) -> None:
        """Stops asking."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self) -> None:
        try:
            self._last = _head(self._node())
        except (LedgerError, TypeError, KeyError, ValueError):
            self._last = None  # a node that answers nonsense is no better than one that does not answer


def _head(node: Node) -> ChainHead:
    latest = node.rpc("eth_getBlockByNumber", ["latest", False])
    try:
        finalized = node.rpc("eth_getBlockByNumber", ["finalized", False])
    except RpcRefused:
        finalized = None  # a chain that knows no finality
    return ChainHead(
        int(latest["number"], 16),
        int(latest["timestamp"], 16),
        int(finalized["number"], 16) if finalized else None,
    )
