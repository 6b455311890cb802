"""Every error of the API as a problem+json body, never with a stack trace."""

import logging
import uuid
from collections.abc import Mapping
from typing import Any, cast

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.problems import (
    ADDRESS_INVALID,
    DATABASE_UNAVAILABLE,
    ID_INVALID,
    INTERNAL,
    KINDS,
    METHOD_NOT_ALLOWED,
    MIRROR_EMPTY,
    MIRROR_OF_ANOTHER_VERSION,
    NODE_UNAVAILABLE,
    NOT_FOUND,
    REFUSED,
    REQUEST_INVALID,
    Kind,
    Problem,
)
from ledger.chain.node import ChainMismatch, NodeFailed, NodeUnreachable
from ledger.errors import LedgerError
from ledger.store.failures import is_of_the_database
from ledger.store.projections import TablesOfAnotherVersion
from ledger.store.reading import DeploymentUnknown

_log = logging.getLogger(__name__)
SOON_AGAIN = {"Retry-After": "5"}
_UNREAD: Mapping[type[LedgerError], Kind] = {
    DeploymentUnknown: MIRROR_EMPTY,
    TablesOfAnotherVersion: MIRROR_OF_ANOTHER_VERSION,
}
"""What the mirror cannot say to an operation that needs it without naming a deployment."""
_FIELD_KINDS = {"address_invalid": ADDRESS_INVALID, "id_invalid": ID_INVALID}


def answer(
    kind: Kind,
    detail: str,
    *,
    hint: str | None = None,
    field: str | None = None,
    members: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem+json response; ``next`` says what to do, ``field`` names the part of the request at fault, as
    ``terms.payees.0.account``; ``errors`` lists it with all others that are.
    """
    body: dict[str, Any] = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "next": kind.hint if hint is None else hint,
    }
    if field is not None:
        body["field"] = dotted(field)
        body["errors"] = [{"field": dotted(field), "detail": detail}]
    body.update(members or {})
    return Response(
        orjson.dumps(body), kind.status, dict(headers or {}), media_type="application/problem+json"
    )


def dotted(field: str) -> str:
    """``terms.payees[0].account`` -> ``terms.payees.0.account``: the one form of paths in this API."""
    return field.replace("[", ".").replace("]", "")


def answer_problems(app: FastAPI) -> None:
    """Makes the app answer every error with a problem."""
    app.add_exception_handler(LedgerError, _ledger_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(NoConnectionLeft, _database)
    app.add_exception_handler(Exception, fault)


def _ledger_error(request: Request, error: Exception) -> Response:
    if isinstance(error, Problem):
        return answer(
            error.kind,
            error.what,
            hint=error.hint,
            field=error.field,
            members=error.members,
            headers=error.headers,
        )
    known = cast(LedgerError, error)
    if isinstance(known, NodeUnreachable | ChainMismatch):
        return answer(
            NODE_UNAVAILABLE, "The chain's node does not answer, or is of another chain.", headers=SOON_AGAIN
        )
    if isinstance(known, NodeFailed):
        # What a node says is wrong is its own text, which may name a key: it goes to the log only.
        _log.warning("node: %s %s: %s", request.method, request.url.path, known)
        return answer(
            NODE_UNAVAILABLE,
            "The chain's node answers, but not what is asked of it here: so it is not known.",
            headers=SOON_AGAIN,
        )
    for unread, kind in _UNREAD.items():
        if isinstance(known, unread):
            return answer(kind, known.what, hint=known.hint or None)
    return answer(REFUSED, known.what, hint=known.hint or None)


def _invalid(_: Request, error: Exception) -> Response:
    """Names the first field at fault; ``errors`` lists them all."""
    errors = [
        {"field": _field(each["loc"]), "detail": each["msg"], "kind": each["type"]}
        for each in cast(RequestValidationError, error).errors()
    ]
    first = errors[0]
    kind = _FIELD_KINDS.get(first.pop("kind"), REQUEST_INVALID)
    for each in errors[1:]:
        del each["kind"]
    return answer(
        kind, f"{first['field']}: {first['detail']}", field=first["field"], members={"errors": errors}
    )


def _field(location: tuple[int | str, ...]) -> str:
    """``("body", "terms", "payees", 0, "account")`` -> ``terms.payees.0.account``, in that same form."""
    places = ("body", "query", "path", "header")
    parts = location[1:] if len(location) > 1 and location[0] in places else location
    return ".".join(str(part) for part in parts)


def _http(request: Request, error: Exception) -> Response:
    known = cast(HTTPException, error)
    if known.status_code == METHOD_NOT_ALLOWED.status:
        what = f"{request.method} {request.url.path} is not offered."
        allowed = _allowed(request)
        return answer(METHOD_NOT_ALLOWED, what, headers={"Allow": allowed} if allowed else known.headers)
    if known.status_code == NOT_FOUND.status:
        return answer(NOT_FOUND, f"There is nothing at {request.url.path}.")
    kind = Kind(KINDS[REQUEST_INVALID.slug].slug, known.status_code, str(known.detail), REQUEST_INVALID.hint)
    return answer(kind, str(known.detail), headers=known.headers)


def _allowed(request: Request) -> str:
    """What all routes of a path take: the one that refused knows of its own methods alone. Empty of files."""
    routes = request.app.router.routes
    return ", ".join(
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches(dict(request.scope, method=method))[0] is Match.FULL for route in routes)
    )


def _database(request: Request, error: Exception) -> Response:
    if not is_of_the_database(error):
        return fault(request, error)
    # The driver's text names hosts and users: it goes to the log only.
    _log.error("database: %s %s: %s", request.method, request.url.path, error)
    return answer(
        DATABASE_UNAVAILABLE,
        "The database refused the connection or the query, or is too busy.",
        headers=SOON_AGAIN,
    )


def fault(request: Request, error: Exception) -> Response:
    """What nobody expected, under a name by which the log has it whole."""
    instance = uuid.uuid4().urn
    _log.error("%s: %s %s", instance, request.method, request.url.path, exc_info=error)
    return answer(INTERNAL, "An unexpected error; nothing was changed.", members={"instance": instance})
