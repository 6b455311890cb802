"""Replayability: the tables are a function of the chain, whoever reads it, when, and beside what."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from indexers import index, new_world
from ledger_world import World
from partnership import Partnership
from sqlalchemy import delete, select, text

from ledger.chain import deployment as deployments
from ledger.chain.anvil import Anvil
from ledger.indexer import reading_process
from ledger.store import schema
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.tables import Checkpoint, Deployment, Entry, Payment, Token

Straight = Callable[[World], str]


def test_dropping_and_indexing_again_gives_the_same_digest(
    partnership: Partnership, database: Database
) -> None:
    world = partnership.world
    for _ in range(3):
        partnership.work(1)
        index(database, world.node, world.deployment)
    before = digest(database)
    with database.session() as session:
        tokens = session.execute(select(Token.__table__)).all()
    schema.drop_chain(database.engine)
    empty = digest(database)
    index(database, world.node, world.deployment)
    assert digest(database) == before != empty
    with database.session() as session:
        assert session.execute(select(Token.__table__)).all() == tokens, "app is left alone"


def test_blocks_without_entries_do_not_change_the_digest(
    partnership: Partnership, database: Database
) -> None:
    world = partnership.world
    index(database, world.node, world.deployment)
    before = digest(database)
    world.chain.mine(300)
    index(database, world.node, world.deployment)
    assert digest(database) == before


def test_the_digest_does_not_depend_on_how_rows_lie_on_disk(
    partnership: Partnership, database: Database
) -> None:
    world = partnership.world
    index(database, world.node, world.deployment)
    before = digest(database)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TEMP TABLE moved AS SELECT * FROM chain.entry ORDER BY seq DESC"))
        connection.execute(delete(Entry))
        connection.execute(text("INSERT INTO chain.entry SELECT * FROM moved"))
    assert digest(database) == before
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE chain.partner SET name = name || '.' WHERE seq = 1"))
    assert digest(database) != before


def test_two_deployments_in_one_database(
    own_chain: Anvil, database: Database, other_database: Database
) -> None:
    first, second = Partnership(new_world(own_chain)), Partnership(new_world(own_chain))
    worlds = [first.world, second.world]
    first.work(1)
    for world in worlds:
        index(database, world.node, world.deployment)
    second.work(2)
    first.pay(1, 2)
    for world in worlds:
        index(database, world.node, world.deployment)
    own_chain.reorg(4)
    second.pay(8, 9)
    for world in worlds:
        index(database, world.node, world.deployment)
    for world in reversed(worlds):
        index(other_database, world.node, world.deployment)
    assert digest(database) == digest(other_database)
    with database.session() as session:
        assert len(session.scalars(select(Checkpoint)).all()) == 2
        assert len(session.scalars(select(Deployment)).all()) == 2
        assert len(set(session.scalars(select(Payment.contract)))) == 2


def test_the_commands_from_an_empty_folder(partnership: Partnership, home: Path) -> None:
    """`pledger index`, `digest` and `db drop-chain` on an embedded database, each a process of its own. There
    is so much to read that another one reads, which is started first of all; the last one reads by itself.
    """
    world = partnership.world
    world.chain.mine(reading_process.FAR)
    deployments.save(world.deployment, home / "deployments" / "31337.json")

    def pledger(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(Path(sys.executable).with_name("pledger")), *arguments]
        environment = {"PLEDGER_RPC_URL": world.node.url, "PATH": os.environ["PATH"]}
        return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True)

    indexed = pledger("index", "--once")
    assert indexed.returncode == 0, indexed.stderr
    assert "every journal head matches" in indexed.stderr
    before = pledger("digest")
    assert len(before.stdout.strip()) == 64
    assert pledger("db", "drop-chain").returncode == 0
    assert pledger("index").returncode == 0
    assert pledger("digest").stdout == before.stdout
    assert pledger("index").returncode == 0  # there is nothing to read any more
    assert pledger("digest").stdout == before.stdout


def test_a_terminated_indexer_stops_cleanly(partnership: Partnership, home: Path) -> None:
    world = partnership.world
    deployments.save(world.deployment, home / "deployment.json")
    environment = {
        "PLEDGER_RPC_URL": world.node.url,
        "PLEDGER_DEPLOYMENT": str(home / "deployment.json"),
        "PATH": os.environ["PATH"],
    }
    command = [str(Path(sys.executable).with_name("pledger")), "index", "--follow"]
    process = subprocess.Popen(command, cwd=home, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert "every journal head matches" in process.stderr.readline()
    process.terminate()
    assert process.wait(60) == 0
    assert "run it again to go on" in process.stderr.read()
    assert not (home / ".pledger" / "postgres" / "postmaster.pid").exists()
