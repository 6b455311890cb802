"""Rows of the PartnerRegistry's entries about who acts for an account, and who may change that."""

from collections.abc import Sequence
from typing import Any

from ledger.errors import LedgerError
from ledger.indexer.entries import Entries, Entry
from ledger.indexer.projections.changes import Changes, Fold, Row, base_row, table_of
from ledger.store.tables import OwnerChange, Recovery, WalletChange


def wallet_rotated(entries: Entries, changes: Changes) -> None:
    """A wallet that the account's owner chose."""
    _wallet_change(entries, changes, recovered=False)


def account_recovered(entries: Entries, changes: Changes) -> None:
    """A wallet that came by the consortium's recovery."""
    _wallet_change(entries, changes, recovered=True)


def owner_changed(entries: Entries, changes: Changes) -> None:
    """A key that became an account's owner."""
    args = entries.args
    changes.append(
        OwnerChange,
        entries,
        account=args["account"],
        owner=args["owner"],
        previous=args["previous"],
        changed_at=entries.timestamps,
    )


def _wallet_change(entries: Entries, changes: Changes, *, recovered: bool) -> None:
    args = entries.args
    changes.append(
        WalletChange,
        entries,
        account=args["account"],
        wallet=args["wallet"],
        previous=args["previous"],
        recovered=recovered,
        changed_at=entries.timestamps,
    )


def _recovery_step(current: Row | None, entry: Entry) -> Sequence[Row]:
    if entry.event == "RecoveryProposed":
        proposed = base_row(entry) | {
            "account": entry.args["account"],
            "wallet": entry.args["wallet"],
            "proposed_at": entry.timestamp,
            "executable_at": entry.args["executable_at"],
            "expires_at": entry.args["expires_at"],
            "ended_at": None,
            "completed": False,
            "ended_seq": None,
        }
        return [proposed] if current is None else [_ended(current, entry), proposed]
    if current is None:
        raise LedgerError(
            f"Entry {entry.seq} of 0x{entry.contract.hex()} ends a recovery that nobody proposed."
        )
    return [_ended(current, entry) | {"completed": entry.event == "AccountRecovered"}]


def _ended(recovery: Row, entry: Entry) -> dict[str, Any]:
    return {**recovery, "ended_at": entry.timestamp, "ended_seq": entry.seq}


RECOVERIES = Fold(
    table=table_of(Recovery),
    subject=("account",),
    events=frozenset({"RecoveryProposed", "RecoveryCancelled", "AccountRecovered"}),
    step=_recovery_step,
    open="ended_at",
)
