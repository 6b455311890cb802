"""Routes that read the mirror: what a replica could not finish is asked of the primary, once."""

from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from starlette.routing import Match
from starlette.types import Scope

from api.as_of import Answering
from api.http.routing import fixed_part, may_begin
from api.reader_choice import give_up_replica
from api.stands_at import mark


class ReadingRoute(APIRoute):
    """Says in each answer how far the mirror was that gave it.

    An answer is made whole in the thread that read it: a model is written as it is, since what made it has
    checked it already.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **said: Any) -> None:
        super().__init__(path, endpoint if iscoroutinefunction(endpoint) else _closing(endpoint), **said)
        self._begin = fixed_part(path)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether it is asked for."""
        return super().matches(scope) if may_begin(scope, self._begin) else (Match.NONE, {})

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


def _closing(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint, which closes what it read from."""

    @wraps(endpoint)
    def closing(*args: Any, **given: Any) -> Any:
        with ExitStack() as stack:
            for each in given.values():
                if isinstance(each, Answering):
                    stack.callback(each.close)
            found = endpoint(*args, **given)
        if isinstance(found, BaseModel):
            return Response(found.model_dump_json(by_alias=True), media_type="application/json")
        return found

    return closing
