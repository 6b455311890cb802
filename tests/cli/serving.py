"""The API of several operators, each on a port of its own, in threads of the test's process."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import uvicorn

from api.app import create_app
from ledger.settings import Settings
from ledger.store.database import Database


@contextmanager
def served(databases: Sequence[Database], rpc_url: str) -> Iterator[list[str]]:
    """The URLs of APIs over these databases."""
    with ExitStack() as servers:
        yield [servers.enter_context(_served(database, rpc_url)) for database in databases]


@contextmanager
def _served(database: Database, rpc_url: str) -> Iterator[str]:
    settings = Settings(_env_file=None, rpc_url=rpc_url, finality="immediate")
    server = uvicorn.Server(uvicorn.Config(create_app(settings, database), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
        assert thread.is_alive()
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
