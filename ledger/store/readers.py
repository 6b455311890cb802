"""Streaming replicas of the database, which take readers off the primary.

One that does not answer, or is of another server, rests for a while.
"""

import itertools
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from ledger.errors import LedgerError
from ledger.store import failures
from ledger.store.database import Database, driver_url
from ledger.store.tables import Checkpoint

REST_SECONDS = 5.0
"""How long a replica that failed is left alone."""
CONNECT_SECONDS = 2
"""How long one waits for a replica: there are others."""

_log = logging.getLogger(__name__)
_IDENTITY = text("SELECT system_identifier::text || ' ' || current_database() FROM pg_control_system()")
_IN_RECOVERY = text("SELECT pg_is_in_recovery()")
_REPLAY_SECONDS = text(
    "SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 "
    "ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END"
)
"""A primary at rest writes nothing: a replica that has replayed all that it received is not behind."""


@dataclass(frozen=True)
class Standing:
    """How a replica does: the newest block it has, by deployment (chain id, ledger), and how long ago what it
    last replayed happened, in seconds; None when it does not answer.
    """

    blocks: dict[tuple[int, bytes], int]
    replay_seconds: float


class Replica:
    """A replica of the primary."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._rests_until = 0.0
        self._is_known = False

    @property
    def rests(self) -> bool:
        """Whether it failed a moment ago."""
        return time.monotonic() < self._rests_until

    def failed(self, error: DBAPIError | LedgerError) -> None:
        """It is left alone for a while. Why goes to the log only: it names hosts."""
        reason = error.what if isinstance(error, LedgerError) else failures.reason(error)
        _log.warning("replica %s is passed over: %s", self.database.place, reason)
        self._rests_until = time.monotonic() + REST_SECONDS
        self._is_known = False  # what comes back may be another server

    def require(self, identity: str, connection: Connection) -> None:
        """Raises `LedgerError` when it is not a replica of the server of that identity; asked once."""
        if self._is_known:
            return
        if _identity(connection) != identity:
            raise LedgerError("It is not a replica of the primary.", "Mend PLEDGER_READ_URLS.")
        if not connection.scalar(_IN_RECOVERY):
            raise LedgerError(
                "It follows the primary no more: it was promoted.",
                "If it is the new primary, set PLEDGER_DATABASE_URL to it.",
            )
        self._is_known = True


class Readers:
    """The replicas of a primary; without any, everything is read from the primary."""

    def __init__(self, primary: Database, urls: Sequence[str] = ()) -> None:
        self.replicas = [Replica(Database(driver_url(url), connect_seconds=CONNECT_SECONDS)) for url in urls]
        self.identity = ""
        if self.replicas:
            with primary.engine.connect() as connection:
                self.identity = _identity(connection)
        self._turn = itertools.count()  # its next() is one step, whichever thread takes it

    def in_turn(self) -> Iterator[Replica]:
        """The replicas that do not rest, each time from another one on."""
        first = next(self._turn)
        for step in range(len(self.replicas)):
            replica = self.replicas[(first + step) % len(self.replicas)]
            if not replica.rests:
                yield replica

    def standings(self) -> list[Standing | None]:
        """How each replica does now, in the order of the settings."""
        return [None if replica.rests else self._standing(replica) for replica in self.replicas]

    def close(self) -> None:
        """Closes the connections."""
        for replica in self.replicas:
            replica.database.close()

    def _standing(self, replica: Replica) -> Standing | None:
        try:
            engine = replica.database.engine.execution_options(postgresql_readonly=True)
            with engine.connect() as connection:
                replica.require(self.identity, connection)
                seconds = float(connection.scalar(_REPLAY_SECONDS) or 0)
                rows = connection.execute(
                    select(Checkpoint.chain_id, Checkpoint.deployment, Checkpoint.block_number)
                )
                return Standing({(row[0], row[1]): row[2] for row in rows}, max(0.0, seconds))
        except (DBAPIError, LedgerError) as error:
            replica.failed(error)
            return None


def _identity(connection: Connection) -> str:
    """The same for a server and its replicas, and for no other: PostgreSQL draws it when data are made."""
    return str(connection.scalar(_IDENTITY))
