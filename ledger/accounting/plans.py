"""How an agreement splits what it receives: its tranches' boundaries and its payees' weights."""

from collections.abc import Collection

from ledger.read import plans
from ledger.rules.book import Share
from ledger.store.reading import Reading
from ledger.terms.ids import AgreementId


def shares_of(reading: Reading, account: bytes) -> dict[AgreementId, Share]:
    """The account's share of every agreement that it is a payee of."""
    return shares_by_account(reading, [account])[account]


def shares_by_account(reading: Reading, accounts: Collection[bytes]) -> dict[bytes, dict[AgreementId, Share]]:
    """The same of several accounts, asked for together."""
    found: dict[bytes, dict[AgreementId, Share]] = {account: {} for account in accounts}
    for row in plans.plans_of(reading, accounts):
        found[row.account][row.agreement] = Share(row.boundaries, row.weights)
    return found


def payees_of(reading: Reading, agreements: Collection[AgreementId]) -> dict[AgreementId, dict[bytes, Share]]:
    """Every payee's share of each agreement, in the order of the terms."""
    found: dict[AgreementId, dict[bytes, Share]] = {}
    for row in plans.payees_of(reading, agreements):
        found.setdefault(row.agreement, {})[row.account] = Share(row.boundaries, row.weights)
    return found
