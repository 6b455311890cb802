"""Each mistake is one clear line, and nothing is half done."""

import dataclasses

import pytest
from eth_utils.address import to_checksum_address
from indexers import index, new_world
from partnership import Partnership
from rpc_proxy import RpcProxy
from sqlalchemy import select

from ledger.chain import anvil as local_chain
from ledger.chain.node import NodeUnreachable, connect
from ledger.errors import LedgerError
from ledger.indexer.run import indexing
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.tables import Checkpoint, Deployment


def test_an_address_without_code(partnership: Partnership, database: Database) -> None:
    deployment = partnership.world.deployment
    moved = dict(deployment.contracts) | {"DealRegistry": to_checksum_address("0x" + "12" * 20)}
    with pytest.raises(LedgerError, match="no contract at 0x1212"):
        index(database, partnership.world.node, dataclasses.replace(deployment, contracts=moved))
    with database.session() as session:
        assert session.scalars(select(Deployment)).all() == []


def test_a_contract_that_keeps_no_journal(partnership: Partnership, database: Database) -> None:
    world = partnership.world
    contracts = dict(world.deployment.contracts) | {"DealRegistry": world.token.address}
    with pytest.raises(LedgerError) as caught:
        index(database, world.node, dataclasses.replace(world.deployment, contracts=contracts))
    assert "DealRegistry" in caught.value.what


def test_a_deployment_of_another_chain(partnership: Partnership, database: Database) -> None:
    other = dataclasses.replace(partnership.world.deployment, chain_id=1)
    with pytest.raises(LedgerError, match=r"is for chain 1, but .* is chain 31337"):
        index(database, partnership.world.node, other)


def test_another_chain_at_the_same_url(
    own_partnership: Partnership, database: Database, own_proxy: RpcProxy
) -> None:
    """A local chain started anew has the same id and the same addresses; its blocks are others."""
    world = own_partnership.world
    later = world.node.timestamp() + 1_000  # begun in the same second, their first blocks would be the same
    with (
        indexing(database, connect(own_proxy.url), world.deployment) as indexer,
        local_chain.start(options=["--timestamp", str(later)]) as anew,
    ):
        indexer.catch_up()
        before = digest(database)
        assert new_world(anew).deployment.contracts == world.deployment.contracts
        own_proxy.node_url = anew.rpc_url
        with pytest.raises(LedgerError, match="is another chain"):
            indexer.catch_up()
    assert digest(database) == before


def test_a_node_that_is_down(own_partnership: Partnership, database: Database) -> None:
    world = own_partnership.world
    index(database, world.node, world.deployment)
    before = digest(database)
    with indexing(database, world.node, world.deployment) as indexer:
        world.chain.process.kill()
        world.chain.process.wait()
        with pytest.raises(NodeUnreachable):
            indexer.catch_up()
    assert digest(database) == before
    with database.session() as session:
        assert session.scalar(select(Checkpoint.block_number)) is not None


@pytest.mark.parametrize("finality", ["soon", "-1", "", "1.5"])
def test_a_finality_that_is_none(partnership: Partnership, database: Database, finality: str) -> None:
    with pytest.raises(LedgerError, match="is not a finality"):
        index(database, partnership.world.node, partnership.world.deployment, finality)
