"""Who asks: somebody who has signed in, or a machine with a key."""

from dataclasses import dataclass

from ledger.people.access import Right, Role
from ledger.people.acting import Place


@dataclass(frozen=True)
class Identity:
    """``account`` is whom they act for; ``address`` the wallet that signed in, or that made the key;
    ``role`` is None for a key, whose id is ``key``.
    """

    place: Place
    account: bytes
    address: bytes
    role: Role | None
    rights: frozenset[Right]
    key: str | None = None
    expires_at: int = 0
