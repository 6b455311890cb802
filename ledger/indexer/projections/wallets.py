"""Recoveries: who may soon act for an account."""

from collections.abc import Sequence
from typing import Any

from ledger.errors import LedgerError
from ledger.indexer.entries import Entry
from ledger.indexer.projections.changes import Fold, Row, base_row, table_of
from ledger.store.tables import Recovery


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
