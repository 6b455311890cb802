"""The relayer at work: a thread for each key, and one that hears of what is to be sent."""

import logging
import threading
from collections.abc import Sequence

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_canonical_address
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ledger.chain.node import Node
from ledger.relay.accepting import CHANNEL
from ledger.relay.habits import Habits
from ledger.relay.lane import Lane
from ledger.store import locks
from ledger.store.database import Database
from ledger.store.notices import Listener

_log = logging.getLogger(__name__)
IDLE_SECONDS = 2.0
"""Until a lane with nothing to do looks again by itself."""
BUSY_SECONDS = 0.2
"""The same, while something of it is out."""
_AGAIN_SECONDS = 1.0
"""Until a lost database is tried again, or a lane that another relayer has."""


class Relayer:
    """Sends what is asked for, by several keys side by side."""

    def __init__(self, database: Database, node: Node, keys: Sequence[LocalAccount], habits: Habits) -> None:
        self._database, self._node, self._habits = database, node, habits
        self._stop = threading.Event()
        self._wake = {key.address: threading.Event() for key in keys}
        self._threads = [
            threading.Thread(target=self._lane, args=[key], name=f"lane {key.address}") for key in keys
        ]
        self._threads.append(threading.Thread(target=self._listen, name="relay notices", daemon=True))

    def start(self) -> None:
        """Begins with what an earlier process left."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends after the transactions that are being signed; what is out, the next process looks after."""
        self._stop.set()
        self._wake_all()
        for thread in self._threads[:-1]:
            thread.join()

    def _wake_all(self) -> None:
        for each in self._wake.values():
            each.set()

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                listener = Listener(self._database.engine, CHANNEL)
                try:
                    while not self._stop.is_set():
                        if listener.wait(1.0):
                            self._wake_all()
                finally:
                    listener.close()
            except Exception as error:  # the lanes look by themselves meanwhile
                _log.warning("the database does not tell of what waits: %s", error)
                self._stop.wait(_AGAIN_SECONDS)

    def _lane(self, key: LocalAccount) -> None:
        while not self._stop.is_set():
            try:
                with self._database.engine.connect() as connection:
                    name = locks.lane_key(self._node.chain_id, to_canonical_address(key.address))
                    if locks.try_lock(connection, name):
                        connection.commit()
                        try:
                            self._send(connection, key)
                        finally:
                            connection.invalidate()  # with its locks
                    else:
                        connection.rollback()
                        _log.warning("another relayer sends with %s: this one waits", key.address)
            except (DBAPIError, SQLAlchemyError) as error:
                _log.warning("%s: the database failed: %s", key.address, self._database.reason(error))
            except Exception:  # a lane must outlive any fault; whoever runs it finds it in the log
                _log.exception("lane %s", key.address)
            self._stop.wait(_AGAIN_SECONDS)

    def _send(self, connection: Connection, key: LocalAccount) -> None:
        lane = Lane(connection, self._node, key, self._habits)
        wake = self._wake[key.address]
        while not self._stop.is_set():
            if not lane.step():
                wake.wait(BUSY_SECONDS if lane.out else IDLE_SECONDS)
                wake.clear()
