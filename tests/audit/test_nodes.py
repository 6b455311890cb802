"""The audit on nodes that refuse: no calls by block hash, logs of three blocks at most."""

from collections.abc import Sequence
from typing import Any, cast

import pytest
from ledger_world import World
from sqlalchemy import delete

from ledger.accounting.mirrored import MirroredRows
from ledger.audit.verdict import Verdict, audit
from ledger.chain.node import Node, NodeUnreachable, RpcRefused, connect
from ledger.indexer.run import indexing
from ledger.store.database import Database
from ledger.store.reading import read, snapshot
from ledger.store.tables import Entry


class FrugalNode:
    """A real node behind the limits of a public one."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.refused = 0

    def rpc(self, method: str, params: Sequence[Any] = ()) -> Any:
        asked = params[-1] if params else None
        by_hash = isinstance(asked, dict) and "blockHash" in asked
        wide = method == "eth_getLogs" and int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) > 2
        if by_hash or wide:
            self.refused += 1
            raise RpcRefused(method, {"message": "not on this plan"})
        return self._node.rpc(method, params)


@pytest.fixture
def business(world: World, database: Database) -> World:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency])
    for amount in range(1, 6):
        world.pay(vendor, agreement, amount)
    world.claim(agency, agreement)
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    return world


def audited(database: Database, world: World, node: Node) -> Verdict:
    with snapshot(database) as session:
        reading = read(session)
        return audit(MirroredRows(reading), node, world.deployment, reading.as_of.number, reading.as_of.hash)


@pytest.mark.parametrize("missing", [False, True])
def test_a_node_that_refuses_much_gives_the_same_verdict(
    business: World, database: Database, missing: bool
) -> None:
    if missing:
        with database.session() as session:
            session.execute(delete(Entry).where(Entry.event == "Claimed"))
            session.commit()
    frugal = FrugalNode(business.node)
    verdict = audited(database, business, cast(Node, frugal))
    assert verdict == audited(database, business, business.node)
    assert frugal.refused
    assert verdict.agrees is not missing
    if missing:
        assert verdict.first_difference == (
            "RevenueLedger entry 6: the chain has a Claimed entry here, the mirror has none"
        )


def test_a_node_that_is_gone_is_an_error_not_a_verdict(business: World, database: Database) -> None:
    with pytest.raises(NodeUnreachable):
        audited(database, business, connect("http://127.0.0.1:9"))
