"""Where a journal stood as of a block, found by halving, is what going through all of it finds."""

import random

import pytest
from histories import SCOPE, History
from sqlalchemy import text

from ledger.indexer.mirror import Mirror
from ledger.indexer.steps import checked
from ledger.store import partitions
from ledger.store.database import Database
from ledger.store.numbering import newest_seq


@pytest.mark.parametrize("missing", [None, 4])
def test_it_is_the_newest_entry_up_to_every_block(
    database: Database, monkeypatch: pytest.MonkeyPatch, missing: int | None
) -> None:
    monkeypatch.setattr(partitions, "WIDTH", 20)
    history = History(random.Random(2))
    history.grow(60)
    whole = history.batch(1, 60)
    mirror = Mirror(database.engine.connect(), SCOPE)
    mirror.apply(checked(SCOPE, whole, mirror.journals), 0)
    with database.session() as session:
        if missing:
            session.execute(text("DELETE FROM chain.entry WHERE seq = :seq"), {"seq": missing})
        entries = session.execute(text("SELECT contract, seq, block_number FROM chain.entry")).all()
        for contract in SCOPE.contracts:
            for block in range(62):
                up_to = [row.seq for row in entries if row.contract == contract and row.block_number <= block]
                assert newest_seq(session, SCOPE.chain_id, contract, block) == max(up_to, default=0)
