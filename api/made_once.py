"""What takes a node to make, and is kept once it is made."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from threading import Lock
from typing import Generic, TypeVar

from ledger.chain.node import NodeUnreachable

Made = TypeVar("Made")


class MadeOnce(Generic[Made]):
    """Made beside the requests that ask for it: a node that takes longer than one of them waits is not asked
    in vain, and what failed is tried anew by the next who asks.
    """

    def __init__(self, name: str, make: Callable[[], Made]) -> None:
        self._make = make
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._lock = Lock()
        self._made: Made | None = None
        self._making: Future[Made] | None = None

    def get(self, patience: float) -> Made:
        """It, or what making it raises; ``NodeUnreachable`` when it takes more than ``patience`` seconds."""
        with self._lock:
            if self._made is not None:
                return self._made
            if self._making is None or self._making.done():
                self._making = self._pool.submit(self._keep)
            making = self._making
        try:
            return making.result(timeout=patience)
        except NotYet:
            raise NodeUnreachable(
                f"The chain's node has not answered within {patience:g} seconds.", "Try again later."
            ) from None

    def close(self) -> None:
        """Makes nothing any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _keep(self) -> Made:
        self._made = self._make()
        return self._made
