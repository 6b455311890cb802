"""Refunds of what was released: debts of the agreement, which its later revenue serves first (IDebts).

Debts by ruling are served by the revenue of the agreement, and of successors whose terms inherit them; then
those by consent, by the revenue of the very version whose payees agreed. The oldest first, of each kind.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from model.accounts import ZERO, By
from model.agreements import CLAWBACK_ALLOWED, CLAWBACK_INHERITED, NO_ID
from model.books import IN_DISPUTE, MOST_DAYS, Book, Books, Payment
from model.refusals import refuse


@dataclass
class Debt:
    """``begin`` to ``end``: its place in all that was ever owed; what was paid out lies before ``begin``."""

    payer: str
    begin: int
    end: int
    by_consent: bool


@dataclass
class Queue:
    """Debts of one agreement in one token. By kind, by consent or not: what is owed, and what of it revenue
    has netted.
    """

    debts: list[Debt]
    owed: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})
    served: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})


class Debts:
    def __init__(self, books: Books) -> None:
        self.books = books
        self.queues: dict[tuple[bytes, str], Queue] = defaultdict(lambda: Queue([]))

    def serve(self, book: Book, amount: int, matures_at: int) -> int:
        """Takes from released revenue what is owed. Returns what is left to be split."""
        kinds = [*((debtor, False) for debtor in self._debtors(book)), (book.version.id, True)]
        for debtor, by_consent in kinds:
            queue = self.queues[debtor, book.token]
            part = min(amount, queue.owed[by_consent] - queue.served[by_consent])
            if part:
                queue.served[by_consent] += part
                amount -= part
                self.books.journal.write(
                    "Netted",
                    agreement=book.version.id,
                    token=book.token,
                    debtor=debtor,
                    byConsent=by_consent,
                    amount=part,
                    maturesAt=matures_at,
                )
        return amount

    def _debtors(self, book: Book) -> Iterator[bytes]:
        """The agreement itself, then its predecessor if its terms inherit, and so on."""
        agreement = book.version.id
        yield agreement
        while True:
            terms = self.books.agreements.versions[agreement].terms
            if terms.predecessor == NO_ID or not terms.clawback & CLAWBACK_INHERITED:
                return
            agreement = terms.predecessor
            yield agreement

    def _serving(self, agreement: bytes) -> Iterator[bytes]:
        """The agreement, and the successors whose revenue serves what it owes."""
        versions = self.books.agreements.versions
        yield agreement
        while (successor := versions[agreement].successor) != NO_ID:
            if not versions[successor].terms.clawback & CLAWBACK_INHERITED:
                return
            agreement = successor
            yield agreement

    def rule_clawback(
        self, now: int, by: By, arbiter: str, payment: Payment, amount: int, reason: bytes
    ) -> None:
        """The arbiter makes a refund of a released payment the agreement's debt.

        What is due by now is released before, wherever it would serve the debt.
        """
        books, terms = self.books, self.books.agreements.versions[payment.agreement].terms
        serving = [books.book(each, payment.token) for each in self._serving(payment.agreement)]
        refuse(
            books.accounts.wrong(by, arbiter, books.journal.address, now)
            | books.described_wrong(payment)
            | {
                "InDispute": books.statuses.get(payment.key) == IN_DISPUTE,
                "StillHeld": now < payment.matures_at,
                "ClawbackNotAgreed": not terms.clawback & CLAWBACK_ALLOWED,
                "RefundInvalid": not 0 < amount <= payment.left,
                "NotTheArbiter": arbiter != terms.arbiter,
                "MatureFirst": any(len(book.due(now)) > MOST_DAYS for book in serving),
            }
        )
        books.accounts.spend(by, arbiter, books.journal.address)
        for book in serving:
            books.mature(now, book.version.id, book.token, MOST_DAYS)
        books.payments[payment.key] = replace(payment, refunded=payment.refunded + amount)
        self._owe(payment, amount, by_consent=False)
        books.journal.write(
            "ClawedBack",
            **books.entry_of(payment),
            by=arbiter,
            amount=amount,
            debt=len(self.queues[payment.agreement, payment.token].debts),
            reason=reason,
        )

    def claw_back_by_consent(self, now: int, payment: Payment, amount: int, signed: Sequence[By]) -> None:
        """All payees make it the agreement's debt. ``signed``: their consents, in the order of the terms."""
        books, terms = self.books, self.books.agreements.versions[payment.agreement].terms
        book = books.book(payment.agreement, payment.token)
        wrong = books.described_wrong(payment) | {
            "InDispute": books.statuses.get(payment.key) == IN_DISPUTE,
            "StillHeld": now < payment.matures_at,
            "ClawbackNotAgreed": not terms.clawback & CLAWBACK_ALLOWED,
            "RefundInvalid": not 0 < amount <= payment.left,
            "MatureFirst": len(book.due(now)) > MOST_DAYS,
        }
        for payee, by in zip(terms.payees, signed, strict=True):
            each = books.accounts.wrong(by, payee.account, books.journal.address, now)
            wrong |= {name: holds or wrong.get(name, False) for name, holds in each.items()}
        refuse(wrong)
        for payee, by in zip(terms.payees, signed, strict=True):
            books.accounts.spend(by, payee.account, books.journal.address)
        books.mature(now, payment.agreement, payment.token, MOST_DAYS)
        books.payments[payment.key] = replace(payment, refunded=payment.refunded + amount)
        self._owe(payment, amount, by_consent=True)
        books.journal.write(
            "ClawedBack",
            **books.entry_of(payment),
            by=ZERO,
            amount=amount,
            debt=len(self.queues[payment.agreement, payment.token].debts),
            reason=NO_ID,
        )

    def _owe(self, payment: Payment, amount: int, *, by_consent: bool) -> None:
        queue = self.queues[payment.agreement, payment.token]
        owed = queue.owed[by_consent]
        queue.debts.append(Debt(payment.payer, owed, owed + amount, by_consent))
        queue.owed[by_consent] += amount

    def pay_debt(
        self,
        now: int,
        by: By,
        account: str,
        agreement: bytes,
        token: str,
        number: int,
        recipient: str = "",
    ) -> None:
        """Pays what was netted for one debt: by anyone to the payer's present wallet, or by that wallet
        to another recipient.
        """
        books, queue = self.books, self.queues[agreement, token]
        refuse({"DebtUnknown": not 1 <= number <= len(queue.debts)})
        debt = queue.debts[number - 1]
        amount = max(0, min(debt.end, queue.served[debt.by_consent]) - debt.begin)
        wrong = {"NothingToPay": not amount}
        if recipient:
            wrong |= books.not_the_payer(by, account, debt.payer, now) | books.wrong_recipient(recipient)
        refuse(wrong)
        books.accounts.spend(by, account, books.journal.address)
        debt.begin += amount
        to = recipient or books.accounts.successor_of(debt.payer)
        books.move(token, books.journal.address, to, amount)
        books.journal.write(
            "DebtPaid",
            agreement=agreement,
            payer=debt.payer,
            token=token,
            debt=number,
            recipient=to,
            amount=amount,
        )
