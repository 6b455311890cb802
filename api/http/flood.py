"""What one address may ask of the server: drafts and sign-ins cost the chain's node and the database
something, so that nobody makes them by the thousand. Whoever fills in a form makes mistakes: a draft that is
refused counts only as an attempt, of which there are many more.

Counted in this process, by the client's address: whoever starts several processes multiplies what they take.
"""

import ipaddress
import math
from collections import OrderedDict
from threading import Lock
from time import monotonic

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem_answers import answer
from api.problems import TOO_MANY_REQUESTS

DRAFTS = "/v1/agreements/drafts"
ACTIONS = "/v1/actions"
PASSKEYS = "/v1/passkeys"
SIGN_IN = "/v1/sign-in"
_HOUR, _MINUTE = 3_600.0, 60.0
_OTHERS = 10
"""Attempts at drafts, signatures and activations, and acts and passkeys that are asked about, for each draft
that may be made.
"""
_STORED = 201
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

    def give_back(self, client: str) -> None:
        """Undoes a taking whose purpose came to nothing."""
        with self._lock:
            if client in self._left:
                left, since = self._left[client]
                self._left[client] = (min(self._most, left + 1), since)


class Flood:
    """Answers 429 to who sends more drafts, hands in more signatures, or signs in more often, than one
    address may. 0: without limit.
    """

    def __init__(self, app: ASGIApp, drafts_per_hour: int, sign_ins_per_hour: int) -> None:
        self._app = app
        self._limits_drafts, self._limits_sign_ins = bool(drafts_per_hour), bool(sign_ins_per_hour)
        self._sign_ins = Allowance(sign_ins_per_hour)
        self._drafts = Allowance(drafts_per_hour)
        self._attempts = Allowance(drafts_per_hour * _OTHERS)
        self._others = Allowance(drafts_per_hour * _OTHERS)
        self._acts = Allowance(drafts_per_hour * _OTHERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application, or the problem."""
        path = scope["path"].rstrip("/") if scope["type"] == "http" else ""
        if self._limits_sign_ins and path.startswith(SIGN_IN) and scope["method"] == "POST":
            wait = self._sign_ins.take(client_of(scope), monotonic())
            await (_too_many("sign-ins", wait) if wait else self._app)(scope, receive, send)
        elif not self._limits_drafts or scope.get("method") != "POST":
            await self._app(scope, receive, send)
        elif path.startswith((ACTIONS, PASSKEYS)):
            wait = self._acts.take(client_of(scope), monotonic())
            await (_too_many("requests", wait) if wait else self._app)(scope, receive, send)
        elif not path.startswith(DRAFTS):
            await self._app(scope, receive, send)
        elif path == DRAFTS:
            await self._draft(scope, receive, send)
        else:
            wait = self._others.take(client_of(scope), monotonic())
            await (_too_many("requests", wait) if wait else self._app)(scope, receive, send)

    async def _draft(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Takes of both first, as many may ask at once; gives the draft's back if none was stored."""
        client = client_of(scope)
        wait = self._attempts.take(client, monotonic()) or self._drafts.take(client, monotonic())
        if wait:
            await _too_many("drafts", wait)(scope, receive, send)
            return
        stored = False

        async def watched(message: Message) -> None:
            nonlocal stored
            stored = stored or message.get("status") == _STORED
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            if not stored:
                self._drafts.give_back(client)


def _too_many(what: str, wait: float) -> Response:
    """``wait``: in how many seconds there is one again."""
    minutes = math.ceil(wait / _MINUTE)
    soon = "a minute" if minutes == 1 else f"{minutes} minutes"
    return answer(
        TOO_MANY_REQUESTS,
        f"Too many {what} from here: try again in {soon}.",
        hint="Then send it again as it is: nothing of it was stored.",
        headers={"Retry-After": str(math.ceil(wait))},
    )


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
