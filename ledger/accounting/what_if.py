"""The same payments under other terms: what each payee would have earned, by the contracts' arithmetic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import and_, func, select

from ledger.accounting.clauses import clauses_of
from ledger.accounting.plans import payees_of
from ledger.errors import LedgerError
from ledger.rules.book import Book, Share, book
from ledger.rules.release import Money, Periods, by_period, matures_at
from ledger.store.disputes import taken_out
from ledger.store.reading import Reading
from ledger.store.tables import Agreement, Payment
from ledger.store.tables.base import Whole
from ledger.terms.contracts import AGREEMENTS, REVENUE
from ledger.terms.ids import NO_AGREEMENT, AgreementId
from ledger.terms.units import DAY, WHOLE


@dataclass(frozen=True)
class Paid:
    """A payment less what its payer got back of it: token base units, and the second when it was made."""

    amount: int
    paid_at: int


@dataclass(frozen=True)
class Split:
    """The part of terms that says who earns what, and when.

    ``shares`` by payee: the tranches' boundaries (base units, the last unbounded) are the same for all, and
    in each tranche the weights sum to 1e18. ``hold_seconds`` are whole days.
    """

    shares: Mapping[bytes, Share]
    periods: Periods = field(default_factory=Periods)
    hold_seconds: int = 0

    def check(self) -> None:
        """Raises LedgerError with the first thing for which the contracts would refuse such terms."""
        boundaries = {share.boundaries for share in self.shares.values()}
        if len(boundaries) != 1:
            raise LedgerError("Terms have at least one payee, and one list of tranches for all of them.")
        (bands,) = boundaries
        if list(bands) != sorted(set(bands)) or not bands or bands[-1] != 2**256 - 1:
            raise LedgerError("Tranches must ascend, and the last one must have no end.")
        for place in range(len(bands)):
            total = sum(share.weights[place] for share in self.shares.values())
            if total != WHOLE:
                raise LedgerError(f"The weights of tranche {place + 1} sum to {total}, not to {WHOLE}.")
        for name, seconds in (("hold", self.hold_seconds), ("period", self.periods.seconds)):
            if seconds % DAY:
                raise LedgerError(f"A {name} is counted in whole days, not {seconds} seconds.")


def what_if(
    payments: Sequence[Paid],
    split: Split,
    now: int,
    agreement: AgreementId = NO_AGREEMENT,
    token: bytes = bytes(20),
) -> Book:
    """The book that these payments would have made by now, had nothing been claimed.

    Raises LedgerError when the split makes no sense, or a payment is older than its first period.
    """
    split.check()
    due: dict[int, int] = {}
    held = 0
    for each in payments:
        when = matures_at(each.paid_at, split.hold_seconds)
        if when > now:
            held += each.amount
            continue
        if split.periods.seconds and when < split.periods.valid_from:
            raise LedgerError(
                f"A payment of the second {each.paid_at} is older than the first period.",
                "Let the terms begin before the first payment.",
            )
        due[when] = due.get(when, 0) + each.amount
    received = sum(each.amount for each in payments)
    released = by_period(split.periods, due)
    return book(agreement, token, Money(received, released, held), split.shares, {})


def split_of(reading: Reading, agreement: AgreementId) -> Split:
    """An agreement's own split. Raises LedgerError when there is no such agreement."""
    hold = reading.session.scalar(
        select(Agreement.hold_seconds).where(
            reading.seen(Agreement, AGREEMENTS), Agreement.agreement == agreement
        )
    )
    if hold is None:
        raise LedgerError(
            f"There is no agreement 0x{agreement.hex()} as of block {reading.as_of.number}.",
            "Check its id; `pledger index --once` brings the mirror up to date.",
        )
    shares = payees_of(reading, [agreement])[agreement]
    return Split(shares, clauses_of(reading, [agreement])[agreement].periods, hold)


def with_tranches(split: Split, boundaries: Sequence[int], weights: Mapping[bytes, Sequence[int]]) -> Split:
    """The same with other tranches and weights of 1e18, one a tranche; the payees may be others too."""
    shares = {account: Share(tuple(boundaries), tuple(each)) for account, each in sorted(weights.items())}
    return replace(split, shares=shares)


def payments_of(reading: Reading, agreement: AgreementId, token: bytes) -> list[Paid]:
    """What came in under an agreement, in the order of the journal, less what payers got back of it.

    What waits for a ruling is left out; what was clawed back is not, since it was earned.
    """
    taken = []
    for of, amount in taken_out(reading):
        of_payment = and_(of.payer == Payment.payer, of.invoice_ref == Payment.invoice_ref)
        total = select(func.sum(amount, type_=Whole())).where(of_payment).correlate(Payment)
        taken.append(func.coalesce(total.scalar_subquery(), 0, type_=Whole()))
    refunded, waiting, ruled = taken
    rows = reading.session.execute(
        select((Payment.amount - refunded - waiting - ruled).label("left"), Payment.paid_at)
        .where(reading.seen(Payment, REVENUE), Payment.agreement == agreement, Payment.token == token)
        .order_by(Payment.seq, Payment.position)
    )
    return [Paid(int(left), paid_at) for left, paid_at in rows if left]
