"""A mirror of another version of this program is made anew from its entries, while its readers read on."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from indexers import index
from ledger_world import World
from partnership import Partnership
from sqlalchemy import inspect, text
from starlette.testclient import TestClient

from api.app import create_app
from ledger.chain.deployment import save
from ledger.indexer.rebuild import BESIDE
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store import projections
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.projections import TablesOfAnotherVersion

OLDER = "0-older"
AS_OLDER_PROGRAMS_LEFT_IT = f"""
UPDATE chain.projections SET version = '{OLDER}';
ALTER TABLE chain.payment ADD COLUMN said text NOT NULL DEFAULT 'by an older program';
ALTER TABLE chain.deal DROP COLUMN retagged_at;
DROP INDEX chain.claim_chain_id_contract_account_seq_idx;
CREATE TABLE chain.forgotten (chain_id bigint PRIMARY KEY);
UPDATE chain.partner SET name = 'Older ' || name;
"""
KILLED = """
import os, signal, sys
from ledger.indexer import rebuild
from ledger.store.database import Database
rebuild.PAGE = 5
def told(done, total):
    if done: os.kill(os.getpid(), signal.SIGKILL)
with Database.open(sys.argv[1]) as database: rebuild.rebuild(database, told)
"""


@pytest.fixture
def wanted(database: Database, partnership: Partnership, straight: Callable[[World], str]) -> str:
    """The digest of a fresh mirror, with which the one of an older version is to agree."""
    world = partnership.world
    partnership.work(2)
    index(database, world.node, world.deployment)
    with database.engine.begin() as connection:
        connection.exec_driver_sql(AS_OLDER_PROGRAMS_LEFT_IT)
    return straight(world)


@pytest.fixture
def older_reader(
    world: World, database: Database, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """The API of the older program: for which its tables are right, and no others."""
    monkeypatch.setattr(projections, "version", lambda: OLDER)
    settings = Settings(_env_file=None, rpc_url=world.node.url, finality="immediate")
    with TestClient(create_app(settings, database), raise_server_exceptions=False) as client:
        yield client


def pledger_index(world: World, database: Database, folder: Path) -> str:
    """What ``pledger index --once`` of this version says."""
    save(world.deployment, folder / "deployment.json")
    environment = {
        "PLEDGER_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "PLEDGER_RPC_URL": world.node.url,
        "PLEDGER_DEPLOYMENT": str(folder / "deployment.json"),
        "PLEDGER_FINALITY": "immediate",
    }
    command = [sys.executable, "-m", "ledger.cli", "index", "--once"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_it_is_made_anew_while_its_readers_read_on(
    world: World,
    database: Database,
    wanted: str,
    older_reader: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = older_reader.get("/v1/partners").json()
    assert before["partners"][0]["name"].startswith("Older ")
    answers: list[tuple[int, object]] = []
    stop = threading.Event()

    def read_on() -> None:
        while not stop.is_set():
            answer = older_reader.get("/v1/partners")
            answers.append((answer.status_code, answer.json()))

    reader = threading.Thread(target=read_on)
    reader.start()
    said = pledger_index(world, database, tmp_path)
    stop.set()
    reader.join()
    assert f"The tables are of another version ({OLDER})" in said
    went_on = [body for status, body in answers if status == 200]
    refused = [body for status, body in answers if status != 200]
    assert went_on and all(body == before for body in went_on)
    assert [status for status, _ in answers] == [200] * len(went_on) + [503] * len(refused)
    last = older_reader.get("/v1/partners").json()
    assert all(body["type"] == "/problems/mirror-of-another-version" for body in (*refused, last))
    monkeypatch.undo()
    assert older_reader.get("/v1/partners").json()["partners"][0]["name"] == "Vendor"
    assert digest(database) == wanted
    assert "forgotten" not in inspect(database.engine).get_table_names(schema="chain")
    assert "another version" not in pledger_index(world, database, tmp_path)


def test_killed_in_the_middle_it_begins_anew_and_loses_nothing(
    world: World, database: Database, wanted: str
) -> None:
    url = database.url.render_as_string(hide_password=False)
    assert subprocess.run([sys.executable, "-c", KILLED, url], check=False).returncode == -9
    assert BESIDE in inspect(database.engine).get_schema_names()
    with pytest.raises(TablesOfAnotherVersion, match=f"got {OLDER}"):
        digest(database)
    index(database, world.node, world.deployment)
    assert digest(database) == wanted
    assert BESIDE not in inspect(database.engine).get_schema_names()


def test_tables_of_a_newer_version_are_left_alone(world: World, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE chain.projections SET version = '999-newer'"))
    with (
        pytest.raises(TablesOfAnotherVersion, match=r"newer version \(999-newer\)"),
        indexing(database, world.node, world.deployment),
    ):
        pass
    with database.engine.connect() as connection:
        assert projections.found(connection) == "999-newer"
