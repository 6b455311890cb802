"""Finding the operation or page of a path: whoever has none that begins like it is not looked through."""

from functools import cached_property

from fastapi import APIRouter
from starlette.routing import Match, Route
from starlette.types import Scope


class Router(APIRouter):
    """Routes of one resource. A request passes by all routers before its own, and by each of their routes."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether one of its routes is asked for, and which."""
        return super().matches(scope) if may_begin(scope, self._begin) else (Match.NONE, {})

    @cached_property
    def _begin(self) -> tuple[str, ...]:
        """When it is first asked, all routes are there. Of what is within another router nobody knows."""
        return tuple({fixed_part(each.path) if isinstance(each, Route) else "" for each in self.routes})


def fixed_part(path: str) -> str:
    """How every path of a route begins: ``/partners/{address}/deals`` -> ``/partners/``."""
    return path.partition("{")[0]


def may_begin(scope: Scope, beginnings: str | tuple[str, ...]) -> bool:
    """Whether the path that is asked for begins like this; where the server is below a path, it may."""
    return bool(scope.get("root_path")) or scope["path"].startswith(beginnings)
