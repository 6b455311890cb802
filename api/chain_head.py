"""How far the chain is, without ever keeping a request waiting for a slow node."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Lock
from time import monotonic

from ledger.chain.blocks import told_final
from ledger.chain.node import Node
from ledger.errors import LedgerError

_FRESH_SECONDS = 0.5
_PATIENCE_SECONDS = 0.5
_ASKING_SECONDS = 10.0
"""How long a question is waited for in the background."""
FORGOTTEN_SECONDS = 10.0
"""What a node said that long ago no longer says how far the chain is."""


@dataclass(frozen=True)
class ChainHead:
    """The newest block (``timestamp`` in seconds) and the number of the newest final one, None when the
    node knows no finality.

    ``age``: seconds since the node said so, when it has been silent since; 0 while it answers.
    """

    number: int
    timestamp: int
    finalized: int | None
    age: float = 0.0

    @property
    def is_known(self) -> bool:
        """Whether it may pass for where the chain is now."""
        return self.age < FORGOTTEN_SECONDS


class HeadWatch:
    """Asks the node at most twice a second, in the background.

    Whoever looks waits half a second at most for the answer, and not at all for a node that is known to be
    silent: then the last answer is given, with its age.
    """

    def __init__(self, node: Callable[[], Node]) -> None:
        self._node = node
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="chain-head")
        self._lock = Lock()
        self._asked: Future[None] | None = None
        self._asked_at = 0.0
        self._last: ChainHead | None = None
        self._heard_at = monotonic()
        self._silent = False

    @property
    def silent_for(self) -> int | None:
        """Seconds since the node answered, or was asked in vain for the first time; None while it answers."""
        return int(monotonic() - self._heard_at) if self._silent else None

    def look(self) -> ChainHead | None:
        """The chain's head as last known; None when the node has never answered."""
        with self._lock:
            if self._asked is None or (self._asked.done() and monotonic() - self._asked_at > _FRESH_SECONDS):
                self._asked = self._pool.submit(self._ask)
                self._asked_at = monotonic()
            asked, waits = self._asked, not self._silent
        if waits:
            try:
                asked.result(timeout=_PATIENCE_SECONDS)
            except NotYet:
                self._silent = True
        last = self._last
        if last is None or not self._silent:
            return last
        return replace(last, age=monotonic() - self._heard_at)

    def close(self) -> None:
        """Stops asking."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self) -> None:
        silent = True
        # A node that answers nonsense is no better than one that does not answer.
        with suppress(LedgerError, TypeError, KeyError, ValueError):
            self._last = _head(self._node().within(_ASKING_SECONDS))
            self._heard_at = monotonic()
            silent = False
        self._silent = silent


def _head(node: Node) -> ChainHead:
    latest = node.newest()
    return ChainHead(latest.number, latest.timestamp, told_final(node))
