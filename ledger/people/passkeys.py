"""Which account a passkey signs for: kept for browsers in which nobody signed in before.

Nothing rests on it. Whose the account is, its keys say, and its signatures are checked as any wallet's.
"""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ledger.people.identity import Identity
from ledger.signing.passkeys import KeyPair, PublicKey
from ledger.store.tables import Passkey
from ledger.terms.contracts import PARTNERS
from ledger.terms.deployment import Deployment

MOST = 20
"""Passkeys of one account."""


def find(session: Session, deployment: Deployment, credential: bytes) -> KeyPair | None:
    """The keys of the account that a passkey signs for; None when nobody signed in with it here."""
    place = bytes.fromhex(deployment.address(PARTNERS)[2:])
    row = session.get(Passkey, (deployment.chain_id, place, credential))
    if row is None:
        return None
    passkey = PublicKey(row.passkey[:32], row.passkey[32:])
    return KeyPair(passkey, PublicKey(row.recovery[:32], row.recovery[32:]))


def remember(session: Session, by: Identity, credential: bytes, keys: KeyPair, now: int) -> bool:
    """Keeps whose it is, and says whether it is theirs now; ``by`` has signed in with the account of these
    keys. Commits nothing.
    """
    own = (
        select(func.count())
        .select_from(Passkey)
        .where(
            Passkey.chain_id == by.place.chain_id,
            Passkey.contract == by.place.contract,
            Passkey.account == by.address,
        )
    )
    key = (by.place.chain_id, by.place.contract, credential)
    row = session.get(Passkey, key)
    if row is None and (session.scalar(own) or 0) < MOST:
        made = insert(Passkey).values(
            chain_id=by.place.chain_id,
            contract=by.place.contract,
            credential=credential,
            account=by.address,
            passkey=keys.passkey.x + keys.passkey.y,
            recovery=keys.recovery.x + keys.recovery.y,
            added_at=now,
        )
        session.execute(made.on_conflict_do_nothing())
        row = session.get(Passkey, key)
    return row is not None and row.account == by.address
