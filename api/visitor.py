"""Who asks, of the operations that are not everybody's: by a session's cookie, or by a key of a machine."""

import time
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer
from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection

from api.own_origin import is_secure, own_origin, refuse_others
from api.problems import KEY_INVALID, NOT_ALLOWED, SIGN_IN_NEEDED, Kind, Problem
from api.session import Doors, OpenDoors, OpenSession
from ledger.people import keys, sessions
from ledger.people.access import MEANING, Right
from ledger.people.identity import Identity

COOKIE = "pledger_session"
_HOST_COOKIE = f"__Host-{COOKIE}"
"""Its name by https: no other host, and nothing without https, can set one of this name."""
_BEARER = {"WWW-Authenticate": 'Bearer realm="pledger"'}
_SAFE = ("GET", "HEAD", "OPTIONS")

SIGNED_IN: tuple[Kind, ...] = (SIGN_IN_NEEDED, KEY_INVALID)
"""What every operation that is not everybody's can answer with."""

_in_cookie = APIKeyCookie(
    name=COOKIE, scheme_name="session", auto_error=False, description="of whoever has signed in"
)
_in_header = HTTPBearer(
    scheme_name="key", auto_error=False, description="a key that an account's owner made for a machine"
)


def cookie_name(origin: str | None) -> str:
    """What the session's cookie is called at this address."""
    return _HOST_COOKIE if origin is not None and is_secure(origin) else COOKIE


def token_of(request: HTTPConnection, doors: Doors) -> str | None:
    """What the session's cookie holds; None without one."""
    return request.cookies.get(cookie_name(own_origin(request, doors.settings)))


def find_visitor(request: HTTPConnection, doors: Doors, session: Session) -> Identity | None:
    """Who asks; None when nobody has signed in. Raises ``Problem`` for a key that is not good, and for a
    write that a page of another site began.

    Before a write it stays so until the transaction ends: who is put out meanwhile is either too early or too
    late, never in between.
    """
    now, writes = int(time.time()), request.scope["method"] not in _SAFE
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if key:
        found = keys.find(session, key.strip(), now) if scheme.lower() == "bearer" else None
        if found is None or found.key is None:
            raise Problem(KEY_INVALID, "The key is not one that counts.", headers=_BEARER)
        with doors.database.session() as noting:
            keys.note_use(noting, found.key, now)
            noting.commit()
        return keys.find(session, key.strip(), now, lock=True) if writes else found
    token = token_of(request, doors)
    if token is None:
        return None
    refuse_others(request, doors.settings)
    return sessions.find(session, token, now, lock=writes)


def visitor(
    request: Request,
    doors: OpenDoors,
    session: OpenSession,
    _cookie: Annotated[Any, Depends(_in_cookie)],
    _header: Annotated[Any, Depends(_in_header)],
) -> Identity:
    """Who asks. Raises ``Problem`` (401) when nobody has signed in."""
    found = find_visitor(request, doors, session)
    if found is None:
        ended = token_of(request, doors) is not None
        what = "The session is over." if ended else "This is not everybody's to see or do."
        raise Problem(SIGN_IN_NEEDED, what, headers=_BEARER)
    return found


Visitor = Annotated[Identity, Depends(visitor)]


def may(right: Right) -> Callable[[Identity], Identity]:
    """A dependency: who asks, who has this right. Raises ``Problem`` (401, 403) otherwise."""

    def check(found: Visitor) -> Identity:
        require(found, right)
        return found

    return check


def require(found: Identity, right: Right) -> None:
    """Raises ``Problem`` (403) unless who asks has the right."""
    if right in found.rights:
        return
    who = f"The key {found.key}" if found.role is None else f"Your role, {found.role.value},"
    raise Problem(
        NOT_ALLOWED, f"{who} does not allow to {MEANING[right]} ({right.value}).", right=right.value
    )
