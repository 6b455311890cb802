"""Payers as accounts: the chain knows a payer by its wallet, and an account may have had several."""

from collections.abc import Collection

from sqlalchemy import select

from ledger.store.reading import Reading
from ledger.store.tables import WalletChange


def accounts_of(reading: Reading, wallets: Collection[bytes]) -> dict[bytes, bytes]:
    """The account that each address is or was a wallet of: itself when it never was another's."""
    rows = reading.session.execute(
        select(WalletChange.wallet, WalletChange.account).where(
            reading.seen(WalletChange, "PartnerRegistry"), WalletChange.wallet.in_(wallets)
        )
    )
    taken: dict[bytes, bytes] = dict(rows.all())
    return {wallet: taken.get(wallet, wallet) for wallet in wallets}


def wallets_of(reading: Reading, account: bytes) -> set[bytes]:
    """Every address that acts or ever acted for an account, its first included."""
    rows = reading.session.scalars(
        select(WalletChange.wallet).where(
            reading.seen(WalletChange, "PartnerRegistry"), WalletChange.account == account
        )
    )
    return {account, *rows}
