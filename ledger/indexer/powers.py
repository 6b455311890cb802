"""Changes of who may do what: from the access manager's logs into SQL, and held against what it stores."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, select
from sqlalchemy.dialects.postgresql import insert

from ledger.chain.manager import decode_change
from ledger.chain.manager_logs import ManagerLog
from ledger.errors import LedgerError
from ledger.indexer.entries import Header
from ledger.indexer.logs import Logs
from ledger.indexer.scope import Scope
from ledger.journal.events import EventUnreadable
from ledger.rules.powers import Change, Powers, PowersBroken
from ledger.store.tables import Block, PowerChange
from ledger.store.tables.powers import ARGUMENTS

_PLACE = (
    "block_number",
    "block_hash",
    "block_timestamp",
    "transaction_hash",
    "transaction_index",
    "log_index",
)
PowerRow = dict[str, Any]
"""A row of the table ``power_change``."""


class PowersRejected(LedgerError):
    """The node's logs of the access manager are not all that it emitted, or not what it emitted. ``block`` is
    where that was noticed.
    """

    def __init__(self, block: int, why: str) -> None:
        super().__init__(
            f"Changes of who may do what are missing or altered, as of block {block}: {why.rstrip('.')}.",
            "The node left out or altered logs of the access manager; try another node.",
        )
        self.block = block


def power_rows(scope: Scope, logs: Sequence[Logs], headers: Mapping[int, Header]) -> list[PowerRow]:
    """Rows of the manager's logs, in the chain's order. Raises `PowersRejected` for what it cannot emit, and
    for two in one place.
    """
    rows = [power_row(scope, log) for alike in logs for log in _logs(alike, headers)]
    rows.sort(key=_place)
    for one, other in pairwise(rows):
        if _place(one) == _place(other):
            raise PowersRejected(one["block_number"], f"two have the place {one['log_index']} there")
    return rows


def write(connection: Connection, rows: Sequence[PowerRow]) -> None:
    """Adds rows."""
    if rows:
        connection.execute(insert(PowerChange), rows)


def take_back(connection: Connection, scope: Scope, block: int) -> None:
    """Removes all changes after a block."""
    connection.execute(delete(PowerChange).where(*_own(scope), PowerChange.block_number > block))


def exist(connection: Connection, scope: Scope) -> bool:
    """Whether there are any."""
    return bool(connection.scalar(select(exists().where(*_own(scope)))))


def stored(connection: Connection, scope: Scope, more: Sequence[PowerRow]) -> Powers:
    """Who may do what after the stored changes, and ``more``. Raises `PowersRejected`."""
    columns = PowerChange.__table__.columns
    rows = connection.execute(
        select(*columns).where(*_own(scope)).order_by(PowerChange.block_number, PowerChange.log_index)
    )
    powers = Powers()
    for row in (*(dict(each._mapping) for each in rows), *more):
        try:
            powers.take(change_of(row))
        except PowersBroken as error:
            raise PowersRejected(row["block_number"], error.what) from error
    return powers


def change_of(row: Mapping[str, Any]) -> Change:
    """What a row says."""
    return Change(
        row["event"], {name: row[name] for name in ARGUMENTS}, row["block_number"], row["block_timestamp"]
    )


def keep_blocks(connection: Connection, scope: Scope, headers: Mapping[int, Header]) -> None:
    """Keeps the blocks that carry changes, as those that carry entries are."""
    rows = [
        {
            "chain_id": scope.chain_id,
            "deployment": scope.ledger,
            "number": number,
            "hash": header.hash,
            "parent_hash": header.parent_hash,
            "timestamp": header.timestamp,
            "carries": True,
            "verified": header.verified,
        }
        for number, header in headers.items()
    ]
    if rows:
        kept = insert(Block)
        connection.execute(
            kept.on_conflict_do_update(
                index_elements=["chain_id", "deployment", "number"], set_={"carries": True}
            ),
            rows,
        )


def _place(row: PowerRow) -> tuple[int, int]:
    return row["block_number"], row["log_index"]


def _own(scope: Scope) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return PowerChange.chain_id == scope.chain_id, PowerChange.contract == scope.manager


def power_row(scope: Scope, log: ManagerLog) -> PowerRow:
    """The row of a log. Raises `PowersRejected` for what the manager cannot emit."""
    try:
        event, args = decode_change(log.topics, log.data)
    except EventUnreadable as error:
        raise PowersRejected(log.block_number, error.what) from error
    return {
        "chain_id": scope.chain_id,
        "contract": scope.manager,
        **{name: getattr(log, name) for name in _PLACE},
        "topics": list(log.topics),
        "data": log.data,
        "event": event,
        **{name: args.get(name) for name in ARGUMENTS},
    }


def _logs(alike: Logs, headers: Mapping[int, Header]) -> Iterator[ManagerLog]:
    for place in range(len(alike)):
        topics, data = alike.raw(place)
        number = int(alike.block_numbers[place])
        yield ManagerLog(
            number,
            alike.block_hashes[place],
            headers[number].timestamp,
            alike.transaction_hashes[place],
            int(alike.transaction_indexes[place]),
            int(alike.log_indexes[place]),
            tuple(topics),
            data,
        )
