"""Who acts for an account: its wallets over time, its owner, and a recovery that waits."""

from collections.abc import Sequence

from sqlalchemy import desc, select

from api.entry_reference import EntryReference
from api.partners.schemas import WaitingRecovery, WalletSpan
from ledger.accounting.wallets import waiting_recovery
from ledger.store.reading import Reading
from ledger.store.tables import OwnerChange, WalletChange
from ledger.terms.contracts import PARTNERS


def wallet_changes(reading: Reading, account: bytes) -> Sequence[WalletChange]:
    """The wallets that came to act for the account, the first one first."""
    return reading.session.scalars(
        select(WalletChange)
        .where(reading.seen(WalletChange, PARTNERS), WalletChange.account == account)
        .order_by(WalletChange.seq)
    ).all()


def spans(account: bytes, changes: Sequence[WalletChange]) -> list[WalletSpan]:
    """Which wallet acted when, the first one first."""
    if not changes:
        return [WalletSpan(wallet=account, since=None, until=None, recovered=False, entry=None)]
    ends = [change.changed_at for change in changes]
    first = WalletSpan(wallet=account, since=None, until=ends[0], recovered=False, entry=None)
    return [
        first,
        *(
            WalletSpan(
                wallet=change.wallet,
                since=change.changed_at,
                until=until,
                recovered=change.recovered,
                entry=EntryReference(contract=PARTNERS, seq=change.seq),
            )
            for change, until in zip(changes, [*ends[1:], None], strict=True)
        ),
    ]


def owner(reading: Reading, account: bytes, changes: Sequence[WalletChange]) -> bytes:
    """The key that alone rotates the wallet: the wallet itself, unless another was named since the last
    recovery.
    """
    newest = reading.session.scalar(
        select(OwnerChange)
        .where(reading.seen(OwnerChange, PARTNERS), OwnerChange.account == account)
        .order_by(desc(OwnerChange.seq))
        .limit(1)
    )
    recovered = max((change.seq for change in changes if change.recovered), default=0)
    if newest is not None and newest.seq > recovered and any(newest.owner):
        return newest.owner
    return changes[-1].wallet if changes else account


def recovery(reading: Reading, account: bytes) -> WaitingRecovery | None:
    """The recovery that waits."""
    row = waiting_recovery(reading, account)
    if row is None:
        return None
    return WaitingRecovery(
        wallet=row.wallet,
        proposed_at=row.proposed_at,
        executable_at=row.executable_at,
        expires_at=row.expires_at,
        entry=EntryReference(contract=PARTNERS, seq=row.seq),
    )
