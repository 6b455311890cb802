"""Paying everybody at once (IDistributions): all at once, or a long plan in a round of several calls."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from model.books import MOST_DAYS, Book, Books
from model.refusals import refuse
from model.shares import entitlement


@dataclass(frozen=True)
class Round:
    """Begun and not at its end: payees up to ``through`` were paid what they earn of ``total``."""

    total: int
    through: str


class Distributions:
    """``paid_up_to``: the total of which everybody was paid; ``rounds`` under way. By book and period."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.paid_up_to: dict[tuple[bytes, str, int], int] = defaultdict(int)
        self.rounds: dict[tuple[bytes, str, int], Round] = {}

    def distribute(self, now: int, agreement: bytes, token: str, period: int, most: int = 0) -> None:
        """Pays each payee what it has earned and not been paid: all, or the next ``most`` of them."""
        book = self.books.book(agreement, token)
        refuse({"NothingToDistribute": not book.opened})
        refuse({"PlanInvalid": period != 0 and not book.version.terms.tranches[0].period_seconds})
        self.books.mature(now, agreement, token, MOST_DAYS)
        key, total = (agreement, token, period), book.released[period]
        accounts = [payee.account for payee in book.version.terms.payees]
        if not 0 < most < len(accounts):
            parts = self._parts(book, period, accounts, total)
            refuse({"NothingToDistribute": not parts, "NobodyPaid": not parts})
            self.rounds.pop(key, None)
            self.paid_up_to[key] = total
        else:
            refuse({"NothingToDistribute": total == self.paid_up_to[key]})
            begun = self.rounds.pop(key, Round(total, ""))
            left = [account for account in accounts if account.lower() > begun.through.lower()]
            parts = self._parts(book, period, left[:most], begun.total)
            if len(left) > most:
                self.rounds[key] = Round(begun.total, left[most - 1])
            else:
                self.paid_up_to[key] = begun.total
        self._pay(book, period, parts)

    @staticmethod
    def _parts(book: Book, period: int, accounts: Sequence[str], total: int) -> dict[str, int]:
        """Who has something coming of this total. Whoever claimed since a round began may be beyond it."""
        terms = book.version.terms
        owed = {
            account: entitlement(terms, account, total) - book.claimed[period, account]
            for account in accounts
        }
        return {account: amount for account, amount in owed.items() if amount > 0}

    def _pay(self, book: Book, period: int, parts: dict[str, int]) -> None:
        books, told = self.books, []
        for account, amount in parts.items():
            wallet = books.accounts.wallet_of(account)
            books.move(book.token, books.journal.address, wallet, amount)
            book.claimed[period, account] += amount
            told.append((account, wallet, amount))
        if told:
            books.journal.write(
                "Distributed", agreement=book.version.id, token=book.token, period=period, parts=told
            )
