"""Machines that fail: killed indexers, crashes of PostgreSQL, a full disk, nodes away, clocks that move."""

import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from database_fixtures import temporary_home
from doomed import process_that_follows
from indexers import Notes, beside, following, index, newest_hash, wait_for_newest
from ledger_world import World
from partnership import Partnership
from rpc_proxy import RpcProxy, refusal, reset, whole
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from ledger.chain.node import connect
from ledger.errors import LedgerError
from ledger.indexer.run import indexing
from ledger.indexer.service import keep_following
from ledger.indexer.writer import DatabaseFailed
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.tables import Checkpoint

Straight = Callable[[World], str]
KILLS = 100


@contextmanager
def service(database: Database, world: World, node_url: str | None = None) -> Iterator[Notes]:
    """An indexer beside the test that outlives its database's failures."""
    notes = Notes()

    def run(stop: threading.Event) -> None:
        node = connect(node_url or world.node.url)
        keep_following(database, node, world.deployment, stop, 0.02, wait=True, watcher=notes)

    with beside(run):
        yield notes


def checkpoint_hash(database: Database) -> bytes | None:
    with database.session() as session:
        return session.scalar(select(Checkpoint.block_hash))


def wait_until_mirrored(database: Database, world: World) -> None:
    deadline = time.monotonic() + 60
    while checkpoint_hash(database) != newest_hash(world):
        assert time.monotonic() < deadline, "the mirror does not get there"
        time.sleep(0.02)


def narrow(proxy: RpcProxy, dice: random.Random) -> None:
    """The node takes its time and gives two blocks at once, so that there is something to interrupt."""

    def alter(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        if method != "eth_getLogs":
            return answer
        time.sleep(dice.uniform(0, 0.01))
        wide = int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) >= 2
        return refusal(answer, "at most two blocks at once") if wide else answer

    proxy.alter = alter


def test_a_standby_takes_over_from_a_killed_indexer(
    partnership: Partnership, database: Database, straight: Straight
) -> None:
    world = partnership.world
    with process_that_follows(database, world.node.url, world.deployment) as writer:
        wait_until_mirrored(database, world)
        with service(database, world) as standby:
            while not standby.waiting:
                time.sleep(0.02)
            partnership.pay(1)
            wait_until_mirrored(database, world)
            assert standby.batches == 0
            writer.kill()
            partnership.pay(2, 3)
            wait_until_mirrored(database, world)
        assert standby.batches > 0
    assert digest(database) == straight(world)


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_killed_at_a_hundred_random_moments(
    own_partnership: Partnership, database: Database, straight: Straight, own_proxy: RpcProxy
) -> None:
    """With SIGKILL; and when there is nothing left to read, the chain grows or is reorganised meanwhile."""
    world, dice = own_partnership.world, random.Random(7)
    own_partnership.work(4)
    narrow(own_proxy, dice)
    interrupted = 0
    for _ in range(KILLS):
        before = checkpoint_hash(database)
        if before == newest_hash(world):
            if dice.random() < 0.5:
                world.chain.reorg(dice.choice((1, 3, 8, 20)))
            own_partnership.work(1)
        with process_that_follows(database, own_proxy.url, world.deployment):
            at_work = dice.random() < 0.7
            deadline = time.monotonic() + (10 if at_work else dice.uniform(0, 0.5))
            while time.monotonic() < deadline and (not at_work or checkpoint_hash(database) == before):
                time.sleep(0.002)
            time.sleep(dice.uniform(0, 0.02))
        interrupted += before != checkpoint_hash(database) != newest_hash(world)
    assert interrupted > KILLS // 5, "killed at work, not before or after"
    with service(database, world):
        wait_until_mirrored(database, world)
    assert digest(database) == straight(world)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("depth", [1, 5, 25, 45, 200])
@pytest.mark.parametrize("when", ["live", "down", "killed"])
def test_reorganisations_of_any_depth(
    own_partnership: Partnership,
    database: Database,
    straight: Straight,
    when: str,
    depth: int,
) -> None:
    """At the same height; deeper than what anvil calls final (64 blocks), too."""
    world = own_partnership.world
    own_partnership.work(2)
    if depth > 25:
        world.chain.mine(depth - 15)  # so that there is as much chain, and the contracts stay
    own_partnership.work(2)
    if when == "live":
        with following(database, world) as indexer:
            wait_for_newest(indexer, world)
            reorganise(own_partnership, depth)
            wait_for_newest(indexer, world)
    elif when == "killed":
        with process_that_follows(database, world.node.url, world.deployment):
            wait_until_mirrored(database, world)
        reorganise(own_partnership, depth)
        with process_that_follows(database, world.node.url, world.deployment):
            wait_until_mirrored(database, world)
    else:
        index(database, world.node, world.deployment)
        reorganise(own_partnership, depth)
        index(database, world.node, world.deployment)
    assert digest(database) == straight(world)


def reorganise(partnership: Partnership, depth: int) -> None:
    chain = partnership.world.chain
    before = chain.node.w3.eth.block_number
    chain.reorg(depth)
    assert chain.node.w3.eth.block_number == before, "at the same height"


@pytest.mark.long
@pytest.mark.parametrize("when", ["live", "down"])
@pytest.mark.parametrize("blocks", [5, 100])
def test_a_chain_that_became_shorter(
    own_partnership: Partnership, database: Database, straight: Straight, when: str, blocks: int
) -> None:
    """Fewer blocks than before, and other ones; then it grows on."""
    world = own_partnership.world
    own_partnership.work(1)
    snapshot = world.chain.snapshot()

    def shorten() -> None:
        world.chain.revert(snapshot)
        own_partnership.pay(7, 8)

    own_partnership.work(1)
    world.chain.mine(blocks)
    if when == "live":
        with following(database, world) as indexer:
            wait_for_newest(indexer, world)
            shorten()
            world.chain.mine(blocks + 20)
            wait_for_newest(indexer, world)
    else:
        index(database, world.node, world.deployment)
        shorten()
        world.chain.mine(blocks + 20)
        index(database, world.node, world.deployment)
    assert digest(database) == straight(world)


def test_postgresql_crashes_while_it_is_written_to_and_while_nothing_happens(
    partnership: Partnership, straight: Straight, proxy: RpcProxy
) -> None:
    """A killed backend makes PostgreSQL end all others and recover from its log, as after a crash.

    An embedded server that is killed whole is started again by whoever uses it.
    """
    world, dice = partnership.world, random.Random(3)
    partnership.work(2)
    narrow(proxy, dice)
    with temporary_home() as home:
        settings = Settings(home=home)
        with Database.open(settings) as database, service(database, world, proxy.url) as notes:
            for _ in range(4):
                time.sleep(dice.uniform(0.02, 0.3))
                crash(database)
            wait_until_recovered(database)
            wait_until_mirrored(database, world)
            crash(database)
            partnership.pay(1, 2)
            wait_until_recovered(database)
            wait_until_mirrored(database, world)
            os.kill(int((home / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            partnership.pay(3, 4)
            wait_until_recovered(database)
            wait_until_mirrored(database, world)
            assert notes.troubles > 1
            assert digest(database) == straight(world)


def crash(database: Database) -> None:
    wait_until_recovered(database)
    with suppress(OperationalError), database.engine.connect() as connection:
        connection.detach()
        os.kill(int(connection.scalar(text("SELECT pg_backend_pid()")) or 0), signal.SIGKILL)


def wait_until_recovered(database: Database) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with database.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
                return
        except OperationalError:
            assert time.monotonic() < deadline, "PostgreSQL does not come back"
            time.sleep(0.05)


@pytest.mark.long
def test_a_full_disk_is_a_clear_line_and_nothing_is_lost(
    partnership: Partnership, database_server: Database, straight: Straight
) -> None:
    world = partnership.world
    partnership.work(2)
    with small_disk() as folder, database_on(database_server, folder) as database:
        ballast = folder / "ballast"
        with ballast.open("wb") as file, pytest.raises(OSError, match="No space left"):
            while True:
                file.write(bytes(8192))
                file.flush()
        with pytest.raises(DatabaseFailed, match=r"refused to write: .*No space left on device"):
            index(database, world.node, world.deployment)
        with service(database, world) as notes:
            time.sleep(0.5)
            ballast.unlink()
            wait_until_mirrored(database, world)
        assert notes.batches
        assert digest(database) == straight(world)


@contextmanager
def small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="pledger-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=0777", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("only root can make a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def database_on(server: Database, disk: Path) -> Iterator[Database]:
    """A database whose tables are on the disk; PostgreSQL's log is not."""
    folder = disk / "tables"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    server.engine.dispose()
    admin = server.url.set(database="postgres").render_as_string(hide_password=False)
    with (
        Database.open(admin, migrate=False) as postgres,
        postgres.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        data = Path(str(connection.scalar(text("SHOW data_directory")))).stat()
        os.chown(folder, data.st_uid, data.st_gid)
        connection.execute(text(f"CREATE TABLESPACE small LOCATION '{folder}'"))
        connection.execute(text(f'CREATE DATABASE small TEMPLATE "{server.url.database}" TABLESPACE small'))
        try:
            url = server.url.set(database="small").render_as_string(hide_password=False)
            with Database.open(url) as database:
                yield database
        finally:
            connection.execute(text("DROP DATABASE small WITH (FORCE)"))
            connection.execute(text("DROP TABLESPACE small"))


@pytest.mark.long
def test_a_node_that_is_away_for_twenty_seconds(
    partnership: Partnership, database: Database, straight: Straight, proxy: RpcProxy
) -> None:
    world = partnership.world
    with following(database, world, connect(proxy.url)) as indexer:
        wait_for_newest(indexer, world)
        proxy.deliver = reset
        partnership.pay(1, 2)
        time.sleep(20)
        proxy.deliver = whole
        wait_for_newest(indexer, world)
    assert digest(database) == straight(world)


def test_a_node_that_flaps_between_two_states(
    partnership: Partnership, database: Database, straight: Straight, proxy: RpcProxy
) -> None:
    """As behind a balancer: every fourth answer comes from a node that is some blocks behind."""
    world, dice = partnership.world, random.Random(4)

    def flap(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
        if dice.random() < 0.75 or not answer.get("result"):
            return answer
        behind = world.node.w3.eth.block_number - 3
        if method == "eth_getBlockByNumber" and params[0] == "latest":
            return answer | {"result": world.node.rpc("eth_getBlockByNumber", [hex(behind), False])}
        if method == "eth_getBlockByNumber" and params[0].startswith("0x") and int(params[0], 16) > behind:
            return answer | {"result": None}
        if method == "eth_getLogs":
            return answer | {
                "result": [log for log in answer["result"] if int(log["blockNumber"], 16) <= behind]
            }
        return answer

    proxy.alter = flap
    with following(database, world, connect(proxy.url)) as indexer:
        partnership.work(1)
        wait_for_newest(indexer, world)
    assert digest(database) == straight(world), "what is there is whole, at any moment"


@pytest.mark.long
def test_a_clock_that_is_moved(
    partnership: Partnership, database: Database, straight: Straight, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten years on and back: nothing in the mirror comes from this machine's clock."""
    world, real = partnership.world, time.time
    with following(database, world) as indexer:
        for years in (10, -10):
            monkeypatch.setattr(time, "time", lambda years=years: real() + years * 365 * 86_400)
            partnership.pay(1)
            world.chain.increase_time(400 * 86_400)
            wait_for_newest(indexer, world)
    assert digest(database) == straight(world)


def test_a_chain_id_that_changed(
    partnership: Partnership, database: Database, straight: Straight, proxy: RpcProxy
) -> None:
    """The same blocks under another id are still the same blocks; a start under another id is refused."""
    world = partnership.world
    with indexing(database, connect(proxy.url), world.deployment) as indexer:
        indexer.catch_up()
        proxy.alter = lambda method, _, answer: (
            answer | {"result": "0x2"} if method == "eth_chainId" else answer
        )
        partnership.pay(1)
        indexer.catch_up()
    assert digest(database) == straight(world)
    with pytest.raises(LedgerError, match=r"is for chain 31337, but .* is chain 2"):
        index(database, proxy.url, world.deployment)
