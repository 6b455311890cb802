"""The API over a real PostgreSQL that mirrors a real chain."""

from collections.abc import Callable, Iterator

import pytest
from ledger_world import World
from starlette.testclient import TestClient

from api.app import create_app
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.terms.deployment import Deployment

Index = Callable[[], None]


@pytest.fixture
def index(world: World, deployment: Deployment, database: Database) -> Index:
    """Brings the mirror up to the chain's newest block."""

    def catch_up() -> None:
        with indexing(database, world.node, deployment, finality="immediate") as indexer:
            indexer.catch_up()

    return catch_up


@pytest.fixture
def settings(world: World) -> Settings:
    return Settings(_env_file=None, rpc_url=world.node.url, finality="immediate")


@pytest.fixture
def client(settings: Settings, database: Database) -> Iterator[TestClient]:
    with TestClient(create_app(settings, database), raise_server_exceptions=False) as client:
        yield client
