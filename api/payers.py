"""Payers as accounts: the chain knows a payer by its wallet, and an account may have had several."""

from sqlalchemy import select

from ledger.read.accounts import accounts_of as accounts_of
from ledger.store.reading import Reading
from ledger.store.tables import WalletChange
from ledger.terms.contracts import PARTNERS


def wallets_of(reading: Reading, account: bytes) -> set[bytes]:
    """Every address that acts or ever acted for an account, its first included."""
    rows = reading.session.scalars(
        select(WalletChange.wallet).where(
            reading.seen(WalletChange, PARTNERS), WalletChange.account == account
        )
    )
    return {account, *rows}
