"""Rendering a page: everything is escaped, and the browser is told to run nothing from elsewhere."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy.exc import OperationalError

from api.drafts.quantities import day, moment, percent, short
from api.identifiers import checksummed, hexadecimal
from api.portal.visible import visible
from api.problems import DATABASE_UNAVAILABLE, NODE_UNAVAILABLE, REFUSED, Problem
from api.reading_route import ReadingRoute
from api.stands_at import remember
from ledger.chain.node import ChainMismatch, NodeUnreachable
from ledger.errors import LedgerError

_log = logging.getLogger(__name__)

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
    day=day,
    hexadecimal=hexadecimal,
    moment=moment,
    percent=percent,
    short=short,
    visible=visible,
)


def page(template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page from a template."""
    return HTMLResponse(_templates.get_template(template).render(**context), status, HEADERS)


class PageRoute(ReadingRoute):
    """Answers problems with a page instead of problem+json, and shows a browser nothing older than before."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, with problems in words for people."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                response = await handler(request)
            except LedgerError as error:
                return _problem(error)
            except OperationalError as error:
                # The driver's text names hosts and users: it goes to the log only.
                _log.error("database: %s: %s", request.url.path, error.orig)
                return _problem(Problem(DATABASE_UNAVAILABLE, "The database does not answer."))
            remember(request, response)
            return response

        return handle


def _problem(error: LedgerError) -> HTMLResponse:
    kind = REFUSED
    if isinstance(error, Problem):
        kind = error.kind
    elif isinstance(error, NodeUnreachable | ChainMismatch):
        kind = NODE_UNAVAILABLE
    shown = page("problem.html", kind.status, here="", headline=kind.title, what=error.what, hint=error.hint)
    if isinstance(error, Problem):
        shown.headers.update(error.headers)
    return shown
