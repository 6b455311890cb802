"""`pledger status` and `pledger rebuild`: what they print, and what they exit with."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ledger_world import World

from ledger.chain import deployment as deployments
from ledger.chain.node import connect
from ledger.indexer.run import indexing
from ledger.store.database import Database
from ledger.store.digest import digest

Pledger = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def pledger(database: Database, world: World, tmp_path: Path) -> Pledger:
    deployments.save(world.deployment, tmp_path / "deployments" / "31337.json")
    url = database.url.render_as_string(hide_password=False)

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        command = [str(Path(sys.executable).with_name("pledger")), *arguments]
        known = {"PLEDGER_DATABASE_URL": url, "PLEDGER_RPC_URL": world.chain.rpc_url}
        return subprocess.run(command, cwd=tmp_path, env=known | environment, capture_output=True, text=True)

    return run


def index(database: Database, world: World) -> None:
    with indexing(database, connect(world.chain.rpc_url), world.deployment) as indexer:
        indexer.catch_up()


def test_status_says_how_far_behind_and_how_fast(pledger: Pledger, database: Database, world: World) -> None:
    world.partner("Vendor")
    index(database, world)
    ready = pledger("status")
    assert ready.returncode == 0, ready.stderr
    assert ready.stdout.startswith("ready: chain 31337, ledger 0x")
    assert "0 blocks and 0 s behind the chain" in ready.stdout
    assert "entries/s" in ready.stdout
    assert "incidents: none" in ready.stdout
    world.chain.increase_time(120)
    stale = pledger("status", "--json")
    assert stale.returncode == 1
    document: dict[str, Any] = json.loads(stale.stdout)
    assert document["ready"] is False
    assert document["lag"]["blocks"] >= 1
    assert document["lag"]["seconds"] >= 120
    kinds = {"entry", "reorganisation", "failover", "header", "unverified", "stop"}
    assert document["incidents"] == dict.fromkeys(kinds, 0)
    assert (document["unverified_blocks"], document["first_unverified"]) == (0, None)
    unknown = pledger("status", PLEDGER_RPC_URL="http://user:secret@127.0.0.1:9/key")
    assert unknown.returncode == 1
    assert unknown.stdout.startswith("unknown: ")
    assert "No node answers at http://127.0.0.1:9" in unknown.stdout
    assert "secret" not in unknown.stdout and "key" not in unknown.stdout


def test_rebuild_prints_the_digest(pledger: Pledger, database: Database, world: World) -> None:
    world.partner("Vendor")
    index(database, world)
    done = pledger("rebuild", PLEDGER_RPC_URL="http://127.0.0.1:9")
    assert done.returncode == 0, done.stderr
    assert "as before" in done.stderr
    assert done.stdout.strip() == digest(database)
