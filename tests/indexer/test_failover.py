"""Several nodes: what one gets wrong is read from another, who fails gives way, and all of it is noted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from indexers import following, index, new_world, wait_for_newest
from ledger_world import World
from partnership import Partnership
from rpc_proxy import RpcProxy, honest, reset, whole, without_logs
from sqlalchemy import select

from ledger.chain import anvil as local_chain
from ledger.chain.node import ChainMismatch, NodeUnreachable, connect_any
from ledger.errors import LedgerError
from ledger.indexer.entries import EntryRejected
from ledger.indexer.run import indexing
from ledger.indexer.status import status_of
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.reading import read, snapshot
from ledger.store.tables import Incident

Straight = Callable[[World], str]
NOWHERE = "http://user:secret@127.0.0.1:9/key"


@pytest.fixture
def pair(world: World) -> Iterator[tuple[RpcProxy, RpcProxy]]:
    with RpcProxy(world.chain.rpc_url) as first, RpcProxy(world.chain.rpc_url) as second:
        yield first, second


def incidents(database: Database) -> list[Incident]:
    with database.session() as session:
        return list(session.scalars(select(Incident).order_by(Incident.number)))


@contextmanager
def lost(proxy: RpcProxy) -> Iterator[None]:
    """The node is away."""
    proxy.deliver = reset
    yield
    proxy.deliver = whole


def test_what_one_node_leaves_out_another_one_has(
    partnership: Partnership, database: Database, straight: Straight, pair: tuple[RpcProxy, RpcProxy]
) -> None:
    """A node that always lies, beside an honest one: healed, and noted where."""
    world, (liar, other) = partnership.world, pair
    liar.alter = without_logs
    index(database, connect_any([liar.url, other.url]), world.deployment)
    assert digest(database) == straight(world)
    entry, failover = incidents(database)
    assert (entry.kind, entry.node, entry.seq) == ("entry", liar.url, 1)
    assert entry.contract is not None and entry.block is not None
    assert (failover.kind, failover.node) == ("failover", liar.url)
    assert f"{other.url} is asked in its place" in failover.what
    assert entry.resolved_at and failover.resolved_at


def test_two_liars_stop_the_indexer_where_it_is_and_an_honest_node_heals_it(
    partnership: Partnership, database: Database, straight: Straight, pair: tuple[RpcProxy, RpcProxy]
) -> None:
    world = partnership.world
    for proxy in pair:
        proxy.alter = without_logs
    node = connect_any([proxy.url for proxy in pair])
    for _ in range(2):  # as whatever starts it again would
        with pytest.raises(EntryRejected, match="breaks at entry 1, block"):
            index(database, node, world.deployment)
    stops = [each for each in incidents(database) if each.kind == "stop"]
    assert stops
    assert all(stop.resolved_at is None and "breaks at entry 1" in stop.what for stop in stops)
    pair[1].alter = honest
    index(database, node, world.deployment)
    assert digest(database) == straight(world)
    assert all(each.resolved_at for each in incidents(database))


def test_a_node_that_is_down_at_the_start_or_goes_down_later(
    partnership: Partnership, database: Database, straight: Straight, pair: tuple[RpcProxy, RpcProxy]
) -> None:
    world, (first, second) = partnership.world, pair
    node = connect_any([NOWHERE, first.url, second.url])
    with following(database, world, node) as indexer:
        wait_for_newest(indexer, world)
        assert node.place == first.url
        with lost(first):
            partnership.pay(1, 2)
            wait_for_newest(indexer, world)
            assert node.place == second.url
        with lost(second):
            partnership.pay(3)
            wait_for_newest(indexer, world)
            assert node.place == first.url
    assert digest(database) == straight(world)
    assert [each.kind for each in incidents(database)] == ["failover"] * 2
    assert "secret" not in str([vars(each) for each in incidents(database)])


def test_all_nodes_down_and_back(
    partnership: Partnership, database: Database, straight: Straight, pair: tuple[RpcProxy, RpcProxy]
) -> None:
    world, (first, second) = partnership.world, pair
    with following(database, world, connect_any([first.url, second.url])) as indexer:
        wait_for_newest(indexer, world)
        with lost(first), lost(second):
            partnership.pay(1, 2)
        wait_for_newest(indexer, world)
    assert digest(database) == straight(world)


def test_a_node_that_lags_gives_way_to_one_that_does_not(
    partnership: Partnership, database: Database, straight: Straight, pair: tuple[RpcProxy, RpcProxy]
) -> None:
    world, (behind, other) = partnership.world, pair
    old = world.node.rpc("eth_getBlockByNumber", ["latest", False])
    partnership.pay(1, 2, 3)
    index(database, world.node, world.deployment)
    partnership.pay(4)
    behind.alter = lambda method, params, answer: (
        answer | {"result": old}
        if method == "eth_getBlockByNumber" and params[0] in ("latest", "finalized")
        else answer
    )
    index(database, connect_any([behind.url, other.url]), world.deployment)
    assert digest(database) == straight(world)


def test_a_node_that_stands_still_is_left_for_one_that_goes_on(
    partnership: Partnership, database: Database, pair: tuple[RpcProxy, RpcProxy], monkeypatch: Any
) -> None:
    monkeypatch.setattr("ledger.indexer.run.STILL_SECONDS", 0.3)
    world, (still, other) = partnership.world, pair
    with following(database, world, connect_any([still.url, other.url])) as indexer:
        wait_for_newest(indexer, world)
        old = world.node.rpc("eth_getBlockByNumber", ["latest", False])
        still.alter = lambda method, params, answer: (
            answer | {"result": old} if method == "eth_getBlockByNumber" and params[0] == "latest" else answer
        )
        partnership.pay(1, 2)
        wait_for_newest(indexer, world)


def test_a_node_that_is_swapped_for_another_chain_gives_way(
    own_partnership: Partnership, database: Database, straight: Straight, own_proxy: RpcProxy
) -> None:
    world = own_partnership.world
    node = connect_any([own_proxy.url, world.chain.rpc_url])
    with local_chain.start() as anew, indexing(database, node, world.deployment) as indexer:
        indexer.catch_up()
        new_world(anew)
        own_proxy.node_url = anew.rpc_url
        own_partnership.pay(1, 2)
        for _ in range(3):  # what follows the chain looks again and again
            indexer.catch_up()
            if node.place == world.chain.rpc_url:
                break
        assert node.place == world.chain.rpc_url
    assert digest(database) == straight(world)
    assert "is another chain" in incidents(database)[-1].what


def test_a_node_of_another_chain_is_never_turned_to(
    partnership: Partnership, database: Database, pair: tuple[RpcProxy, RpcProxy]
) -> None:
    world, (first, second) = partnership.world, pair
    second.alter = lambda method, _, answer: answer | {"result": "0x1"} if method == "eth_chainId" else answer
    with pytest.raises(ChainMismatch):
        connect_any([NOWHERE, second.url], 31337)
    with (
        indexing(database, connect_any([first.url, second.url]), world.deployment) as indexer,
        lost(first),
        pytest.raises(NodeUnreachable),
    ):
        indexer.catch_up()
    with pytest.raises(LedgerError, match=r"is for chain 31337, but .* is chain 1"):
        index(database, connect_any([second.url, first.url]), world.deployment)


def test_reorganisations_are_noted(
    own_partnership: Partnership, database: Database, straight: Straight
) -> None:
    world = own_partnership.world
    own_partnership.pay(1, 2)
    index(database, world.node, world.deployment)
    world.chain.reorg(2)
    index(database, world.node, world.deployment)
    (noted,) = incidents(database)
    assert noted.kind == "reorganisation"
    assert "2 entries after block" in noted.what
    assert noted.resolved_at
    with snapshot(database) as session:
        status = status_of(read(session), None)
        assert status.incidents["reorganisation"] == 1
        assert status.state is not None
        assert status.state.entries_taken_back == 2
        assert status.state.entries_read - 2 == sum(status.entries.values())
        assert not status.is_indexing
        assert not status.is_ready, "nobody said how far the chain is"


def test_further_nodes_come_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEDGER_RPC_URL", "http://a")
    monkeypatch.setenv("PLEDGER_RPC_URLS", " http://b, http://a,,http://c")
    assert Settings(_env_file=None).nodes == ["http://a", "http://b", "http://c"]
    monkeypatch.delenv("PLEDGER_RPC_URLS")
    assert Settings(_env_file=None).nodes == ["http://a"]
    with pytest.raises(NodeUnreachable, match=r"No node answers at http://127\.0\.0\.1:9: "):
        connect_any([NOWHERE, "http://127.0.0.1:7"])
