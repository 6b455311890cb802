"""Questions that take as long as a node takes, asked beside the request that wants the answer."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from threading import Lock
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class Background:
    """Asks one question of a kind at a time. An answer that came too late for who asked is the next one's."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="background")
        self._lock = Lock()
        self._asked: dict[Hashable, tuple[Hashable, Future[Any]]] = {}

    def ask(
        self, kind: Hashable, about: Hashable, question: Callable[[], Answer], patience: float
    ) -> Answer | None:
        """The answer, or what the question raises; None when it takes longer than ``patience`` seconds."""
        with self._lock:
            before, asked = self._asked.get(kind, (None, None))
            if asked is None or (before != about and asked.done()):
                asked = self._pool.submit(question)
                self._asked[kind] = (about, asked)
            elif before != about:
                return None  # the one about something else is still under way
        try:
            found: Answer = asked.result(timeout=patience)
        except NotYet:
            return None
        finally:
            if asked.done():
                self._forget(kind, asked)
        return found

    def close(self) -> None:
        """Asks nothing any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _forget(self, kind: Hashable, asked: "Future[Any]") -> None:
        with self._lock:
            if self._asked.get(kind, (None, None))[1] is asked:
                del self._asked[kind]
