"""Sessions: begun by a signature, and good for as long as the wallet acts for the account.

The token is 32 random bytes; of it only a hash is kept. Nobody chooses it, and every sign-in makes a new one,
so that a session cannot be foisted on anybody.
"""

import secrets
from hashlib import sha256

from sqlalchemy import ColumnElement, CursorResult, delete, desc, select, update
from sqlalchemy.orm import Session

from ledger.people.access import rights_of
from ledger.people.acting import Place, role_of
from ledger.people.identity import Identity
from ledger.store.tables import SignIn

MOST = 20
"""Sessions of one wallet at once; the oldest ends when another begins."""


def begin(session: Session, place: Place, address: bytes, account: bytes, *, now: int, seconds: int) -> str:
    """Begins a session of a wallet whose signature was checked, and returns its token. Commits nothing."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
    others = select(SignIn.token_hash).where(*_of(place, address))
    beyond = others.order_by(desc(SignIn.created_at), SignIn.token_hash).offset(MOST - 1)
    session.execute(delete(SignIn).where(SignIn.token_hash.in_(beyond.scalar_subquery())))
    session.add(
        SignIn(
            chain_id=place.chain_id,
            contract=place.contract,
            token_hash=_hash(token),
            address=address,
            account=account,
            created_at=now,
            expires_at=now + seconds,
        )
    )
    return token


def find(session: Session, token: str, now: int, *, lock: bool = False) -> Identity | None:
    """Who has this session; None when there is none, when it is over, and when the wallet does not act for
    the account any more: as the mirror says now, whatever it said when the session began.
    """
    row = session.scalar(select(SignIn).where(SignIn.token_hash == _hash(token), SignIn.expires_at > now))
    if row is None:
        return None
    place = Place(row.chain_id, row.contract)
    role = role_of(session, place, row.account, row.address, lock=lock)
    if role is None:
        return None
    return Identity(place, row.account, row.address, role, rights_of(role), expires_at=row.expires_at)


def turn_to(session: Session, token: str, account: bytes) -> None:
    """Has a session act for another account. The caller has seen that its wallet may, and commits."""
    session.execute(update(SignIn).where(SignIn.token_hash == _hash(token)).values(account=account))


def end(session: Session, token: str) -> None:
    """Ends a session. Commits nothing."""
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def end_all(session: Session, place: Place, address: bytes) -> int:
    """Ends every session of a wallet, and returns how many there were. Commits nothing."""
    ended = session.execute(delete(SignIn).where(*_of(place, address)))
    return ended.rowcount if isinstance(ended, CursorResult) else 0


def _of(place: Place, address: bytes) -> tuple[ColumnElement[bool], ...]:
    return (
        SignIn.chain_id == place.chain_id,
        SignIn.contract == place.contract,
        SignIn.address == address,
    )


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
