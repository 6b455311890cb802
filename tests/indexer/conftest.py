"""Chains that tests may reorganise, and the mirror that a straight reading of them gives."""

from collections.abc import Callable, Iterator

import pytest
from indexers import index, new_world
from ledger_world import World
from partnership import Partnership
from rpc_proxy import RpcProxy

from ledger.chain import anvil as local_chain
from ledger.chain.anvil import Anvil
from ledger.indexer import reading_process
from ledger.store import schema
from ledger.store.database import Database
from ledger.store.digest import digest


@pytest.fixture
def own_chain() -> Iterator[Anvil]:
    """A chain of the test's own: snapshots, which tests share a chain by, do not survive reorganisations."""
    with local_chain.start() as chain:
        yield chain


@pytest.fixture
def own_partnership(own_chain: Anvil) -> Partnership:
    """For tests that reorganise or kill the chain."""
    return Partnership(new_world(own_chain))


@pytest.fixture
def partnership(world: World) -> Partnership:
    """For tests that only add to the chain."""
    return Partnership(world)


@pytest.fixture
def proxy(anvil: Anvil) -> Iterator[RpcProxy]:
    """A node that lies about the shared chain."""
    with RpcProxy(anvil.rpc_url) as proxy:
        yield proxy


@pytest.fixture
def own_proxy(own_chain: Anvil) -> Iterator[RpcProxy]:
    """A node that lies about the test's own chain."""
    with RpcProxy(own_chain.rpc_url) as proxy:
        yield proxy


@pytest.fixture
def straight(other_database: Database) -> Callable[[World], str]:
    """The digest of a mirror that reads the chain as it is now from the beginning."""

    def read(world: World) -> str:
        schema.drop_chain(other_database.engine)
        index(other_database, world.node, world.deployment)
        return digest(other_database)

    return read


@pytest.fixture
def all_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever there is to read, a process of its own reads it."""
    monkeypatch.setattr(reading_process, "FAR", 0)
