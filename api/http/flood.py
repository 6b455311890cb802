"""What one address may ask of the server: drafts cost the chain's node and the database something, so that
nobody makes them by the thousand.

Counted in this process, by the client's address: whoever starts several processes multiplies what they take.
"""

import ipaddress
import math
from collections import OrderedDict
from threading import Lock
from time import monotonic

from starlette.types import ASGIApp, Receive, Scope, Send

from api.problem_answers import answer
from api.problems import TOO_MANY_REQUESTS

DRAFTS = "/v1/agreements/drafts"
_HOUR = 3_600.0
_OTHERS = 10
"""Signatures and activations for each draft that may be made."""
_MOST_CLIENTS = 10_000
_IPV6_BITS = 64
"""What one subscriber is given of IPv6."""


class Allowance:
    """So many an hour for each client, half of them at once; then one after the other as time passes."""

    def __init__(self, per_hour: int) -> None:
        self._per_second = per_hour / _HOUR
        self._most = max(1.0, per_hour / 2)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, client: str, now: float) -> float:
        """Takes one, and returns 0; or how many seconds it takes until there is one again."""
        with self._lock:
            left, since = self._left.pop(client, (self._most, now))
            left = min(self._most, left + (now - since) * self._per_second)
            wait = 0.0 if left >= 1 else (1 - left) / self._per_second
            self._left[client] = (left if wait else left - 1, now)
            while len(self._left) > _MOST_CLIENTS:
                self._left.popitem(last=False)
            return wait


class Flood:
    """Answers 429 to who asks for more drafts, or hands in more signatures, than one address may."""

    def __init__(self, app: ASGIApp, drafts_per_hour: int) -> None:
        self._app = app
        self._drafts = Allowance(drafts_per_hour)
        self._others = Allowance(drafts_per_hour * _OTHERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application, or the problem."""
        allowance = self._allowance(scope) if scope["type"] == "http" else None
        wait = 0.0 if allowance is None else allowance.take(client_of(scope), monotonic())
        if not wait:
            await self._app(scope, receive, send)
            return
        seconds = str(math.ceil(wait))
        what = f"This address has made more drafts than it may; the next one in {seconds} seconds."
        refusal = answer(TOO_MANY_REQUESTS, what, headers={"Retry-After": seconds})
        await refusal(scope, receive, send)

    def _allowance(self, scope: Scope) -> Allowance | None:
        path = scope["path"].rstrip("/")
        if scope["method"] != "POST" or not path.startswith(DRAFTS):
            return None
        return self._drafts if path == DRAFTS else self._others


def client_of(scope: Scope) -> str:
    """Whom a request counts for: its address, of IPv6 the subscriber's network."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), _IPV6_BITS), strict=False))
