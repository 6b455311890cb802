"""Seeing one relay through: by the relayer that has the key's lane, or by this program while none has."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_canonical_address

from ledger.chain.node import Node
from ledger.relay.habits import Habits
from ledger.relay.lane import Lane
from ledger.store import locks
from ledger.store.database import Database
from ledger.store.tables import Relay, RelayLane

_PAUSE_SECONDS = 0.1
_ENDED = ("mined", "failed")


def see_through(
    database: Database, node: Node, key: LocalAccount, habits: Habits, number: int, patience: float
) -> tuple[Relay, str | None]:
    """The relay as it is once it was mined or failed, or after ``patience`` seconds; and what keeps the key
    from sending meanwhile. Whatever was not sent by then is sent later. Raises what the database raises.
    """
    until = time.monotonic() + patience
    with _lane(database, node, key, habits) as lane:
        while True:
            if lane is not None:
                lane.step()
            relay, trouble = _look(database, node, key, number)
            if relay.state in _ENDED or trouble is not None or time.monotonic() > until:
                return relay, trouble
            time.sleep(_PAUSE_SECONDS)


@contextmanager
def _lane(database: Database, node: Node, key: LocalAccount, habits: Habits) -> Iterator[Lane | None]:
    """The key's lane; None while another program has it, which sends what waits."""
    with database.engine.connect() as connection:
        if not locks.try_lock(connection, locks.lane_key(node.chain_id, to_canonical_address(key.address))):
            connection.rollback()
            yield None
            return
        connection.commit()
        try:
            yield Lane(connection, node, key, habits)
        finally:
            connection.invalidate()  # with its locks


def _look(database: Database, node: Node, key: LocalAccount, number: int) -> tuple[Relay, str | None]:
    with database.session() as session:
        relay = session.get_one(Relay, number)
        lane = session.get(RelayLane, (node.chain_id, to_canonical_address(key.address)))
        waits = relay.state == "waiting"
        return relay, lane.trouble if waits and lane is not None else None
