"""Revenue: payments, what is held of them until their day, what is released, and what payees claim of it
(IPayments, IRefunds, IClaims, IRevenueBooks).
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from model.accounts import ZERO, Accounts, By
from model.agreements import DAY, NO_ID, Agreements, Version
from model.heads import Journal
from model.refusals import refuse
from model.shares import entitlement, period_of

MOST_DAYS = 64
"""Due days that a claim or a clawback releases by itself."""
PAID, IN_DISPUTE, DISPUTE_OVER = 1, 2, 3
Key = tuple[str, bytes]
Share = tuple[bytes, int]
"""An agreement and one of its periods, of which an account claims."""


@dataclass(frozen=True)
class Payment:
    """As the ledger is told it again: whoever describes it otherwise means another payment."""

    payer: str
    invoice_ref: bytes
    agreement: bytes
    token: str
    deal: bytes
    amount: int
    matures_at: int
    refunded: int = 0
    disputed_at: int = 0

    @property
    def left(self) -> int:
        return self.amount - self.refunded

    @property
    def key(self) -> Key:
        return self.payer, self.invoice_ref

    def to_abi(self) -> tuple[Any, ...]:
        return tuple(self.__dict__.values())

    def record(self, status: int) -> bytes:
        """The word that the ledger keeps of it."""
        types = ["bytes32", "address", "bytes32", "uint256", "uint40", "uint256"]
        words = [self.agreement, self.token, self.deal, self.amount, self.matures_at, self.refunded]
        if status != PAID:
            types, words = [*types, "uint40"], [*words, self.disputed_at]
        return keccak(encode(types, words))[:31] + bytes([status])


@dataclass
class Book:
    """An agreement's revenue in one token: released by period, held by the day on which it is released.

    ``claimed`` is what each payee was paid, by itself or with everybody; ``alone`` what it had earned when it
    was last paid by itself.
    """

    version: Version
    token: str
    opened: bool = False
    released: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    held: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    claimed: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    alone: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))

    def due(self, now: int) -> list[int]:
        """Days that have come and were not passed yet, the oldest first, also where nothing is left."""
        return sorted(day for day in self.held if day <= now)


class Books:
    """``serve`` takes what an agreement's debts get of released revenue, and returns the rest."""

    def __init__(
        self,
        journal: Journal,
        accounts: Accounts,
        agreements: Agreements,
        won_under: Callable[[bytes], bytes],
    ) -> None:
        self.journal, self.accounts, self.agreements = journal, accounts, agreements
        self.won_under = won_under
        self.serve: Callable[[Book, int, int], int] = _all_of_it
        self.books: dict[tuple[bytes, str], Book] = {}
        self.payments: dict[Key, Payment] = {}
        self.statuses: dict[Key, int] = {}
        self.balances: dict[tuple[str, str], int] = defaultdict(int)
        self.paused = False

    def book(self, agreement: bytes, token: str) -> Book:
        if (agreement, token) not in self.books:
            self.books[agreement, token] = Book(self.agreements.versions[agreement], token)
        return self.books[agreement, token]

    # -- paying --

    def pay(self, now: int, by: By, account: str, *bundles: Sequence[Payment]) -> None:
        """Invoices in one token, bundled by agreement; ``payer`` and ``matures_at`` are not known yet.

        The payer is the wallet that calls or has signed. Paid are all of them, or none.
        """
        wrong = self.accounts.wrong(by, account, self.journal.address, now) if by.signed else {}
        token, total = bundles[0][0].token, sum(each.amount for bundle in bundles for each in bundle)
        wrong |= {"DepositsArePaused": self.paused}
        for bundle in bundles:
            paid = []
            for invoice in bundle:
                reasons = wrong | self._wrong_invoice(now, by.wallet, invoice)
                if any(reasons.values()) or invoice is bundles[-1][-1]:
                    reasons |= {"ERC20InsufficientBalance": total > self.balances[token, by.wallet]}
                refuse(reasons)
                paid.append(self._record(now, by.wallet, invoice))
            self._tell(paid)
            earned = self.book(bundle[0].agreement, bundle[0].token)
            self.take(now, earned, sum(each.amount for each in bundle), self._matures_at(now, earned))
        self.accounts.spend(by, account, self.journal.address)

    def _wrong_invoice(self, now: int, payer: str, invoice: Payment) -> dict[str, bool]:
        version = self.agreements.versions.get(invoice.agreement)
        reasons = {
            "InvoicePaid": (payer, invoice.invoice_ref) in self.payments,
            "AmountInvalid": not 0 < invoice.amount < 2**128,
        }
        if version is None or invoice.token not in version.terms.tokens:
            return reasons | {"TokenNotAccepted": True}
        if invoice.deal != NO_ID:
            return reasons | {"DealNotWon": self.won_under(invoice.deal) != invoice.agreement}
        superseded = version.is_superseded(now)
        return reasons | {
            "NotYetValid": now < version.terms.valid_from,
            "Superseded": superseded,
            "AgreementEnded": now > version.last_second and not superseded,
        }

    def _matures_at(self, now: int, book: Book) -> int:
        """When money paid now is released: at once, or as the day begins on which its hold is over."""
        hold = book.version.terms.hold_seconds
        return -(-(now + hold) // DAY) * DAY if hold else now

    def _record(self, now: int, payer: str, invoice: Payment) -> Payment:
        book = self.book(invoice.agreement, invoice.token)
        book.opened = True
        payment = replace(invoice, payer=payer, matures_at=self._matures_at(now, book))
        self.payments[payment.key], self.statuses[payment.key] = payment, PAID
        self.move(payment.token, payer, self.journal.address, payment.amount)
        return payment

    def _tell(self, paid: Sequence[Payment]) -> None:
        """One entry for a bundle: its list where it has several invoices."""
        one = paid[0]
        entry = {
            "agreement": one.agreement,
            "payer": one.payer,
            "token": one.token,
            "maturesAt": one.matures_at,
        }
        invoices = [(each.deal, each.amount, each.invoice_ref) for each in paid]
        if len(invoices) > 1:
            self.journal.write("PaymentsReceived", **entry, invoices=invoices)
        else:
            deal, amount, invoice_ref = invoices[0]
            self.journal.write("PaymentReceived", **entry, deal=deal, amount=amount, invoiceRef=invoice_ref)

    def move(self, token: str, sender: str, recipient: str, amount: int) -> None:
        self.balances[token, sender] -= amount
        self.balances[token, recipient] += amount

    # -- held and released --

    def take(self, now: int, book: Book, amount: int, matures_at: int) -> None:
        """Money is held until its day, or released when that has come."""
        if now < matures_at:
            book.held[matures_at] += amount
        elif amount:
            self.release(book, amount, matures_at)

    def release(self, book: Book, amount: int, matures_at: int) -> None:
        """What debts leave of it is split, in the period of its day."""
        period = period_of(book.version.terms, matures_at)
        book.released[period] += self.serve(book, amount, matures_at)

    def mature(self, now: int, agreement: bytes, token: str, most: int) -> int:
        """Releases days that are due, the oldest first. Returns how many."""
        book = self.book(agreement, token)
        days = book.due(now)[:most]
        for day in days:
            amount = book.held.pop(day)
            if amount:
                self.journal.write("Matured", agreement=agreement, token=token, maturesAt=day, amount=amount)
                self.release(book, amount, day)
        return len(days)

    # -- taking back --

    def described_wrong(self, payment: Payment) -> dict[str, bool]:
        """There is no such payment, or it is not as described."""
        return {"PaymentUnknown": self.payments.get(payment.key) != payment}

    def not_the_payer(self, by: By, account: str, payer: str, now: int) -> dict[str, bool]:
        """``account`` is whose wallet paid, where it says so itself by a signature."""
        if by.signed:
            wrong = self.accounts.wrong(by, account, self.journal.address, now)
            return wrong | {"NotThePayer": self.accounts.account_of(payer) != account}
        return {"NotThePayer": by.wallet != self.accounts.successor_of(payer)}

    def refund(
        self, now: int, by: By, account: str, payment: Payment, amount: int, recipient: str = ""
    ) -> None:
        """The payer takes back what is held or in dispute, or part of it; to its wallet by default."""
        refuse(
            self.not_the_payer(by, account, payment.payer, now)
            | self.wrong_recipient(recipient)
            | self.described_wrong(payment)
            | {
                "HoldOver": now >= payment.matures_at,
                "RefundInvalid": not 0 < amount <= payment.left,
            }
        )
        self.accounts.spend(by, account, self.journal.address)
        recipient = recipient or self.accounts.successor_of(payment.payer)
        self.payments[payment.key] = replace(payment, refunded=payment.refunded + amount)
        self.move(payment.token, self.journal.address, recipient, amount)
        entry = self.entry_of(payment) | {"recipient": recipient, "amount": amount}
        if self.statuses[payment.key] != IN_DISPUTE:
            self.book(payment.agreement, payment.token).held[payment.matures_at] -= amount
            self.journal.write("Refunded", **entry)
            return
        left = payment.left - amount
        self.journal.write("RefundedInDispute", **entry, left=left)
        if not left:
            self.statuses[payment.key] = DISPUTE_OVER

    def wrong_recipient(self, recipient: str) -> dict[str, bool]:
        return {"RecipientInvalid": recipient in (ZERO, self.journal.address)}

    @staticmethod
    def entry_of(payment: Payment) -> dict[str, Any]:
        """What all entries on a payment say of it."""
        return {
            "agreement": payment.agreement,
            "payer": payment.payer,
            "token": payment.token,
            "invoiceRef": payment.invoice_ref,
        }

    # -- claiming --

    def claim(self, now: int, account: str, token: str, *shares: Share, recipient: str = "") -> None:
        """Pays what an account earned, to its wallet or another recipient: what is due is released first.

        Refused when there is nothing, unless days were released on the way.
        """
        to = recipient or self.accounts.wallet_of(account)
        days, portions = 0, []
        for agreement, period in shares:
            days += self.mature(now, agreement, token, MOST_DAYS)
            book = self.book(agreement, token)
            amount = self.claimable(book, period, account)
            if amount:
                book.claimed[period, account] += amount
                book.alone[period, account] = book.claimed[period, account]
                portions.append((agreement, period, amount))
        refuse({"NothingToClaim": not portions and not days})
        entry = {"account": account, "token": token, "recipient": to}
        if len(portions) == 1:
            agreement, period, amount = portions[0]
            self.journal.write("Claimed", **entry, agreement=agreement, period=period, amount=amount)
        elif portions:
            self.journal.write("ClaimedAcross", **entry, portions=portions)
        self.move(token, self.journal.address, to, sum(amount for *_, amount in portions))

    def claim_to(self, now: int, by: By, account: str, recipient: str, token: str, *shares: Share) -> None:
        wrong = self.accounts.wrong(by, account, self.journal.address, now)
        refuse(wrong | self.wrong_recipient(recipient))
        self.claim(now, account, token, *shares, recipient=recipient)
        self.accounts.spend(by, account, self.journal.address)

    @staticmethod
    def claimable(book: Book, period: int, account: str) -> int:
        """Of what is released."""
        return entitlement(book.version.terms, account, book.released[period]) - book.claimed[period, account]


def _all_of_it(book: Book, amount: int, matures_at: int) -> int:
    """Where there are no debts."""
    return amount
