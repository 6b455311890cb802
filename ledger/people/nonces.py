"""Nonces of sign-in messages: the server knows its own again without keeping them, each is good for once and
for ten minutes.

Only those that somebody signed in with are kept, until they would be too old anyway: whoever asks for nonces
by the thousand fills nothing.
"""

import hmac
import secrets
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ledger.errors import LedgerError
from ledger.store.tables import ServerSecret, UsedNonce

GOOD_FOR = 600
"""Seconds that a person has to sign."""
_NAME = "sign-in nonces"
_TIME, _RANDOM, _MARK = 10, 24, 32
"""Hexadecimal digits of a nonce: when it was given, at random, and what only this server can make of both."""


class NonceRefused(LedgerError):
    """The nonce is not this server's, too old, or was used."""


def secret(session: Session) -> bytes:
    """What nonces are marked with: made once for a database, and committed."""
    wanted = select(ServerSecret.secret).where(ServerSecret.name == _NAME)
    found = session.scalar(wanted)
    if found is None:
        made = insert(ServerSecret).values(name=_NAME, secret=secrets.token_bytes(32))
        session.execute(made.on_conflict_do_nothing())
        session.commit()
        found = session.scalars(wanted).one()
    return found


def new(key: bytes, now: int) -> str:
    """A nonce that nobody was given before."""
    said = f"{now:0{_TIME}x}{secrets.token_hex(_RANDOM // 2)}"
    return said + _marked(key, said)


def require_own(key: bytes, nonce: str, now: int) -> None:
    """Raises NonceRefused unless this server gave it, within the last ten minutes."""
    said, mark = nonce[: _TIME + _RANDOM], nonce[_TIME + _RANDOM :]
    if len(nonce) != _TIME + _RANDOM + _MARK or not hmac.compare_digest(mark, _marked(key, said)):
        raise NonceRefused("The message's nonce was not given by this server.", "Begin again.")
    if not 0 <= now - int(said[:_TIME], 16) < GOOD_FOR:
        raise NonceRefused(
            "The message is too old: it is to be signed within ten minutes.", "Begin again, and sign sooner."
        )


def use(session: Session, nonce: str, now: int) -> None:
    """Uses it up, with the caller's transaction. Raises NonceRefused when somebody has signed in with it."""
    session.execute(delete(UsedNonce).where(UsedNonce.expires_at < now))
    statement = insert(UsedNonce).values(nonce=nonce, expires_at=now + 2 * GOOD_FOR).on_conflict_do_nothing()
    if session.execute(statement.returning(UsedNonce.nonce)).first() is None:
        raise NonceRefused(
            "Somebody has signed in with this message: each is good for once.",
            "Begin again: a new message is signed for each sign-in.",
        )


def _marked(key: bytes, said: str) -> str:
    return hmac.new(key, said.encode(), sha256).hexdigest()[:_MARK]
