"""Routes that read the mirror: what a replica could not finish is asked of the primary, once."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError

from api.reader_choice import give_up_replica
from api.stands_at import mark


class ReadingRoute(APIRoute):
    """Says in each answer how far the mirror was that gave it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, asking again."""
        handle = super().get_route_handler()

        async def reading(request: Request) -> Response:
            try:
                response = await handle(request)
            except DBAPIError as error:
                if not give_up_replica(request, error):
                    raise
                response = await handle(request)
            mark(request, response)
            return response

        return reading
