"""What this server is called by browsers, and whether a request comes from a page of its own."""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from api.problems import ORIGIN_REFUSED, SIGN_IN_NOT_SET_UP, Problem
from ledger.settings import Settings

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_SAFE = ("GET", "HEAD", "OPTIONS")


def own_origin(request: HTTPConnection, settings: Settings) -> str | None:
    """``https://host``, as the operator set it; else the address that was asked, where both ends are on this
    machine: anything else that a request says of its host is the word of who sent it. None: it is not known.
    """
    if settings.public_url:
        return settings.public_origin
    host = request.headers.get("host", "").lower()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    if name not in _LOOPBACK_NAMES or request.client is None:
        return None
    try:
        here = ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return None
    return f"http://{host}" if here else None


def require_origin(request: HTTPConnection, settings: Settings) -> str:
    """The same. Raises ``Problem`` when it is not known: then nobody can sign in."""
    found = own_origin(request, settings)
    if found is None:
        raise Problem(
            SIGN_IN_NOT_SET_UP, "This server does not know its own address, to which sign-ins are bound."
        )
    return found


def refuse_others(request: HTTPConnection, settings: Settings) -> None:
    """Raises ``Problem`` for a write that another site's page has a browser send with this one's cookie."""
    if request.scope["method"] in _SAFE:
        return
    given = request.headers.get("origin")
    if given is not None:
        own = given.lower() == own_origin(request, settings)
    else:
        own = request.headers.get("sec-fetch-site") in ("same-origin", "none")
    if not own:
        said = "no Origin header" if given is None else f"the origin {given[:100]!r}"
        raise Problem(ORIGIN_REFUSED, f"It comes with a session's cookie, and {said}.")


def refuse_strangers(request: HTTPConnection, settings: Settings) -> None:
    """Raises ``Problem`` for a page of another site that would sign its visitor in here as somebody else."""
    given = request.headers.get("origin")
    if given is not None and given.lower() != own_origin(request, settings):
        raise Problem(ORIGIN_REFUSED, f"It comes from the origin {given[:100]!r}.")


def is_secure(origin: str) -> bool:
    """Whether cookies go by https alone."""
    return urlsplit(origin).scheme == "https"
