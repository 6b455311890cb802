"""So many requests at a time: each of those that work has a thread and connections to the database for sure.

Otherwise one that has a connection waits for a thread, and the one that has the thread for a connection.
"""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from api.problem_answers import SOON_AGAIN, answer
from api.problems import DATABASE_UNAVAILABLE
from ledger.store.database import CONNECTIONS

AT_A_TIME = CONNECTIONS // 2
"""A request takes one connection, and some take a second one."""
WAIT_SECONDS = 10.0
"""For its turn; who asks is then told when to ask again."""
_AT_ONCE = ("/healthz", "/static/")
"""What needs no database is not kept waiting by who does."""


class Turns:
    """Lets requests in as others end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._free = asyncio.Semaphore(AT_A_TIME)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application, in turn."""
        if scope["type"] != "http" or scope["path"].startswith(_AT_ONCE):
            await self._app(scope, receive, send)
            return
        try:
            if self._free.locked():
                await asyncio.wait_for(self._free.acquire(), WAIT_SECONDS)
            else:
                await self._free.acquire()  # at once: it needs no clock
        except TimeoutError:
            full = answer(DATABASE_UNAVAILABLE, "Too much is asked at once.", headers=SOON_AGAIN)
            await full(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            self._free.release()
