"""A fault of the server's is answered where every other answer passes: with the headers that all have."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem_answers import fault


class Faults:
    """Answers what nobody expected. (The framework's own answer is given outside of all layers.)"""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application, or the problem; what breaks in the middle of an answer goes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def told(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, told)
        except Exception as error:
            if begun:
                raise
            await fault(Request(scope), error)(scope, receive, send)
