"""What every answer says that does not say otherwise."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Defaults:
    """Nobody keeps an answer that does not say for how long: caches would go on saying that a partner is not
    known, or that the server is ready. And a redirect leads to a path of this server: which host a request
    names, and whether by https, is the word of who sent it, or of a proxy.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application, with those headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers.setdefault("Cache-Control", "no-store")
                if "Location" in headers:
                    headers["Location"] = _path(headers["Location"])
            await send(message)

        await self._app(scope, receive, answer)


def _path(location: str) -> str:
    parts = urlsplit(location)
    path = "/" + parts.path.lstrip("/")  # two at the beginning would name a host again
    return f"{path}?{parts.query}" if parts.query else path
