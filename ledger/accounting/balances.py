"""What a payee has earned, claimed and can claim, by agreement and in all, in token base units."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from ledger.accounting import totals
from ledger.accounting.plans import shares_of
from ledger.store.reading import Reading
from ledger.store.tables import AgreementToken


@dataclass(frozen=True)
class Balance:
    """A payee's standing in one book: ``weights`` of 1e18, one a tranche; ``received`` is the book's total.
    ``place`` orders them: number of the agreement's entry, place of the token in its terms.
    """

    place: tuple[int, int]
    agreement: bytes
    token: bytes
    weights: tuple[int, ...]
    received: int
    earned: int
    claimed: int

    @property
    def claimable(self) -> int:
        """Earned and not yet claimed."""
        return self.earned - self.claimed


@dataclass(frozen=True)
class Total:
    """A payee's standing in one token, over all agreements."""

    token: bytes
    earned: int
    claimed: int

    @property
    def claimable(self) -> int:
        """Earned and not yet claimed."""
        return self.earned - self.claimed


def balances_of(reading: Reading, account: bytes) -> list[Balance]:
    """In the order of activation: every token that an agreement of the payee's accepts, paid in or not."""
    shares = shares_of(reading, account)
    if not shares:
        return []
    accepted = reading.session.execute(
        select(AgreementToken.seq, AgreementToken.position, AgreementToken.agreement, AgreementToken.token)
        .where(reading.seen(AgreementToken, "AgreementRegistry"), AgreementToken.agreement.in_(shares))
        .order_by(AgreementToken.seq, AgreementToken.position)
    ).all()
    received = totals.received(reading, shares.keys())
    claimed = totals.claimed_by(reading, account)
    balances = []
    for seq, position, agreement, token in accepted:
        total = received.get((agreement, token), 0)
        share = shares[agreement]
        taken = claimed.get((agreement, token), 0)
        balances.append(
            Balance((seq, position), agreement, token, share.weights, total, share.of(total), taken)
        )
    return balances


def totals_of(balances: Iterable[Balance]) -> list[Total]:
    """By token."""
    sums: dict[bytes, tuple[int, int]] = {}
    for each in balances:
        earned, claimed = sums.get(each.token, (0, 0))
        sums[each.token] = (earned + each.earned, claimed + each.claimed)
    return [Total(token, earned, claimed) for token, (earned, claimed) in sorted(sums.items())]
