"""New blocks, as a node's WebSocket tells of them (``eth_subscribe newHeads``): hints, never believed."""

import json
import threading
import time
from contextlib import suppress
from typing import Any, Self

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.sync.connection import Connection

from ledger.chain.connection import is_here
from ledger.chain.node import place_of
from ledger.errors import LedgerError

SILENT_SECONDS = 15.0
"""After so long without a word the socket is not relied on: blocks are asked for as often as without it."""
GIVE_UP_SECONDS = 60.0
"""After so long without a word the socket is opened anew: the node may have lost the subscription."""
UNHURRIED_SECONDS = 5.0
"""How often one looks by oneself while the socket talks: it might leave blocks out."""
LONGEST_PAUSE = 30.0
"""Seconds between two tries at most, while the socket cannot be had."""
_SHORTEST_PAUSE = 0.5
_SUBSCRIBE = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]})


class SocketFailed(LedgerError):
    """The WebSocket cannot be had, or what speaks there is not a node. Nothing is lost by it but time."""


class NewHeads:
    """Listens in a thread of its own while it is open, and connects again for as long as it takes.

    ``trouble`` is why nothing is heard, None while the socket is open. Raises `LedgerError` for what is no
    WebSocket URL.
    """

    def __init__(self, url: str) -> None:
        self.place = place_of(url)
        if not url.startswith(("ws://", "wss://")):
            raise LedgerError(
                f"{self.place} is not a WebSocket URL.",
                "PLEDGER_WS_URL begins with ws:// or wss://; without it, blocks are asked for.",
            )
        self.trouble: SocketFailed | None = None
        self._url = url
        self._told = -1
        self._told_at = -SILENT_SECONDS
        self._news = threading.Event()
        self._closed = threading.Event()
        self._socket: Connection | None = None
        self._thread = threading.Thread(target=self._listen, name="new-heads", daemon=True)

    @property
    def talks(self) -> bool:
        """Whether a block was told of lately."""
        return self.trouble is None and time.monotonic() - self._told_at < SILENT_SECONDS

    def wait(self, stop: threading.Event, poll_seconds: float, mirrored: int) -> None:
        """Returns when there is reason to look for a new block, at once when one was told of meanwhile.

        Waits for ``poll_seconds`` at most, longer while the socket talks, unless it told of a block after the
        one that is mirrored, which the node that is read had not yet. Returns soon after ``stop`` is set.
        """
        began = time.monotonic()
        while not stop.is_set():
            unhurried = self.talks and self._told <= mirrored
            limit = max(poll_seconds, UNHURRIED_SECONDS) if unhurried else poll_seconds
            rest = began + limit - time.monotonic()
            if rest <= 0 or self._news.wait(min(rest, 0.1)):
                break
        self._news.clear()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        if self._socket is not None:
            with suppress(WebSocketException, OSError):
                self._socket.close()
        self._thread.join(timeout=5)

    def _listen(self) -> None:
        pause = _SHORTEST_PAUSE
        while not self._closed.is_set():
            told = self._told_at
            try:
                with connect(
                    self._url, close_timeout=1, proxy=None if is_here(self._url) else True
                ) as socket:
                    self._socket = socket
                    self._hear(socket)
            except (WebSocketException, OSError, LedgerError) as error:
                reason = error.what if isinstance(error, LedgerError) else str(error) or type(error).__name__
                self.trouble = SocketFailed(f"The WebSocket {self.place} is not heard: {reason}.")
            pause = _SHORTEST_PAUSE if self._told_at != told else min(2 * pause, LONGEST_PAUSE)
            self._closed.wait(pause)

    def _hear(self, socket: Connection) -> None:
        socket.send(_SUBSCRIBE)
        while not self._closed.is_set():
            try:
                message = _message(socket.recv(timeout=GIVE_UP_SECONDS))
            except TimeoutError:
                return  # the chain may rest; listening anew costs little
            if message.get("error") is not None:
                raise SocketFailed(f"it refused to tell of new blocks ({message['error']})")
            if self.trouble is not None or message.get("id") == 1:
                self.trouble = None
                self._news.set()  # blocks may have come while nobody listened
            if message.get("method") == "eth_subscription":
                self._told, self._told_at = _number(message), time.monotonic()
                self._news.set()


def _message(text: str | bytes) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise SocketFailed("what it sends is not JSON-RPC")
    return message


def _number(message: dict[str, Any]) -> int:
    try:
        return int(message["params"]["result"]["number"], 16)
    except (KeyError, TypeError, ValueError):
        raise SocketFailed("it tells of what is not a block") from None
