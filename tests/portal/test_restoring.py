"""`pledger backup` and `pledger restore`: what was under way goes on in another database."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ledger_world import World
from signed_in import Visitor
from signing_room import Room, open_room

from api.app import create_app
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.digest import digest

PLEDGER = Path(sys.executable).with_name("pledger")
Pledger = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def pledger(settings: Settings, tmp_path: Path) -> Pledger:
    """The command line, with a database of its own each time."""

    def run(url: str, *arguments: str, **changed: str) -> "subprocess.CompletedProcess[str]":
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PLEDGER_")}
        known = {"PLEDGER_DATABASE_URL": url, "PLEDGER_RPC_URL": settings.rpc_url}
        command = [str(PLEDGER), *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=clean | known | changed, capture_output=True, text=True
        )

    return run


def test_a_draft_goes_on_where_it_was_beside_a_mirror_read_anew(
    pledger: Pledger,
    world: World,
    settings: Settings,
    database: Database,
    make_database_url: Callable[[], str],
    tmp_path: Path,
) -> None:
    url, other_url = database.url.render_as_string(hide_password=False), make_database_url()
    pair = world.partner("Nordwind"), world.partner("Agentur Süd")
    world.agreement(list(pair), {pair[0]: 1, pair[1]: 1})
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    with Visitor(create_app(settings, database)) as client:
        draft = open_room(client, world.terms(pair)).draft
        Room(client, draft).sign(pair[0])
    made = pledger(url, "backup", "ledger.backup")
    assert made.returncode == 0, made.stderr
    assert "draft 1, draft_signature 1" in made.stdout

    lost_node = pledger(other_url, "restore", "ledger.backup", PLEDGER_RPC_URL="http://127.0.0.1:9")
    assert lost_node.returncode == 1
    assert "The backup is restored, but the chain could not be read" in lost_node.stderr
    assert "pledger index" in lost_node.stderr
    refused = pledger(other_url, "restore", "ledger.backup")
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    restored = pledger(other_url, "restore", "--replace", "ledger.backup")
    assert restored.returncode == 0, restored.stderr
    assert restored.stdout.strip() == digest(database)

    with (
        Database.open(other_url) as other,
        Visitor(create_app(settings, other)) as client,
    ):
        room = Room(client, draft)
        states = [room.party(partner.account)["state"] for partner in pair]
        assert states == ["signed", "waiting"]
        assert room.sign(pair[1]).status_code == 201
        room.wait(lambda shown: shown["state"] == "active")
