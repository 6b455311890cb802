"""Rendering a page: everything is escaped, and the browser is told to run nothing from elsewhere."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.identifiers import checksummed, hexadecimal
from api.portal.codes import blanks, event, minus, signed, words
from api.portal.site import Site, current_site
from api.portal.times import day, moment
from api.portal.visible import visible
from api.reading_route import ReadingRoute
from api.session import doors_of
from api.stands_at import remember
from ledger.terms.quantities import duration, percent, short

HEADERS = {
    # Wallets give their icons as data URLs; nothing else comes from anywhere but here, and nothing is inline.
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
}

_templates = Environment(
    loader=PackageLoader("api.portal"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(
    address=checksummed,
    blanks=blanks,
    day=day,
    duration=duration,
    event=event,
    hexadecimal=hexadecimal,
    minus=minus,
    moment=moment,
    percent=percent,
    short=short,
    signed=signed,
    visible=visible,
    words=words,
)
_templates.globals["site"] = current_site.get


def page(template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page from a template."""
    return HTMLResponse(_templates.get_template(template).render(**context), status, HEADERS)


class PageRoute(ReadingRoute):
    """Knows the site that its pages belong to, and shows a browser nothing older than before.

    Problems of its pages are shown by ``api.portal.problem_pages``.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, for people."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            current_site.set(await Site.of(request, doors_of(request)))
            response = await handler(request)
            remember(request, response)
            return response

        return handle
