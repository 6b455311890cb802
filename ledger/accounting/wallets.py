"""Wallets and the accounts behind them, as of a block."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import desc, select
from sqlalchemy.dialects.postgresql import distinct_on

from ledger.store.reading import Reading
from ledger.store.tables import OwnerChange, Recovery, WalletChange
from ledger.terms.contracts import PARTNERS


def accounts_of(reading: Reading, wallets: Iterable[bytes]) -> dict[bytes, bytes]:
    """The account that each address is or was a wallet of; itself when it never was another's.

    For whoever compares payers, which are wallets, with accounts. (The contract's ``accountOf``.)
    """
    wanted = set(wallets)
    rows = reading.session.execute(
        select(WalletChange.wallet, WalletChange.account).where(
            reading.seen(WalletChange, PARTNERS), WalletChange.wallet.in_(wanted)
        )
    )
    return {wallet: wallet for wallet in wanted} | dict(rows.all())


def wallets_of(reading: Reading, accounts: Collection[bytes]) -> dict[bytes, bytes]:
    """The wallet that acts for each account. (The contract's ``walletOf``.)"""
    rows = reading.session.execute(
        select(WalletChange.account, WalletChange.wallet)
        .ext(distinct_on(WalletChange.account))
        .where(reading.seen(WalletChange, PARTNERS), WalletChange.account.in_(accounts))
        .order_by(WalletChange.account, desc(WalletChange.seq))
    )
    return {account: account for account in accounts} | dict(rows.all())


def owner_of(reading: Reading, account: bytes) -> bytes:
    """The key that alone rotates the account's wallet: the wallet unless another was named."""
    named = reading.session.execute(
        select(OwnerChange.owner, OwnerChange.seq)
        .where(reading.seen(OwnerChange, PARTNERS), OwnerChange.account == account)
        .order_by(desc(OwnerChange.seq))
        .limit(1)
    ).one_or_none()
    recovered = reading.session.scalar(
        select(WalletChange.seq)
        .where(reading.seen(WalletChange, PARTNERS), WalletChange.account == account, WalletChange.recovered)
        .order_by(desc(WalletChange.seq))
        .limit(1)
    )
    if named is not None and any(named.owner) and named.seq > (recovered or 0):
        return bytes(named.owner)
    return wallets_of(reading, [account])[account]


def waiting_recovery(reading: Reading, account: bytes) -> Any:
    """The recovery that the consortium has begun, and neither somebody nor time has ended, as of the block: a
    row of the table; None: none waits.
    """
    was = reading.then(Recovery, PARTNERS)
    of = was.c
    waiting = select(was).where(
        of.account == account, of.ended_seq.is_(None), of.expires_at >= reading.as_of.timestamp
    )
    return reading.session.execute(waiting.order_by(desc(of.seq)).limit(1)).one_or_none()
