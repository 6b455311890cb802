"""A server that cannot start says why in a line, as every command does; frameworks would log a traceback."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.errors import LedgerError

_FAILED = "lifespan.startup.failed"


class Starting:
    """Words the failure of a start that its user can act on; any other goes through as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application; of the server's messages, only that the start failed waits for its cause."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        failed: list[Message] = []

        async def told(message: Message) -> None:
            if message["type"] == _FAILED:
                failed.append(message)
            else:
                await send(message)

        try:
            await self._app(scope, receive, told)
        except LedgerError as error:
            if not failed:
                raise
            await send({"type": _FAILED, "message": str(error)})
        except BaseException:
            for message in failed:
                await send(message)
            raise
