"""One question and how far the mirror is, in one trip: for answers about the newest block that need no more.

The question is asked as if the deployment's contracts were those seen the last time; should they be others
by now, it is asked again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.exc import ProgrammingError

from ledger.errors import LedgerError
from ledger.read.asking import values_of
from ledger.store.asked import BEGIN, COMMIT, Rows, ask_alone
from ledger.store.database import Database
from ledger.store.standing import GATE, STANDING, Standing, chosen

_seen: WeakKeyDictionary[Database, Sequence[Any]] = WeakKeyDictionary()


@dataclass(frozen=True)
class AtOnce:
    """The question's rows, and what they are as of."""

    standing: Standing
    rows: Rows


def at_once(
    database: Database, question: str, *, chain_id: int | None, ledger: bytes | None, **given: Any
) -> AtOnce:
    """Asks it of a deployment, the only one unless named, as of its newest block; ``NOW`` is its time.

    Raises ``DeploymentUnknown``, ``DeploymentAmbiguous``, ``TablesOfAnotherVersion``.
    """
    assumed = _assumed(database, chain_id, ledger)
    while True:
        values = values_of(assumed.chain_id, assumed.contracts, None, given)
        with database.engine.connect() as connection:
            statements = [BEGIN, GATE, STANDING, (question, values), COMMIT]
            try:
                _, _, known, rows, _ = ask_alone(connection, statements)
            except ProgrammingError:  # of other tables, perhaps: then their version says it better
                chosen(ask_alone(connection, [BEGIN, GATE, STANDING, COMMIT])[2], chain_id, ledger)
                raise
        _seen[database] = known
        found = chosen(known, chain_id, ledger)
        if (found.chain_id, found.contracts) == (assumed.chain_id, assumed.contracts):
            return AtOnce(found, rows)
        assumed = found


def _assumed(database: Database, chain_id: int | None, ledger: bytes | None) -> Standing:
    known = _seen.get(database)
    if known is not None:
        try:
            return chosen(known, chain_id, ledger)
        except LedgerError:
            pass  # another one may have come since
    with database.engine.connect() as connection:
        return chosen(ask_alone(connection, [BEGIN, GATE, STANDING, COMMIT])[2], chain_id, ledger)
