"""Exactly once: reorganisations, kills and second indexers change nothing in the tables."""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from indexers import following, index, wait_for_newest
from ledger_world import World
from partnership import Partnership
from rpc_proxy import RpcProxy, honest, refusal
from sqlalchemy import select, text

from ledger.chain import deployment as deployments
from ledger.chain.node import connect
from ledger.errors import LedgerError
from ledger.indexer.mirror import CHANNEL
from ledger.indexer.run import indexing
from ledger.indexer.writer import WriterBusy
from ledger.store import schema
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.tables import Checkpoint, Entry

Straight = Callable[[World], str]


@pytest.mark.parametrize(
    ("depth", "finality"),
    [(1, "finalized"), (5, "finalized"), (25, "finalized"), (25, "immediate"), (25, "3")],
)
def test_a_reorganisation_while_down(
    own_partnership: Partnership, database: Database, straight: Straight, depth: int, finality: str
) -> None:
    world = own_partnership.world
    own_partnership.work(4)
    index(database, world.node, world.deployment, finality)
    before = digest(database)
    world.chain.reorg(depth)
    own_partnership.pay(5, 6)
    notes = index(database, world.node, world.deployment, finality)
    assert notes.taken and notes.taken[0][1] > 0
    assert digest(database) == straight(world) != before


@pytest.mark.parametrize("depth", [1, 5, 25])
def test_a_reorganisation_while_following(
    own_partnership: Partnership, database: Database, straight: Straight, depth: int
) -> None:
    world = own_partnership.world
    with following(database, world) as indexer:
        own_partnership.work(4)
        wait_for_newest(indexer, world)
        world.chain.reorg(depth)
        wait_for_newest(indexer, world)
        own_partnership.pay(5, 6)
        world.chain.reorg(1)
        own_partnership.pay(7)
        wait_for_newest(indexer, world)
    assert digest(database) == straight(world)


def test_the_same_transactions_in_other_blocks(
    own_partnership: Partnership, database: Database, straight: Straight
) -> None:
    world = own_partnership.world
    own_partnership.pay(1, 2, 3)
    index(database, world.node, world.deployment)
    before = digest(database)
    newest = world.node.rpc("eth_getBlockByNumber", ["latest", True])
    raw = world.node.rpc("eth_getRawTransactionByHash", [newest["transactions"][0]["hash"]])
    world.chain.reorg(3, [(raw_of(world, 2), 0), (raw_of(world, 1), 1), (raw, 1)])
    index(database, world.node, world.deployment)
    assert digest(database) == straight(world) != before


def raw_of(world: World, back: int) -> str:
    """The transaction of the block so many before the newest."""
    number = world.node.w3.eth.block_number - back
    block = world.node.rpc("eth_getBlockByNumber", [hex(number), True])
    return str(world.node.rpc("eth_getRawTransactionByHash", [block["transactions"][0]["hash"]]))


def test_a_chain_that_became_shorter(
    partnership: Partnership, database: Database, straight: Straight
) -> None:
    world = partnership.world
    snapshot = world.chain.snapshot()
    partnership.work(2)
    index(database, world.node, world.deployment)
    world.chain.revert(snapshot)
    partnership.pay(9)
    index(database, world.node, world.deployment)
    assert digest(database) == straight(world)


def test_a_second_indexer_says_so_or_waits(partnership: Partnership, database: Database) -> None:
    world = partnership.world
    with Database.open(database.url.render_as_string(hide_password=False)) as same:
        with indexing(database, world.node, world.deployment) as first:
            first.catch_up()
            with (
                pytest.raises(WriterBusy, match="Another indexer"),
                indexing(same, world.node, world.deployment),
            ):
                pass
            with pytest.raises(Exception, match="An indexer is writing"):
                schema.drop_chain(same.engine)
            second = threading.Thread(target=wait_and_index, args=(same, world))
            second.start()
            partnership.pay(1)
            time.sleep(0.5)
            assert second.is_alive()
        second.join(120)
        assert not second.is_alive()
        with database.session() as session:
            assert session.scalar(select(Checkpoint.block_number)) == world.node.w3.eth.block_number


def wait_and_index(database: Database, world: World) -> None:
    with indexing(database, world.node, world.deployment, wait=True) as indexer:
        indexer.catch_up()


def test_killed_at_random_moments(
    partnership: Partnership, database: Database, straight: Straight, proxy: RpcProxy, tmp_path: Path
) -> None:
    """A real process, killed with SIGKILL again and again while it reads a few blocks at a time."""
    world = partnership.world
    partnership.work(6)
    deployments.save(world.deployment, tmp_path / "deployment.json")
    dice = random.Random(11)

    def slow_and_narrow(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        if method == "eth_getLogs":
            time.sleep(dice.uniform(0, 0.02))
            if int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) >= 2:
                return refusal(answer, "at most two blocks at once")
        return answer

    proxy.alter = slow_and_narrow
    kills = 0
    for turn in range(1, 5):
        process = start_indexer(database, proxy, tmp_path)
        wanted = 15 * turn
        while process.poll() is None and mirrored(database) < wanted:
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
    assert kills >= 3
    process = start_indexer(database, proxy, tmp_path)
    assert process.wait(120) == 0
    assert digest(database) == straight(world)


def start_indexer(database: Database, proxy: RpcProxy, folder: Path) -> "subprocess.Popen[bytes]":
    environment = {
        "PLEDGER_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "PLEDGER_RPC_URL": proxy.url,
        "PLEDGER_DEPLOYMENT": str(folder / "deployment.json"),
    }
    command = [str(Path(sys.executable).with_name("pledger")), "index", "--once"]
    return subprocess.Popen(command, cwd=folder, env=environment)


def mirrored(database: Database) -> int:
    """The newest mirrored block."""
    with database.session() as session:
        return session.scalar(select(Checkpoint.block_number)) or 0


def test_a_lost_database_connection_is_one_clear_line(
    partnership: Partnership, database: Database, straight: Straight
) -> None:
    world = partnership.world
    with (
        pytest.raises(LedgerError, match="The database connection was lost"),
        following(database, world) as indexer,
    ):
        wait_for_newest(indexer, world)
        with database.engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        partnership.pay(1, 2)
        time.sleep(0.5)
    index(database, world.node, world.deployment)
    assert digest(database) == straight(world)


def test_a_node_that_fails_for_a_while_is_asked_again(
    partnership: Partnership, database: Database, proxy: RpcProxy, straight: Straight
) -> None:
    world = partnership.world
    with following(database, world, connect(proxy.url)) as indexer:
        proxy.alter = lambda method, params, answer: refusal(answer, "out of order")
        partnership.pay(1, 2)
        time.sleep(0.3)
        proxy.alter = honest
        wait_for_newest(indexer, world)
    assert digest(database) == straight(world)


def test_listeners_hear_of_every_commit(partnership: Partnership, database: Database) -> None:
    world = partnership.world
    listener = database.engine.raw_connection()
    driver = listener.driver_connection
    assert driver is not None
    driver.autocommit = True
    driver.execute(f"LISTEN {CHANNEL}")
    index(database, world.node, world.deployment)
    news = [json.loads(notice.payload) for notice in driver.notifies(timeout=60, stop_after=1)]
    listener.invalidate()
    assert news[0]["block"] == world.node.w3.eth.block_number
    assert news[0]["ledger"] == world.ledger.address.lower()
    assert news[0]["entries"] > 0


def test_every_entry_is_there_once(partnership: Partnership, database: Database) -> None:
    world = partnership.world
    partnership.work(1)
    for _ in range(3):
        index(database, world.node, world.deployment)
    with database.session() as session:
        for name in ("PartnerRegistry", "AgreementRegistry", "DealRegistry", "RevenueLedger"):
            contract = world.contract(name)
            seqs = session.scalars(
                select(Entry.seq)
                .where(Entry.contract == bytes.fromhex(contract.address[2:]))
                .order_by(Entry.seq)
            ).all()
            assert list(seqs) == list(range(1, contract.functions.journal().call()[0] + 1))
