"""Bodies of requests: of a bounded size, JSON, and of one meaning, before anything else looks at them."""

import asyncio
import email.message

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.strict_json import NotTaken, check
from api.problem_answers import answer
from api.problems import BODY_TOO_LARGE, BODY_TOO_SLOW, MEDIA_TYPE, REQUEST_INVALID

MAX_BYTES = 640 * 1024
"""More than terms of 1,000 payees need."""
MAX_SECONDS = 30.0
"""For all of it to come."""


class Bodies:
    """Reads a body before the application does, and answers itself when it is not one to be taken."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application, with bodies that it can take."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _announced(headers) > MAX_BYTES:
            await _too_large()(scope, receive, send)
            return
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(MAX_SECONDS):
                body = await _read(receive)
        except TimeoutError:
            await _too_slow()(scope, receive, send)
            return
        except _Gone:
            return  # half of a body is not a body, and nobody waits for an answer
        refused = _refused(headers, body)
        if body is None or refused is not None:
            await (refused or _too_large())(scope, receive, send)
            return

        given = False

        async def again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)


class _Gone(Exception):
    """Who sent the body has hung up in the middle of it."""


async def _read(receive: Receive) -> bytes | None:
    """The body; None as soon as it is too large, without what is left of it."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)


def _refused(headers: Headers, body: bytes | None) -> Response | None:
    if not body:
        return None
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding != "identity":
        return answer(MEDIA_TYPE, f"Expected a body as it is, got the content encoding {coding!r}.")
    given = headers.get("content-type", "")
    message = email.message.Message()
    message["content-type"] = given or "unsaid"
    charset = str(message.get_param("charset", "utf-8")).lower()
    if message.get_content_type() != "application/json" or charset not in ("utf-8", "utf8"):
        came = repr(given) if given else "none"
        return answer(MEDIA_TYPE, f"Expected the content type application/json in UTF-8, got {came}.")
    try:
        check(body)
    except NotTaken as error:
        what = f"{error.path or 'The body'}: {error.why}."
        return answer(
            REQUEST_INVALID,
            what,
            hint=error.hint or None,
            field=error.path or "body",
            members={"errors": [{"field": error.path or "body", "detail": error.why}]},
        )
    return None


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 20 else 0


def _too_slow() -> Response:
    detail = f"The body did not come whole within {MAX_SECONDS:g} seconds."
    return answer(BODY_TOO_SLOW, detail, headers={"Connection": "close"})


def _too_large() -> Response:
    # Whoever is told so while still sending is not listened to any further.
    return answer(BODY_TOO_LARGE, f"A body has {MAX_BYTES:,} bytes at most.", headers={"Connection": "close"})
