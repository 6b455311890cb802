"""Problems as pages: what a browser meets in place of problem+json, with a way on.

Whatever answers with a problem (an operation, the router, a limit on requests) is shown like this to whoever
accepts HTML. Programs, which do not ask for it, get the problem as it is.
"""

from dataclasses import dataclass
from gzip import decompress
from typing import Any
from urllib.parse import urlsplit

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.portal.pages import page
from api.portal.site import Site, current_site
from api.problems import NOT_FOUND

_PROBLEM = "application/problem+json"
_KEPT = ("allow", "retry-after", "vary", "pledger-block", "set-cookie")
"""Headers of the problem that its page has too."""
_TRY_AGAIN = (429, 500, 502, 503, 504)


_SIGN_IN_HELPS = ("sign-in-needed", "draft-private")


@dataclass(frozen=True)
class Way:
    """A link that leads on."""

    label: str
    href: str


_LISTS = {
    "partners": Way("All partners", "/partners"),
    "agreements": Way("All agreements", "/agreements"),
    "deals": Way("All deals", "/deals"),
    "payouts": Way("All payouts", "/payouts"),
    "conflicts": Way("All conflicts", "/conflicts"),
    "entries": Way("All entries", "/entries"),
    "drafts": Way("Draft an agreement", "/drafts/new"),
}
_HINTS = {
    "partner-unknown": "An account has a page once it has registered, or an agreement names it. Look for "
    "it among the partners.",
    "agreement-unknown": "It may not be signed by all yet, or the address was not copied whole.",
    "deal-unknown": "The address may not have been copied whole. Look for it among the deals.",
    "address-invalid": "An account is 0x and 40 of the digits 0-9 and a-f: copy it whole, or choose it from "
    "the list.",
    "id-invalid": "An id is 0x and 64 of the digits 0-9 and a-f: copy it whole, or choose it from the list.",
    "cursor-invalid": "Begin at the list's first page.",
    "not-found": "Check the address for a typing error, or choose where to go.",
    "method-not-allowed": "Go to the page itself instead.",
    "request-invalid": "Leave out of the address what it names, or choose where to go.",
    "sign-in-needed": "It is not everybody’s to see or do: sign in with your wallet.",
    "node-unavailable": "Try again in a moment. Pages that only read the ledger work meanwhile.",
}
"""What to do next, for people, where the problem's own `next` is for programs."""


class ProblemPages:
    """Middleware that shows problems as pages to whoever accepts HTML."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on but the body of a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = accepts_pages(Headers(scope=scope))
        problem: Message | None = None
        body = bytearray()

        async def sending(message: Message) -> None:
            nonlocal problem
            if message["type"] == "http.response.start" and _is_problem(message):
                MutableHeaders(scope=message).add_vary_header("Accept")
                problem = message if asked else None
            elif problem is not None:
                body.extend(message.get("body", b""))
            if problem is None:
                await send(message)
            elif message["type"] == "http.response.body" and not message.get("more_body"):
                request = Request(scope)
                current_site.set(await _site(request))
                shown = _page(request, problem["status"], Headers(scope=problem), bytes(body))
                await shown(scope, receive, send)

        await self._app(scope, receive, sending)


def show_problems_as_pages(app: FastAPI) -> None:
    """Has the app show every problem as a page to whoever accepts HTML: also a fault of the server's, which
    is answered outside of all middleware.
    """
    app.add_middleware(ProblemPages)
    as_json = app.exception_handlers[Exception]

    async def fault(request: Request, error: Exception) -> Response:
        answer: Response = as_json(request, error)  # type: ignore[assignment]  # it is not a coroutine
        if not accepts_pages(request.headers):
            return answer
        current_site.set(await _site(request))
        return _page(request, answer.status_code, answer.headers, bytes(answer.body))

    app.add_exception_handler(Exception, fault)


def accepts_pages(headers: Headers) -> bool:
    """Whether whoever asks can show HTML. Browsers say so; programs, curl and scripts of a page do not."""
    accepted = (part.partition(";") for part in headers.get("accept", "").lower().split(","))
    return any(kind.strip() == "text/html" and q.strip() != "q=0" for kind, _, q in accepted)


def _is_problem(message: Message) -> bool:
    return Headers(scope=message).get("content-type", "").startswith(_PROBLEM)


def _page(request: Request, status: int, headers: Headers, body: bytes) -> HTMLResponse:
    problem = _read(headers, body)
    slug = str(problem.get("type", "")).rpartition("/")[2]
    what = str(problem.get("detail", ""))
    if slug in ("id-invalid", "address-invalid") and problem.get("field") in request.path_params:
        what = f"The address of this page ends in “{request.url.path.rpartition('/')[2][:100]}”."
    shown = page(
        "problem.html",
        status,
        here="",
        headline=str(problem.get("title") or "That did not work"),
        what=what,
        hint=_HINTS.get(slug) or str(problem.get("next") or ""),
        instance=problem.get("instance"),
        signs_in=slug in _SIGN_IN_HELPS,
        ways=_ways(request, slug, status),
    )
    shown.headers["Vary"] = "Accept"
    for name, value in headers.items():
        if name in _KEPT:
            shown.headers[name] = value
    return shown


async def _site(request: Request) -> Site:
    doors = getattr(request.app.state, "doors", None)
    return Site() if doors is None else await Site.of(request, doors)


def _read(headers: Headers, body: bytes) -> dict[str, Any]:
    """The problem; nothing of one without a body, which is the answer to HEAD."""
    if headers.get("content-encoding") == "gzip":
        body = decompress(body)
    found: dict[str, Any] = orjson.loads(body) if body else {}
    return found


def _ways(request: Request, slug: str, status: int) -> list[Way]:
    """The nearest list first, then the lists and home."""
    path = request.url.path
    here = Way("Try again", path + (f"?{request.url.query}" if request.url.query else ""))
    nearest = _LISTS.get(path.strip("/").partition("/")[0])
    ways = []
    if status in _TRY_AGAIN and request.method == "GET":
        ways.append(here)
    elif slug in ("cursor-invalid", "request-invalid") and request.url.query and request.method == "GET":
        ways.append(Way("The page without that", urlsplit(path).path))
    if nearest is not None and nearest.href != path:
        ways.append(nearest)
    if slug == NOT_FOUND.slug and nearest is None:
        ways += [_LISTS["partners"], _LISTS["agreements"], _LISTS["deals"]]
    return [*ways, Way("Go to the ledger", "/")]
