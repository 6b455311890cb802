"""An agreement's book in one token, payee by payee, and the law it obeys. Amounts in token base units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledger.rules.entitlement import earned


@dataclass(frozen=True)
class Share:
    """One payee's part of an agreement: cumulative ``boundaries`` in base units, ``weights`` of 1e18, one a
    tranche.
    """

    boundaries: tuple[int, ...]
    weights: tuple[int, ...]

    def of(self, released: int) -> int:
        """What the payee has earned of a cumulative total, both in token base units."""
        return earned(self.boundaries, self.weights, released)


@dataclass(frozen=True)
class Position:
    """What a payee has earned of a book, claimed of it, and can claim."""

    account: bytes
    earned: int
    claimed: int

    @property
    def claimable(self) -> int:
        """Earned and not yet claimed."""
        return self.earned - self.claimed


@dataclass(frozen=True)
class Book:
    """received = claimed + claimable + held + disputed + refunded + netted + carry, 0 ≤ carry < number of
    payees.

    ``claims`` are what accounts have claimed, payees or not. What is held, disputed, refunded or netted is
    zero as long as no terms can ask for a hold or a clawback.
    """

    agreement: bytes
    token: bytes
    received: int
    positions: tuple[Position, ...]
    claims: Mapping[bytes, int]
    held: int = 0
    disputed: int = 0
    refunded: int = 0
    netted: int = 0

    @property
    def claimed(self) -> int:
        """What left the book."""
        return sum(self.claims.values())

    @property
    def claimable(self) -> int:
        """What payees can take out now."""
        return sum(position.claimable for position in self.positions)

    @property
    def owed(self) -> int:
        """What the ledger must hold for this book."""
        return self.received - self.claimed - self.refunded - self.netted

    @property
    def carry(self) -> int:
        """What rounding leaves in the book until the next payment."""
        return self.owed - self.claimable - self.held - self.disputed

    def violation(self) -> str | None:
        """The first way in which the book breaks the law, in words; None when it does not."""
        payees = {position.account for position in self.positions}
        for claimant, amount in sorted(self.claims.items()):
            if claimant not in payees:
                return f"0x{claimant.hex()} claimed {amount} without being a payee"
        for position in self.positions:
            if position.claimable < 0:
                account = "0x" + position.account.hex()
                return f"{account} claimed {position.claimed}, more than the {position.earned} it earned"
        if not 0 <= self.carry < max(len(payees), 1):
            return f"the carry is {self.carry}, with {len(payees)} payees"
        return None


def book(
    agreement: bytes, token: bytes, received: int, shares: Mapping[bytes, Share], claims: Mapping[bytes, int]
) -> Book:
    """A book from its total, its payees' shares and what was claimed."""
    positions = tuple(
        Position(account, share.of(received), claims.get(account, 0)) for account, share in shares.items()
    )
    return Book(agreement, token, received, positions, dict(claims))


def first_violation(books: Iterable[Book]) -> tuple[Book, str] | None:
    """The first book that does not conserve what it received, and how; None when all do."""
    for each in books:
        broken = each.violation()
        if broken is not None:
            return each, broken
    return None


def owed_by_token(books: Iterable[Book]) -> dict[bytes, int]:
    """What the ledger must hold of each token."""
    owed: dict[bytes, int] = {}
    for each in books:
        owed[each.token] = owed.get(each.token, 0) + each.owed
    return owed
