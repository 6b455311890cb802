"""Styles, scripts and pictures of the portal, from this folder only."""

from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).with_name("static")


class PortalFiles(StaticFiles):
    """Files that are asked for again each time and sent again only when they changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, which no browser takes for anything but what it is."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
