"""HEAD wherever GET is, with the same headers; OPTIONS says what an address takes."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOT_ALLOWED, _NO_CONTENT = 405, 204
_READS = "GET, HEAD, OPTIONS"


class Methods:
    """Answers HEAD as GET without its body, and OPTIONS from what is answered to a method not taken."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application, for any method."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = scope["method"]
        bare = False

        async def answer(message: Message) -> None:
            nonlocal bare
            if message["type"] == "http.response.start":
                bare = asked == "HEAD"
                if message["status"] == _NOT_ALLOWED:
                    headers = MutableHeaders(raw=message["headers"])
                    headers["Allow"] = _with_implied(headers.get("Allow", _READS))
                    if asked == "OPTIONS":
                        message["status"], bare = _NO_CONTENT, True
                        del headers["Content-Type"], headers["Content-Length"]
            elif bare and message["type"] == "http.response.body":
                if message.get("more_body", False):
                    return
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        # A copy: the server looks at its own to know that no body follows.
        seen = dict(scope, method="GET") if asked == "HEAD" else scope
        await self._app(seen, receive, answer)


def _with_implied(allowed: str) -> str:
    methods = [each.strip() for each in allowed.split(",")]
    if "GET" in methods and "HEAD" not in methods:
        methods.insert(methods.index("GET") + 1, "HEAD")
    return ", ".join(dict.fromkeys([*methods, "OPTIONS"]))
