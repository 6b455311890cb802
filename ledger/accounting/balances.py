"""What a payee has earned, claimed and can claim, by agreement and in all, in token base units."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from ledger.accounting import totals
from ledger.accounting.clauses import Clauses, clauses_of
from ledger.accounting.holds import held_by_day
from ledger.accounting.plans import shares_by_account
from ledger.accounting.revenue import money_of
from ledger.rules.book import InPeriod, Share, position
from ledger.rules.maturing import parts_of_held
from ledger.rules.release import Money
from ledger.store.reading import Reading
from ledger.store.tables import AgreementToken
from ledger.terms.contracts import AGREEMENTS
from ledger.terms.ids import AgreementId, BookKey


@dataclass(frozen=True)
class Balance:
    """A payee's standing in one book: ``weights`` of 1e18, one a tranche; ``received`` is the book's total.
    ``place`` orders them: number of the agreement's entry, place of the token in its terms.

    ``held_until`` is what the whole book holds, by the second at which it is released; ``disputed``,
    ``refunded`` and ``netted`` are the whole book's too. ``periods`` say what a claim for each would pay.
    ``held_parts`` are the payee's own of ``held_until``, if nothing is refunded, disputed or ruled on
    before; None: not known, as debts to payers are served first.
    """

    place: tuple[int, int]
    agreement: AgreementId
    token: bytes
    weights: tuple[int, ...]
    received: int
    earned: int
    claimed: int
    periods: tuple[InPeriod, ...] = ()
    held_until: Mapping[int, int] = field(default_factory=dict)
    held_parts: Mapping[int, int] | None = field(default_factory=dict)
    disputed: int = 0
    refunded: int = 0
    netted: int = 0

    @property
    def claimable(self) -> int:
        """Earned and not yet claimed."""
        return self.earned - self.claimed

    @property
    def held(self) -> int:
        """What the whole book holds."""
        return sum(self.held_until.values())


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
    return balances_by_account(reading, [account])[account]


def balances_by_account(reading: Reading, accounts: Collection[bytes]) -> dict[bytes, list[Balance]]:
    """The same of several payees, asked for together: so many statements, however many payees."""
    shares = shares_by_account(reading, accounts)
    agreements = {agreement for of in shares.values() for agreement in of}
    if not agreements:
        return {account: [] for account in accounts}
    accepted = reading.session.execute(
        select(AgreementToken.seq, AgreementToken.position, AgreementToken.agreement, AgreementToken.token)
        .where(reading.seen(AgreementToken, AGREEMENTS), AgreementToken.agreement.in_(agreements))
        .order_by(AgreementToken.seq, AgreementToken.position)
    ).all()
    clauses = clauses_of(reading, agreements)
    money = money_of(reading, agreements, clauses)
    holding = {agreement for (agreement, _), each in money.items() if each.held}
    books = _Books(money, held_by_day(reading, holding), clauses)
    claimed = totals.claimed_by(reading, accounts)
    return {
        account: [
            books.balance(account, shares[account][agreement], place, (agreement, token), claimed[account])
            for *place, agreement, token in accepted
            if agreement in shares[account]
        ]
        for account in accounts
    }


@dataclass(frozen=True)
class _Books:
    """What became of the money of some books, what they hold, and their agreements' clauses."""

    money: Mapping[BookKey, Money]
    held: Mapping[BookKey, Mapping[int, int]]
    clauses: Mapping[AgreementId, Clauses]

    def balance(
        self,
        account: bytes,
        share: Share,
        place: Sequence[int],
        key: BookKey,
        claimed: Mapping[BookKey, Mapping[int, int]],
    ) -> Balance:
        """A payee's standing in one of them."""
        agreement, token = key
        of = self.money.get(key, Money())
        mine = position(account, share, of.released, claimed.get(key, {}))
        days = {day: amount for day, amount in self.held.get(key, {}).items() if amount}
        parts = {}
        if days and not of.owing:
            parts = parts_of_held(share, self.clauses[agreement].periods, of.released, days)
        return Balance(
            (place[0], place[1]),
            agreement,
            token,
            share.weights,
            of.received,
            mine.earned,
            mine.claimed,
            mine.periods,
            days,
            None if days and of.owing else parts,
            of.disputed,
            of.refunded,
            of.netted,
        )


def totals_of(balances: Iterable[Balance]) -> list[Total]:
    """By token."""
    sums: dict[bytes, tuple[int, int]] = {}
    for each in balances:
        earned, claimed = sums.get(each.token, (0, 0))
        sums[each.token] = (earned + each.earned, claimed + each.claimed)
    return [Total(token, earned, claimed) for token, (earned, claimed) in sorted(sums.items())]
