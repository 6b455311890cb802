"""What a node says of a block's time: refused where it is false, and marked where nobody can check it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from header_forks import OWN, with_field
from indexers import following, index, wait_for_newest
from ledger_world import World
from partnership import Partnership
from rpc_proxy import RpcProxy, honest
from sqlalchemy import select, text

from ledger.chain.node import connect, connect_any
from ledger.indexer.headers import HeaderFalse
from ledger.indexer.run import indexing
from ledger.indexer.status import status_of
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.reading import read, snapshot
from ledger.store.tables import Incident

Straight = Callable[[World], str]
TWO_HOURS = 7_200


@pytest.fixture
def pair(world: World) -> Iterator[tuple[RpcProxy, RpcProxy]]:
    with RpcProxy(world.chain.rpc_url) as first, RpcProxy(world.chain.rpc_url) as second:
        yield first, second


def blocks(
    alter: Callable[[dict[str, Any]], dict[str, Any]], upto: int = 2**63, after: int = -1
) -> Callable[..., Any]:
    """Alters all blocks up to a number, and after another."""

    def given(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        block = answer.get("result")
        if method != "eth_getBlockByNumber" or not block or not after < int(block["number"], 16) <= upto:
            return answer
        return answer | {"result": alter(block)}

    return given


def early(block: dict[str, Any]) -> dict[str, Any]:
    return block | {"timestamp": hex(int(block["timestamp"], 16) - TWO_HOURS)}


def early_with_a_field(block: dict[str, Any]) -> dict[str, Any]:
    """As a liar would say it who knows that unknown fields are taken."""
    return early(block) | {OWN: "0x1"}


def with_a_neighbours_field(block: dict[str, Any]) -> dict[str, Any]:
    return block | {"l1BlockNumber": "0x12"}


def incidents(database: Database) -> list[tuple[str, str]]:
    with database.session() as session:
        found = session.scalars(select(Incident).order_by(Incident.number))
        return [(each.kind, each.what) for each in found]


def unverified(database: Database) -> int:
    with snapshot(database) as session:
        reading = read(session)
        status = status_of(reading, None)
        assert reading.times_verified == (status.unverified.blocks == 0)
        return status.unverified.blocks


def test_blocks_two_hours_early_are_read_from_another_node(
    partnership: Partnership, database: Database, straight: Straight, pair: tuple[RpcProxy, RpcProxy]
) -> None:
    world, (liar, other) = partnership.world, pair
    liar.alter = blocks(early)
    index(database, connect_any([liar.url, other.url]), world.deployment)
    assert digest(database) == straight(world)
    assert unverified(database) == 0
    (header, said), (failover, _) = incidents(database)
    assert (header, failover) == ("header", "failover")
    assert "its fields do not make its hash" in said


def test_without_another_node_nothing_is_taken_and_the_indexer_stops_until_it_is_honest(
    partnership: Partnership, database: Database, straight: Straight, proxy: RpcProxy, all_apart: None
) -> None:
    world = partnership.world
    proxy.alter = blocks(early, upto=world.node.w3.eth.block_number - 1)  # its newest is true
    with pytest.raises(HeaderFalse, match=r"false header of block \d+: its fields do not make its hash"):
        index(database, proxy.url, world.deployment)
    assert [kind for kind, _ in incidents(database)] == ["header", "stop"]
    proxy.alter = honest
    index(database, proxy.url, world.deployment)
    assert digest(database) == straight(world)


def test_a_follower_outlives_a_node_that_lies_for_a_moment(
    partnership: Partnership, database: Database, straight: Straight, pair: tuple[RpcProxy, RpcProxy]
) -> None:
    world, (liar, other) = partnership.world, pair
    with following(database, world, connect_any([liar.url, other.url])) as indexer:
        wait_for_newest(indexer, world)
        liar.alter = blocks(early)
        partnership.pay(1, 2)
        wait_for_newest(indexer, world)
    assert digest(database) == straight(world)


@pytest.mark.parametrize("apart", [False, True])
def test_a_chain_with_fields_of_its_own_is_mirrored_and_all_of_it_says_unverified(
    partnership: Partnership,
    database: Database,
    straight: Straight,
    proxy: RpcProxy,
    request: pytest.FixtureRequest,
    apart: bool,
) -> None:
    """And verified as soon as somebody can: another node, or a later version that knows the field."""
    if apart:
        request.getfixturevalue("all_apart")
    world = partnership.world
    proxy.alter = blocks(with_field)
    index(database, proxy.url, world.deployment)
    same = digest(database)
    assert same == straight(world), "the mark is not a part of what two machines must agree on"
    assert unverified(database) > 0
    ((kind, said),) = incidents(database)
    assert (kind, OWN in said) == ("unverified", True)
    partnership.pay(1)
    index(database, proxy.url, world.deployment)
    assert len(incidents(database)) == 1, "it is said once"
    proxy.alter = honest
    index(database, proxy.url, world.deployment)
    assert unverified(database) == 0
    assert digest(database) == straight(world)


def test_a_liar_that_invents_a_field_is_found_out_by_another_node_and_read_again(
    partnership: Partnership, database: Database, straight: Straight, pair: tuple[RpcProxy, RpcProxy]
) -> None:
    world, (liar, other) = partnership.world, pair
    # Not of blocks in which roles were given: the times that the access manager stores tell on those.
    newest = world.node.w3.eth.block_number
    liar.alter = blocks(early_with_a_field, upto=newest - 3, after=newest - 9)
    index(database, connect_any([liar.url, other.url]), world.deployment)
    assert digest(database) == straight(world)
    assert unverified(database) == 0
    assert {kind for kind, _ in incidents(database)} == {"unverified", "failover", "header"}
    with database.session() as session:
        entries = session.scalar(text("SELECT count(*) FROM chain.entry"))
    partnership.pay(1)
    index(database, connect_any([other.url]), world.deployment)
    with database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM chain.entry")) == (entries or 0) + 1


def test_a_field_beside_the_header_excuses_no_lie(
    partnership: Partnership, database: Database, proxy: RpcProxy
) -> None:
    """Its headers were hashed without it: it explains nothing."""
    world = partnership.world
    proxy.alter = blocks(with_a_neighbours_field)
    with indexing(database, connect(proxy.url), world.deployment) as indexer:
        indexer.catch_up()
        assert unverified(database) == 0
        partnership.pay(1)
        proxy.alter = blocks(lambda block: with_a_neighbours_field(early(block)))
        with pytest.raises(HeaderFalse):
            indexer.catch_up()


def test_a_chain_that_hashes_otherwise_is_mirrored_where_its_operator_says_so(
    partnership: Partnership, database: Database, straight: Straight, proxy: RpcProxy, all_apart: None
) -> None:
    world = partnership.world
    proxy.alter = blocks(lambda block: block | {"gasUsed": "0x77"})
    with indexing(database, connect(proxy.url), world.deployment, any_hash=True) as indexer:
        indexer.catch_up()
    assert digest(database) == straight(world)
    assert unverified(database) > 0


def test_blocks_that_an_older_version_took_are_looked_at_once(
    partnership: Partnership, database: Database
) -> None:
    """As migration 0018 leaves them."""
    world = partnership.world
    index(database, world.node, world.deployment)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE chain.block SET verified = false"))
    assert unverified(database) > 0
    index(database, world.node, world.deployment)
    assert unverified(database) == 0
