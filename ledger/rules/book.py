"""An agreement's book in one token, payee by payee, and the law it obeys. Amounts in token base units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ledger.rules.entitlement import earned
from ledger.rules.release import Money, Released
from ledger.terms.ids import AgreementId

Claims = Mapping[tuple[bytes, int], int]
"""What accounts have claimed of a book, by account and period (0 where there are none)."""


@dataclass(frozen=True)
class Share:
    """One payee's part of an agreement: cumulative ``boundaries`` in base units, ``weights`` of 1e18, one a
    tranche.
    """

    boundaries: tuple[int, ...]
    weights: tuple[int, ...]

    def of(self, released: int) -> int:
        """What the payee has earned of one period's cumulative total, both in token base units."""
        return earned(self.boundaries, self.weights, released)


@dataclass(frozen=True)
class InPeriod:
    """What a payee has earned of one period, and claimed of it."""

    period: int
    earned: int
    claimed: int

    @property
    def claimable(self) -> int:
        """Earned and not yet claimed."""
        return self.earned - self.claimed


@dataclass(frozen=True)
class Position:
    """What a payee has earned of a book, claimed of it, and can claim; over all periods and in each."""

    account: bytes
    earned: int
    claimed: int
    periods: tuple[InPeriod, ...] = ()

    @property
    def claimable(self) -> int:
        """Earned and not yet claimed."""
        return self.earned - self.claimed


@dataclass(frozen=True)
class Book:
    """received = claimed + claimable + held + disputed + refunded + netted + carry, where in each period
    0 ≤ carry < number of payees.

    ``claims`` are what accounts have claimed, payees or not; ``released`` is what is split, by period.
    """

    agreement: AgreementId
    token: bytes
    received: int
    positions: tuple[Position, ...]
    claims: Claims
    released: Released
    held: int = 0
    disputed: int = 0
    refunded: int = 0
    netted: int = 0
    paid_back: int = 0
    debts_paid: int = 0

    @property
    def claimed(self) -> int:
        """What payees have taken out."""
        return sum(self.claims.values())

    @property
    def claimable(self) -> int:
        """What payees can take out now."""
        return sum(position.claimable for position in self.positions)

    @property
    def owed(self) -> int:
        """What the ledger must hold for this book; below zero when others' revenue served its debts."""
        return self.received - self.claimed - self.paid_back - self.debts_paid

    @property
    def carry(self) -> int:
        """What rounding leaves in the book until the next payment."""
        out = self.claimed + self.claimable + self.held + self.disputed + self.refunded + self.netted
        return self.received - out

    def violation(self) -> str | None:
        """The first way in which the book breaks the law, in words; None when it does not."""
        payees = {position.account for position in self.positions}
        for (claimant, _), amount in sorted(self.claims.items()):
            if claimant not in payees:
                return f"0x{claimant.hex()} claimed {amount} without being a payee"
        for position in self.positions:
            for each in position.periods:
                if each.claimable < 0:
                    account = "0x" + position.account.hex()
                    return f"{account} claimed {each.claimed}, more than the {each.earned} it earned"
        for name in ("held", "disputed", "refunded", "netted"):
            if getattr(self, name) < 0:
                return f"what is {name} is {getattr(self, name)}"
        if not 0 <= self.carry < max(len(payees), 1) * max(len(self.released), 1):
            return f"the carry is {self.carry}, with {len(payees)} payees"
        for period, total in sorted(self.released.items()):
            carry = total - sum(
                each.earned
                for position in self.positions
                for each in position.periods
                if each.period == period
            )
            if not 0 <= carry < max(len(payees), 1):
                return f"the carry of period {period} is {carry}, with {len(payees)} payees"
        return None


def book(
    agreement: AgreementId, token: bytes, money: Money, shares: Mapping[bytes, Share], claims: Claims
) -> Book:
    """A book from what became of its revenue, its payees' shares and what was claimed."""
    released = {period: amount for period, amount in money.released.items() if amount}
    by_account: dict[bytes, dict[int, int]] = {}
    for (account, period), amount in claims.items():
        by_account.setdefault(account, {})[period] = amount
    return Book(
        agreement,
        token,
        money.received,
        tuple(
            position(account, share, released, by_account.get(account, {}))
            for account, share in shares.items()
        ),
        dict(claims),
        released,
        money.held,
        money.disputed,
        money.refunded,
        money.netted,
        money.paid_back,
        money.debts_paid,
    )


def position(account: bytes, share: Share, released: Released, claimed: Mapping[int, int]) -> Position:
    """A payee's position, in all periods in which something was released or claimed."""
    periods = tuple(
        InPeriod(period, share.of(released.get(period, 0)), claimed.get(period, 0))
        for period in sorted({*released, *claimed})
    )
    return Position(
        account, sum(each.earned for each in periods), sum(each.claimed for each in periods), periods
    )


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
