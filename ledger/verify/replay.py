"""The books as the journals' entries alone make them: nothing that the mirror added up is used."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ledger.journal.events import Event
from ledger.journal.payments import payment_key, payments_in, step_in
from ledger.journal.payouts import payouts_in
from ledger.rules.book import Book, Share, book
from ledger.rules.payment import Payment
from ledger.rules.release import Money, Periods, by_period, debtors, net_due
from ledger.terms.agreement import Terms
from ledger.terms.clauses import Clawback
from ledger.terms.ids import AgreementId, BookKey, PaymentKey


@dataclass
class _Book:
    """What the entries so far made of a book. Amounts in token base units.

    ``buckets``: what is held, and what is due but not recorded as released, by the second when it is due.
    ``accounts``: those whose claims are known from the first on; None: all.
    """

    received: int = 0
    released: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    buckets: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    disputed: int = 0
    refunded: int = 0
    paid_back: int = 0
    netted: int = 0
    debts: int = 0
    served: int = 0
    agreed: int = 0
    agreed_served: int = 0
    debts_paid: int = 0
    claims: dict[tuple[bytes, int], int] = field(default_factory=lambda: defaultdict(int))
    accounts: Collection[bytes] | None = None


@dataclass(frozen=True)
class Recorded:
    """A book as the contract itself keeps it, as its entries so far make it. Amounts in token base units.

    ``released`` by period and without what is only due; ``held`` by the second when it is due; ``debts`` by
    ruling, ``agreed`` by consent.
    """

    periods: Periods
    released: Mapping[int, int]
    held: Mapping[int, int]
    debts: int
    served: int
    agreed: int
    agreed_served: int
    claims: Mapping[tuple[bytes, int], int]


class Replay:
    """Takes events of all journals, each journal's in its order, and adds them up.

    ``fault`` is the first event of which the earlier ones say that it cannot be, in words.
    """

    def __init__(self) -> None:
        self.fault: str | None = None
        self._terms: dict[AgreementId, Terms] = {}
        self._split: dict[bytes, Mapping[bytes, Share]] = {}
        self._books: dict[BookKey, _Book] = defaultdict(_Book)
        self._payments: dict[PaymentKey, Payment] = {}

    def know(self, agreement: AgreementId, terms: Terms) -> None:
        """The terms of an agreement whose activation is not among the events."""
        self._terms[agreement] = terms

    def begin(self, key: BookKey, book: Recorded, accounts: Collection[bytes]) -> None:
        """Goes on from a book as the contract kept it, instead of from its first entry.

        What was received, disputed, refunded and netted before is not known: the totals of the book begin
        with what was left of it. ``accounts`` are those whose claims the book holds.
        """
        of = self._books[key]
        of.released.update(book.released)
        of.buckets.update(book.held)
        of.claims.update(book.claims)
        of.received = sum(book.released.values()) + sum(book.held.values())
        of.debts, of.served, of.accounts = book.debts, book.served, accounts
        of.agreed, of.agreed_served = book.agreed, book.agreed_served

    def begin_payment(self, payment: Payment) -> None:
        """A payment of before."""
        self._payments[payment.key] = payment
        book = self._books[payment.agreement, payment.token]
        book.received += payment.waiting
        book.disputed += payment.waiting

    def take(self, event: Event, at: int) -> None:
        """Adds an event of a block with this time; those that are not about money are passed over."""
        take = _TAKES.get(event.name)
        if take is not None:
            take(self, event, at)

    def books(self, now: int) -> list[Book]:
        """By agreement and token, as they stand at a time."""
        return [self._book(key, now) for key in sorted(self._books)]

    def recorded(self, key: BookKey) -> Recorded:
        """What the contract keeps of a book, whether or not anything has come of it."""
        of = self._books[key]
        debts = (of.debts, of.served, of.agreed, of.agreed_served)
        return Recorded(self._periods(key[0]), of.released, of.buckets, *debts, of.claims)

    def _book(self, key: BookKey, now: int) -> Book:
        of, periods = self._books[key], self._periods(key[0])
        due = {day: amount for day, amount in of.buckets.items() if day <= now}
        serving = net_due(due, self._owed(key))
        released = dict(of.released)
        for period, amount in by_period(periods, due).items():
            released[period] = released.get(period, 0) + amount
        for period, amount in by_period(periods, serving).items():
            released[period] -= amount
        money = Money(
            received=of.received,
            released=released or {0: 0},
            held=sum(amount for day, amount in of.buckets.items() if day > now),
            disputed=of.disputed,
            refunded=of.refunded,
            netted=of.netted + sum(serving.values()),
            paid_back=of.paid_back,
            debts_paid=of.debts_paid,
        )
        return book(*key, money, self._shares(key[0]), of.claims)

    def _owed(self, key: BookKey) -> int:
        agreement, token = key

        def predecessor(of: AgreementId) -> AgreementId | None:
            terms = self._terms.get(of)
            if terms is None or not terms.clawback & Clawback.INHERITED:
                return None
            before = self._terms.get(terms.predecessor)
            takes = before is not None and "0x" + token.hex() in map(str.lower, before.tokens)
            return terms.predecessor if takes else None

        keys = [(each, token) for each in debtors(agreement, predecessor)]
        ruled = sum(
            self._books[each].debts - self._books[each].served for each in keys if each in self._books
        )
        return ruled + self._books[key].agreed - self._books[key].agreed_served

    def _periods(self, agreement: AgreementId) -> Periods:
        terms = self._terms.get(agreement)
        return Periods(terms.valid_from, terms.tranches[0].period_seconds) if terms else Periods()

    def _shares(self, agreement: AgreementId) -> Mapping[bytes, Share]:
        if agreement not in self._split and agreement in self._terms:
            terms = self._terms[agreement]
            boundaries = tuple(tranche.up_to for tranche in terms.tranches)
            self._split[agreement] = {
                bytes.fromhex(payee.account[2:]): Share(boundaries, payee.weights) for payee in terms.payees
            }
        return self._split.get(agreement, {})

    def _of(self, event: Event) -> _Book:
        return self._books[event.args["agreement"], event.args["token"]]

    def _payment(self, event: Event, at: int) -> Payment:
        """The payment that the event is about, as it was before; from now on it is as the event makes it."""
        key = payment_key(event)
        before = self._payments.get(key)
        if before is None:
            self._blame(event, "there is no such payment")
            return Payment(*key, event.args["agreement"], event.args["token"], amount=0, matures_at=0)
        step = step_in(event, at)
        self._payments[key] = before if step is None else before.after(step)
        return before

    def _blame(self, event: Event, why: str) -> None:
        if self.fault is None:
            self.fault = f"RevenueLedger entry {event.seq}, {event.name}: {why}"

    def _require(self, event: Event, what: str, amount: int, most: int) -> None:
        if amount > most:
            self._blame(event, f"{what} {amount}, where there are {most}")

    def _activated(self, event: Event, _: int) -> None:
        self._terms[event.args["agreement"]] = event.args["terms"]

    def _received(self, event: Event, at: int) -> None:
        args, of, made = event.args, self._of(event), payments_in(event)
        amount, matures_at = sum(each.amount for each in made), args["matures_at"]
        of.received += amount
        if matures_at > at:
            of.buckets[matures_at] += amount
        else:
            self._release(event, amount, matures_at)
        terms = self._terms.get(args["agreement"])
        if matures_at > at or (terms is not None and terms.clawback):
            self._payments.update({each.key: each for each in made})

    def _release(self, event: Event, amount: int, matures_at: int) -> None:
        self._of(event).released[self._periods(event.args["agreement"]).of(matures_at)] += amount

    def _paid(self, event: Event, _: int) -> None:
        # More may have been released since: for a claim's later periods, or since a round in parts began.
        exactly = event.name == "Claimed"
        for each in payouts_in(event):
            of = self._books[each.agreement, each.token]
            known = of.accounts is None or each.account in of.accounts
            share = self._shares(each.agreement).get(each.account) if known else None
            claimed = of.claims[each.account, each.period]
            if share is not None:
                due = share.of(of.released[each.period]) - claimed
                if each.amount > due or (exactly and each.amount != due):
                    to = f"0x{each.account.hex()}"
                    self._blame(event, f"paid out {each.amount} to {to}, where terms and payments make {due}")
            of.claims[each.account, each.period] = claimed + each.amount

    def _matured(self, event: Event, _: int) -> None:
        args = event.args
        held = self._of(event).buckets.pop(args["matures_at"], 0)
        if args["amount"] != held:
            self._blame(event, f"released {args['amount']}, where payments leave {held}")
        self._release(event, args["amount"], args["matures_at"])

    def _refunded(self, event: Event, at: int) -> None:
        amount, of, payment = event.args["amount"], self._of(event), self._payment(event, at)
        self._require(event, "gave back", amount, payment.left)
        of.buckets[payment.matures_at] -= amount
        of.refunded += amount
        of.paid_back += amount

    def _refunded_in_dispute(self, event: Event, at: int) -> None:
        args, of, payment = event.args, self._of(event), self._payment(event, at)
        if args["amount"] + args["left"] != payment.waiting:
            self._blame(event, f"left {args['left']} of {payment.waiting} when {args['amount']} went back")
        of.disputed -= args["amount"]
        of.refunded += args["amount"]
        of.paid_back += args["amount"]

    def _disputed(self, event: Event, at: int) -> None:
        amount, of, payment = event.args["amount"], self._of(event), self._payment(event, at)
        if amount != payment.left:
            self._blame(event, f"disputed {amount}, where {payment.left} are left")
        of.buckets[payment.matures_at] -= amount
        of.disputed += amount

    def _ruled(self, event: Event, at: int) -> None:
        args, of, payment = event.args, self._of(event), self._payment(event, at)
        if args["refunded"] + args["remaining"] != payment.waiting:
            self._blame(event, f"ruled on {args['refunded'] + args['remaining']}, not on {payment.waiting}")
        of.disputed -= args["refunded"] + args["remaining"]
        of.refunded += args["refunded"]
        if at < payment.matures_at:
            of.buckets[payment.matures_at] += args["remaining"]
        else:
            self._release(event, args["remaining"], payment.matures_at)

    def _refund_paid(self, event: Event, at: int) -> None:
        amount, payment = event.args["amount"], self._payment(event, at)
        self._require(event, "paid back", amount, payment.refund_due)
        self._of(event).paid_back += amount

    def _clawed_back(self, event: Event, at: int) -> None:
        amount, payment = event.args["amount"], self._payment(event, at)
        self._require(event, "clawed back", amount, payment.left)
        if any(event.args["by"]):
            self._of(event).debts += amount
        else:
            self._of(event).agreed += amount

    def _netted(self, event: Event, _: int) -> None:
        args, of = event.args, self._of(event)
        debtor = self._books[args["debtor"], args["token"]]
        if args["by_consent"]:
            self._require(event, "served", args["amount"], debtor.agreed - debtor.agreed_served)
            if args["debtor"] != args["agreement"]:
                self._blame(event, "served what others' payees agreed to")
            debtor.agreed_served += args["amount"]
        else:
            self._require(event, "served", args["amount"], debtor.debts - debtor.served)
            debtor.served += args["amount"]
        of.netted += args["amount"]
        self._release(event, -args["amount"], args["matures_at"])

    def _debt_paid(self, event: Event, _: int) -> None:
        amount, of = event.args["amount"], self._of(event)
        self._require(event, "paid", amount, of.served + of.agreed_served - of.debts_paid)
        of.debts_paid += amount


_TAKES = {
    "AgreementActivated": Replay._activated,
    "PaymentReceived": Replay._received,
    "PaymentsReceived": Replay._received,
    "Claimed": Replay._paid,
    "ClaimedAcross": Replay._paid,
    "Distributed": Replay._paid,
    "Matured": Replay._matured,
    "Refunded": Replay._refunded,
    "RefundedInDispute": Replay._refunded_in_dispute,
    "PaymentDisputed": Replay._disputed,
    "DisputeRuled": Replay._ruled,
    "RefundPaid": Replay._refund_paid,
    "ClawedBack": Replay._clawed_back,
    "Netted": Replay._netted,
    "DebtPaid": Replay._debt_paid,
}


def first_unlike(replayed: Sequence[Book], mirrored: Sequence[Book]) -> str | None:
    """The first book, in words, that the mirror adds up otherwise than its own entries do; None when none
    is.
    """
    ours = {(each.agreement, each.token): each for each in replayed}
    theirs = {(each.agreement, each.token): each for each in mirrored}
    for key in sorted({*ours, *theirs}):
        if ours.get(key) != theirs.get(key):
            agreement, token = key
            return (
                f"agreement 0x{agreement.hex()} in token 0x{token.hex()}: "
                f"the entries make {_shown(ours.get(key))}, the mirror's tables say {_shown(theirs.get(key))}"
            )
    return None


def _shown(book: Book | None) -> str:
    if book is None:
        return "nothing"
    parts = ("received", "claimed", "held", "disputed", "refunded", "netted")
    return ", ".join(
        f"{getattr(book, name)} {name}" for name in parts if name in parts[:2] or getattr(book, name)
    )
