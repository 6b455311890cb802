"""Deals."""

from model.accounts import Accounts
from model.agreements import NO_ID, Agreements
from model.epochs import Programmes
from model.heads import Journal


class Deals:
    def __init__(
        self, journal: Journal, accounts: Accounts, agreements: Agreements, programmes: Programmes
    ) -> None:
        self.journal, self.accounts = journal, accounts
        self.agreements, self.programmes = agreements, programmes

    def won_under(self, deal: bytes) -> bytes:
        """The agreement whose revenue it is; zero while it is not won."""
        return NO_ID
