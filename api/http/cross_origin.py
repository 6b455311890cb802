"""Other sites' pages may read what is everybody's, without the visitor's cookies; drafts they may not."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.places import is_public
from api.stands_at import AT_LEAST, SILENT_FOR, STANDS_AT

_READ = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": f"ETag, Retry-After, {STANDS_AT}, {SILENT_FOR}",
}
_MAY_BE_ASKED = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": f"If-None-Match, {AT_LEAST}",
    "Access-Control-Max-Age": "86400",
}


class CrossOrigin:
    """Says so in the headers that browsers look for (CORS)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application, with those headers where reading is everybody's."""
        if scope["type"] != "http" or not is_public(scope["path"]):
            await self._app(scope, receive, send)
            return
        added = _READ
        if scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope):
            added = _READ | _MAY_BE_ASKED

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(raw=message["headers"]).update(added)
            await send(message)

        await self._app(scope, receive, answer)
