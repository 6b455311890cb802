"""A mirror with the business of so many partners: a random history, multiplied as `make bench-scale` does."""

from random import Random
from typing import cast

from histories import SCOPE, History
from sqlalchemy import text

from bench.scale import multiply
from ledger.indexer.mirror import Mirror
from ledger.indexer.steps import checked
from ledger.indexer.writer import writing
from ledger.reputation.kept import keep
from ledger.store.database import Database
from ledger.store.tables import Deployment
from ledger.terms.contracts import ContractName

DAY = 86_400
FAMILY = 3
"""Copies that are the same partners' business."""


def fill(database: Database, copies: int, blocks: int = 300, seed: int = 2) -> None:
    """Writes so many copies, of some 350 entries each for three hundred blocks."""
    history = History(Random(seed), lambda number: number // 3 * 60 + number // 40 * DAY)
    history.grow(blocks)
    register(database)
    with writing(database, SCOPE.chain_id, SCOPE.ledger, wait=False, waiting=lambda: None) as connection:
        mirror = Mirror(connection, SCOPE)
        mirror.apply(checked(SCOPE, history.batch(1, blocks), mirror.journals), 0)
    with database.engine.begin() as connection:
        begun = multiply.prepare(connection)
    for _ in multiply.multiply(database.engine.connect, begun, copies, FAMILY):
        pass
    analyze(database)  # what is kept is made of tables whose size the database knows
    keep_evidence(database)
    analyze(database)


def analyze(database: Database) -> None:
    """As PostgreSQL does by itself, when it has the time."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def keep_evidence(database: Database) -> int | None:
    """As an indexer that has caught up does; returns of how many deals, None for all."""
    contracts = {cast(ContractName, kind): contract for contract, kind in SCOPE.kinds.items()}
    with database.engine.begin() as connection:
        return keep(connection, SCOPE.chain_id, contracts)


def register(database: Database) -> None:
    """The histories' deployment, as `pledger index` notes it."""
    contracts = {kind: "0x" + contract.hex() for contract, kind in SCOPE.kinds.items()}
    contracts["AccessManager"] = "0x" + "ac" * 20  # nothing happens there
    known = {"chainId": SCOPE.chain_id, "contracts": contracts}
    with database.session() as session:
        session.add(Deployment(chain_id=SCOPE.chain_id, ledger=SCOPE.ledger, json=known, start_block=1))
        session.commit()
