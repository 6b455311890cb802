"""All contracts of one deployment, as one model."""

from collections.abc import Callable, Mapping
from copy import deepcopy

from model.accounts import Accounts
from model.agreements import Agreements
from model.books import Books
from model.deals import REVEAL_SECONDS, Deals
from model.debts import Debts
from model.decisions import Decisions
from model.disputes import RULING_SECONDS, Disputes
from model.distributions import Distributions
from model.epochs import Programmes
from model.heads import Journal

PARTNERS, AGREEMENTS, DEALS, LEDGER = "PartnerRegistry", "AgreementRegistry", "DealRegistry", "RevenueLedger"


class Model:
    """``journals`` by the contract's name, as they stand when the history begins.

    ``most_unrevealed``: commitments that an account can have unrevealed at a time.
    """

    def __init__(self, journals: Mapping[str, Journal], registered: set[str], most_unrevealed: int) -> None:
        self.journals = journals
        self.accounts = Accounts(journals[PARTNERS], registered)
        self.programmes = Programmes(journals[AGREEMENTS], self.accounts)
        self.agreements = Agreements(journals[AGREEMENTS], self.accounts)
        self.deals = Deals(journals[DEALS], self.accounts, self.agreements, self.programmes, most_unrevealed)
        self.decisions = Decisions(self.deals)
        self.books = Books(journals[LEDGER], self.accounts, self.agreements, self.deals.won_under)
        self.disputes = Disputes(self.books)
        self.distributions = Distributions(self.books)
        self.debts = Debts(self.books)
        self.books.serve = self.debts.serve

    def after(self, action: Callable[["Model"], object]) -> "Model":
        """The model after an action. Raises Refused; this one stays as it is in any case."""
        then = deepcopy(self)
        action(then)
        return then

    def moments(self) -> list[int]:
        """Seconds at which something ends or begins."""
        versions = self.agreements.versions.values()
        times = {payment.matures_at for payment in self.books.payments.values()}
        times |= {each.last_second for each in versions} | {each.terms.valid_from for each in versions}
        times |= {each.disputed_at + RULING_SECONDS for each in self.books.payments.values()}
        times |= {each.grace_until for each in self.programmes.all.values()}
        for deal in self.deals.all.values():
            times |= {deal.since + REVEAL_SECONDS, deal.decide_by, deal.exclusive_until}
        return sorted(times)
