"""``/v1/keys``: machines act for an account with keys that its owner makes."""

import time
from typing import Annotated

from fastapi import Depends, Response

from api.http.routing import Router
from api.keys.schemas import KeyBody, KeyRequest, KeysBody, NewKeyBody
from api.problem_schema import TAKES_A_BODY, problems
from api.problems import NOT_ALLOWED, ORIGIN_REFUSED, Problem, kind
from api.session import OpenSession
from api.visitor import SIGNED_IN, may
from ledger.people import acting, keys
from ledger.people.access import Right, rights_of
from ledger.people.identity import Identity
from ledger.store.tables import ApiKey
from ledger.terms.units import DAY

router = Router(prefix="/v1/keys", tags=["people"])
KEY_REFUSED = kind(
    "key-refused", 422, "This key cannot be made", "Give it scopes that keys may have, and a name."
)
KEY_UNKNOWN = kind("key-unknown", 404, "The account has no such key", "GET /v1/keys lists them.")
_WRITES = (*TAKES_A_BODY, *SIGNED_IN, NOT_ALLOWED, ORIGIN_REFUSED)
_PRIVATE = {"Cache-Control": "no-store"}

Reader = Annotated[Identity, Depends(may(Right.KEYS_READ))]
Owner = Annotated[Identity, Depends(may(Right.KEYS_WRITE))]


@router.get("", summary="List keys", responses=problems(*SIGNED_IN, NOT_ALLOWED))
def list_keys(reader: Reader, session: OpenSession, response: Response) -> KeysBody:
    """The account's keys without their secrets: what each may do, until when, and when it was last used."""
    makers: dict[bytes, bool] = {}
    now = int(time.time())
    found = []
    for row in keys.listed(session, reader.place, reader.account):
        if row.made_by not in makers:
            role = acting.role_of(session, reader.place, reader.account, row.made_by)
            makers[row.made_by] = role is not None and Right.KEYS_WRITE in rights_of(role)
        found.append(_body(row, makers[row.made_by], now))
    response.headers.update(_PRIVATE)
    return KeysBody(keys=found)


@router.post("", status_code=201, summary="Make a key", responses=problems(*_WRITES, KEY_REFUSED))
def make_key(asked: KeyRequest, owner: Owner, session: OpenSession, response: Response) -> NewKeyBody:
    """Makes a key, and shows it this once. It is sent as `Authorization: Bearer pledger_…`."""
    now = int(time.time())
    try:
        row, whole = keys.make(
            session, owner, asked.name.strip(), asked.scopes, now=now, seconds=asked.days * DAY
        )
    except keys.KeyRefused as error:
        raise Problem(KEY_REFUSED, error.what, field="scopes", hint=error.hint) from error
    session.commit()
    response.headers.update(_PRIVATE)
    return NewKeyBody(**_body(row, True, now).model_dump(), key=whole)


@router.delete("/{id}", summary="Revoke a key", responses=problems(*_WRITES, KEY_UNKNOWN))
def revoke_key(id: str, owner: Owner, session: OpenSession, response: Response) -> KeyBody:
    """Ends it at once, and for good."""
    now = int(time.time())
    if not keys.revoke(session, owner.place, owner.account, id, now):
        raise Problem(KEY_UNKNOWN, f"The account has no key {id[:40]!r}.")
    session.commit()
    response.headers.update(_PRIVATE)
    return _body(session.get_one(ApiKey, id), False, now)


def _body(row: ApiKey, makers: bool, now: int) -> KeyBody:
    return KeyBody(
        id=row.id,
        name=row.name,
        scopes=[Right(each) for each in row.scopes],
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
        counts=makers and row.revoked_at is None and row.expires_at > now,
    )
