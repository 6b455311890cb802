"""Answers compressed (gzip) for whoever takes that, but for drafts.

A draft's answer holds a secret, its link, beside text that others choose; compressed, its length would say
how much the two have in common (the attack called BREACH).
"""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.places import is_secret

_LEAST_BYTES = 1_000
_LEVEL = 6
_REFUSED = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


class Compression:
    """Compresses, and makes every ``ETag`` a weak one: the same tag is given for either form of the bytes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=_LEAST_BYTES, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application, compressing."""
        if scope["type"] != "http" or is_secret(scope["path"]):
            await self._app(scope, receive, send)
            return
        if _REFUSED.search(Headers(scope=scope).get("accept-encoding", "")):
            without = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
            scope = dict(scope, headers=without)
        await self._compressing(scope, receive, _weakly(send))


def _weakly(send: Send) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            tag = headers.get("ETag")
            if tag is not None:
                headers["ETag"] = tag if tag.startswith("W/") else f"W/{tag}"
                if "accept-encoding" not in headers.get("Vary", "").lower():
                    headers.add_vary_header("Accept-Encoding")
        await send(message)

    return answer
