"""A server and a mirror for what the relayer sends."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ledger_world import World
from signed_in import Visitor

from api.app import create_app
from ledger.chain.deployment import save
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store.database import Database


@pytest.fixture
def settings(world: World, tmp_path: Path) -> Settings:
    path = tmp_path / "deployment.json"
    save(world.deployment, path)
    return Settings(
        _env_file=None, home=tmp_path, rpc_url=world.node.url, deployment=path, finality="immediate"
    )


@pytest.fixture
def client(settings: Settings, database: Database) -> Iterator[Visitor]:
    with Visitor(create_app(settings, database), None) as client:
        yield client


@pytest.fixture
def index(world: World, database: Database) -> Callable[[], None]:
    """Brings the mirror up to the chain's newest block."""

    def catch_up() -> None:
        with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
            indexer.catch_up()

    return catch_up
