"""Whatever a node does, the mirror is that of a clean reading: in history, and while it follows the chain."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from faults import ALL, SHARPEST, SHARPEST_APART, SHARPEST_LIVE
from indexers import following, new_world, wait_for_newest
from ledger_world import World
from partnership import Partnership
from rpc_proxy import RpcProxy, reset, whole
from sqlalchemy import func, select

from ledger.chain import anvil as local_chain
from ledger.chain.node import connect
from ledger.indexer.run import indexing
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.tables import Incident

Straight = Callable[[World], str]


def named(sharpest: Iterable[str]) -> list[Any]:
    """All faults by name; those that are not among the sharpest are for `make test-long`."""
    return [pytest.param(name, marks=[] if name in sharpest else [pytest.mark.long], id=name) for name in ALL]


@pytest.fixture(scope="module")
def busy() -> Iterator[Partnership]:
    """A chain with some history; tests may add to it, and none takes anything back."""
    with local_chain.start() as chain:
        partnership = Partnership(new_world(chain))
        partnership.work(2)
        yield partnership


@pytest.mark.parametrize("name", named(SHARPEST))
def test_history_read_from_a_bad_node(
    busy: Partnership, database: Database, straight: Straight, name: str
) -> None:
    world, fault = busy.world, ALL[name]()
    with (
        RpcProxy(world.chain.rpc_url) as proxy,
        indexing(database, connect(proxy.url, timeout=fault.timeout), world.deployment) as indexer,
    ):
        fault.arm(proxy)
        indexer.catch_up()
    assert fault.struck
    assert digest(database) == straight(world)
    assert_nothing_open(database)


@pytest.mark.parametrize("name", named(SHARPEST_APART))
def test_history_read_apart_from_a_bad_node(
    busy: Partnership, database: Database, straight: Straight, name: str, all_apart: None
) -> None:
    """As a long backlog is read: by a process that knows no more of the errors than what it says of them."""
    test_history_read_from_a_bad_node(busy, database, straight, name)


@pytest.mark.parametrize("name", named(SHARPEST_LIVE))
def test_following_a_node_that_turns_bad(
    busy: Partnership, database: Database, straight: Straight, name: str
) -> None:
    world, fault = busy.world, ALL[name]()
    with (
        RpcProxy(world.chain.rpc_url) as proxy,
        following(database, world, connect(proxy.url, timeout=fault.timeout)) as indexer,
    ):
        wait_for_newest(indexer, world)
        proxy.deliver = reset  # so that several blocks wait for the bad answers
        busy.pay(1, 2, 3, 4, 5, 6)
        proxy.deliver = whole
        fault.arm(proxy)
        wait_for_newest(indexer, world)
        busy.pay(6)
        wait_for_newest(indexer, world)
    assert fault.struck
    assert digest(database) == straight(world)
    assert_nothing_open(database)


def assert_nothing_open(database: Database) -> None:
    with database.session() as session:
        open_ones = select(func.count()).select_from(Incident).where(Incident.resolved_at.is_(None))
        assert session.scalar(open_ones) == 0
