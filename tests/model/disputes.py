"""Disputes of held payments: what is left waits outside the book until the arbiter rules (IDisputes).

One dispute a payment. The payer can take it back all the same until its day. Silence for 60 days: it goes on
as if undisputed.
"""

from collections import defaultdict
from dataclasses import replace

from model.accounts import ZERO, By
from model.agreements import DAY, NO_ID
from model.books import DISPUTE_OVER, IN_DISPUTE, MOST_DAYS, Books, Key, Payment
from model.refusals import refuse

RULING_SECONDS = 60 * DAY


class Disputes:
    """``refund_due``: what rulings gave back to payers and has not been paid out."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.refund_due: dict[Key, int] = defaultdict(int)

    def is_open(self, payment: Payment) -> bool:
        return self.books.statuses.get(payment.key) == IN_DISPUTE

    def dispute(self, now: int, by: By, account: str, payment: Payment, reason: bytes) -> None:
        books, terms = self.books, self.books.agreements.versions[payment.agreement].terms
        refuse(
            books.accounts.wrong(by, account, books.journal.address, now)
            | books.described_wrong(payment)
            | {
                "InDispute": self.is_open(payment),
                "DisputedBefore": books.statuses.get(payment.key) == DISPUTE_OVER,
                "HoldOver": now >= payment.matures_at,
                "RefundInvalid": payment.left == 0,
                "NoArbiter": terms.arbiter == ZERO,
                "NotAParty": account not in terms.parties,
            }
        )
        books.accounts.spend(by, account, books.journal.address)
        books.book(payment.agreement, payment.token).held[payment.matures_at] -= payment.left
        books.payments[payment.key] = replace(payment, disputed_at=now)
        books.statuses[payment.key] = IN_DISPUTE
        books.journal.write(
            "PaymentDisputed",
            **books.entry_of(payment),
            by=account,
            amount=payment.left,
            reason=reason,
            ruleBy=now + RULING_SECONDS,
        )

    def rule(self, now: int, by: By, arbiter: str, payment: Payment, refunded: int, reason: bytes) -> None:
        """So much is the payer's again; the rest is released, or held on until its day."""
        books, terms = self.books, self.books.agreements.versions[payment.agreement].terms
        refuse(
            books.accounts.wrong(by, arbiter, books.journal.address, now)
            | books.described_wrong(payment)
            | {
                "NotInDispute": not self.is_open(payment),
                "NotTheArbiter": arbiter != terms.arbiter,
                "RefundInvalid": refunded > payment.left,
            }
        )
        books.accounts.spend(by, arbiter, books.journal.address)
        self._settle(now, payment, arbiter, refunded, reason)

    def drop(self, now: int, payment: Payment) -> None:
        """Nobody ruled in time."""
        refuse(
            self.books.described_wrong(payment)
            | {
                "NotInDispute": not self.is_open(payment),
                "RulingAwaited": now < payment.disputed_at + RULING_SECONDS,
            }
        )
        self._settle(now, payment, ZERO, 0, NO_ID)

    def _settle(self, now: int, payment: Payment, by: str, refunded: int, reason: bytes) -> None:
        """When its day has come, what else is due is released before it."""
        books, remaining = self.books, payment.left - refunded
        if now >= payment.matures_at:
            books.mature(now, payment.agreement, payment.token, MOST_DAYS)
        books.payments[payment.key] = replace(payment, refunded=payment.refunded + refunded)
        books.statuses[payment.key] = DISPUTE_OVER
        self.refund_due[payment.key] += refunded
        books.journal.write(
            "DisputeRuled",
            **books.entry_of(payment),
            by=by,
            refunded=refunded,
            remaining=remaining,
            reason=reason,
        )
        books.take(now, books.book(payment.agreement, payment.token), remaining, payment.matures_at)

    def pay_refund(self, now: int, by: By, account: str, payment: Payment, recipient: str = "") -> None:
        """By anyone to the wallet that stands for the payer, or by that wallet to another recipient."""
        books, due = self.books, self.refund_due[payment.key]
        wrong = books.described_wrong(payment) | {"NothingToPay": not due}
        if recipient:
            wrong |= books.not_the_payer(by, account, payment.payer, now)
            wrong |= books.wrong_recipient(recipient)
        refuse(wrong)
        books.accounts.spend(by, account, books.journal.address)
        to = recipient or books.accounts.successor_of(payment.payer)
        self.refund_due[payment.key] = 0
        books.move(payment.token, books.journal.address, to, due)
        books.journal.write("RefundPaid", **books.entry_of(payment), recipient=to, amount=due)
