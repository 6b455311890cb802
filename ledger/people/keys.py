"""Keys of machines: `pledger_<id>_<secret>`, of which only a hash is kept."""

import hmac
import re
import secrets
from collections.abc import Collection, Sequence
from hashlib import sha256

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from ledger.errors import LedgerError
from ledger.people.access import SCOPES, Right, rights_of
from ledger.people.acting import Place, role_of
from ledger.people.identity import Identity
from ledger.store.tables import ApiKey

MOST = 50
"""Keys of one account that are neither revoked nor over."""
PREFIX = "pledger"
"""Every key begins so: who finds one in a log or a repository knows what it is."""
_FORM = re.compile(rf"{PREFIX}_([0-9a-f]{{16}})_([0-9a-f]{{64}})")
_MINUTE = 60
_SHOWN = 200


class KeyRefused(LedgerError):
    """The key cannot be made."""


def make(
    session: Session, by: Identity, name: str, scopes: Collection[Right], *, now: int, seconds: int
) -> tuple[ApiKey, str]:
    """Makes a key of the account that ``by`` acts for, and returns it whole, which nobody can again. Commits
    nothing. Raises KeyRefused.
    """
    if not scopes or not set(scopes) <= SCOPES:
        raise KeyRefused(
            f"A key's scopes are some of {', '.join(sorted(SCOPES))}.",
            "Who acts for it, people decide.",
        )
    living = select(func.count()).select_from(ApiKey).where(*_of(by.place, by.account), *_living(now))
    if (session.scalar(living) or 0) >= MOST:
        raise KeyRefused(f"An account has {MOST} keys at most.", "Revoke one that is not used.")
    identifier, secret = secrets.token_hex(8), secrets.token_hex(32)
    row = ApiKey(
        id=identifier,
        secret_hash=_hash(secret),
        chain_id=by.place.chain_id,
        contract=by.place.contract,
        account=by.account,
        name=name,
        scopes=sorted(scopes),
        made_by=by.address,
        made_at=now,
        expires_at=now + seconds,
        revoked_at=None,
        last_used_at=None,
    )
    session.add(row)
    return row, f"{PREFIX}_{identifier}_{secret}"


def find(session: Session, key: str, now: int, *, lock: bool = False) -> Identity | None:
    """Whose key it is; None when it is nobody's, revoked, over, or of somebody who may make none any more."""
    form = _FORM.fullmatch(key)
    wanted = {"read": True} if lock else None
    row = None if form is None else session.get(ApiKey, form[1], with_for_update=wanted)
    if row is None or form is None or not hmac.compare_digest(row.secret_hash, _hash(form[2])):
        return None
    if row.revoked_at is not None or row.expires_at <= now:
        return None
    place = Place(row.chain_id, row.contract)
    makers = role_of(session, place, row.account, row.made_by, lock=lock)
    if makers is None or Right.KEYS_WRITE not in rights_of(makers):
        return None
    rights = frozenset(Right(each) for each in row.scopes) & SCOPES
    return Identity(place, row.account, row.made_by, None, rights, row.id, row.expires_at)


def note_use(session: Session, identifier: str, now: int) -> None:
    """Notes that a key was used: to the minute, so that a busy one writes once a minute. Commits nothing."""
    session.execute(
        update(ApiKey)
        .where(
            ApiKey.id == identifier,
            or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= now - _MINUTE),
        )
        .values(last_used_at=now - now % _MINUTE)
    )


def listed(session: Session, place: Place, account: bytes) -> Sequence[ApiKey]:
    """The newest keys of an account, those first that count: also some that are over."""
    order = (ApiKey.revoked_at.is_not(None), ApiKey.expires_at.desc(), ApiKey.id)
    wanted = select(ApiKey).where(*_of(place, account)).order_by(*order).limit(_SHOWN)
    return session.scalars(wanted).all()


def revoke(session: Session, place: Place, account: bytes, identifier: str, now: int) -> bool:
    """Revokes a key at once, and says whether the account has it; commits nothing."""
    done = session.execute(
        update(ApiKey)
        .where(*_of(place, account), ApiKey.id == identifier)
        .values(revoked_at=func.coalesce(ApiKey.revoked_at, now))
        .returning(ApiKey.id)
    )
    return done.first() is not None


def _of(place: Place, account: bytes) -> tuple[ColumnElement[bool], ...]:
    return (
        ApiKey.chain_id == place.chain_id,
        ApiKey.contract == place.contract,
        ApiKey.account == account,
    )


def _living(now: int) -> tuple[ColumnElement[bool], ...]:
    return ApiKey.revoked_at.is_(None), ApiKey.expires_at > now


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
