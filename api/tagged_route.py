"""Answers with an ``ETag``, so that whoever has the same body already is told so and sent nothing (304)."""

from collections.abc import Callable, Coroutine
from hashlib import sha256
from typing import Any

from fastapi import Request, Response

from api.reading_route import ReadingRoute
from api.stands_at import mark

_NOT_MODIFIED = 304
_UNCHANGED: dict[str, Any] = {
    "description": "The answer is the one whose ETag was sent as If-None-Match; it has no body",
    "headers": {"ETag": {"schema": {"type": "string"}}},
}


class TaggedRoute(ReadingRoute):
    """Tags successful GET answers with a hash of their bytes."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **said: Any) -> None:
        if "GET" in (said.get("methods") or ["GET"]):
            said["responses"] = {_NOT_MODIFIED: _UNCHANGED, **(said.get("responses") or {})}
        super().__init__(path, endpoint, **said)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, tagging."""
        handle = super().get_route_handler()

        async def tagged(request: Request) -> Response:
            response = await handle(request)
            if request.method != "GET" or response.status_code != 200:
                return response
            tag = f'"{sha256(response.body).hexdigest()[:32]}"'
            headers = {"ETag": tag, "Cache-Control": "no-cache"}
            if _has(request.headers.get("if-none-match", ""), tag):
                unchanged = Response(status_code=_NOT_MODIFIED, headers=headers)
                mark(request, unchanged)
                return unchanged
            response.headers.update(headers)
            return response

        return tagged


def _has(if_none_match: str, tag: str) -> bool:
    """Weak comparison, as RFC 9110 asks of If-None-Match."""
    offered = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return tag in offered or "*" in offered
