"""Chains that tests may reorganise, and indexers on them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from ledger_world import World
from partnership import Partnership
from rpc_proxy import RpcProxy

from ledger.chain import anvil as local_chain
from ledger.chain.anvil import Anvil
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.deployment import Deployment
from ledger.chain.node import Node, connect
from ledger.chain.sender import Sender
from ledger.indexer.entries import Point
from ledger.indexer.run import Indexer, indexing
from ledger.indexer.watcher import Watcher
from ledger.store import schema
from ledger.store.database import Database
from ledger.store.digest import digest


def new_world(chain: Anvil) -> World:
    sender = Sender(chain.node, local_chain.wallet(0))
    return World(chain, deploy(sender, Consortium.of_one(sender.address), with_test_token=True))


@pytest.fixture
def own_chain() -> Iterator[Anvil]:
    """A chain of the test's own: snapshots, which tests share a chain by, do not survive reorganisations."""
    with local_chain.start() as chain:
        yield chain


@pytest.fixture
def own_world(own_chain: Anvil) -> World:
    return new_world(own_chain)


@pytest.fixture
def partnership(own_world: World) -> Partnership:
    return Partnership(own_world)


@pytest.fixture
def proxy(own_chain: Anvil) -> Iterator[RpcProxy]:
    with RpcProxy(own_chain.rpc_url) as proxy:
        yield proxy


class Notes(Watcher):
    """Remembers what it hears."""

    def __init__(self) -> None:
        self.taken: list[tuple[int | None, int, str]] = []
        self.batches = 0
        self.waiting = 0
        self.troubles = 0

    def applied(self, block: Point, newest: Point, entries: int) -> None:
        self.batches += 1

    def taken_back(self, block: Point | None, entries: int, why: str) -> None:
        self.taken.append((block.number if block else None, entries, why))

    def waiting_for_writer(self) -> None:
        self.waiting += 1

    def troubled(self, error: Exception, seconds: float) -> None:
        self.troubles += 1


def index(database: Database, node: Node | str, deployment: Deployment, finality: str = "finalized") -> Notes:
    """Catches up once."""
    notes = Notes()
    node = connect(node) if isinstance(node, str) else node
    with indexing(database, node, deployment, finality=finality, watcher=notes) as indexer:
        indexer.catch_up()
    return notes


@pytest.fixture
def straight(other_database: Database) -> Callable[[World], str]:
    """The digest of a mirror that reads the chain as it is now from the beginning."""

    def read(world: World) -> str:
        schema.drop_chain(other_database.engine)
        index(other_database, world.node, world.deployment)
        return digest(other_database)

    return read


@contextmanager
def following(database: Database, world: World, node: Node | None = None) -> Iterator[Indexer]:
    """An indexer that follows the chain beside the test. What it raises is raised here in the end."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def follow(indexer: Indexer) -> None:
        try:
            indexer.follow(stop, 0.02)
        except BaseException as error:
            failures.append(error)

    with indexing(database, connect((node or world.node).url), world.deployment, watcher=Notes()) as indexer:
        thread = threading.Thread(target=follow, args=(indexer,))
        thread.start()
        try:
            yield indexer
        finally:
            stop.set()
            thread.join()
        if failures:
            raise failures[0]


def wait_for_newest(indexer: Indexer, world: World) -> None:
    """Returns when the indexer has mirrored the chain's newest block."""
    newest = bytes.fromhex(world.node.rpc("eth_getBlockByNumber", ["latest", False])["hash"][2:])
    deadline = time.monotonic() + 60
    while indexer.mirror.checkpoint is None or indexer.mirror.checkpoint.hash != newest:
        assert time.monotonic() < deadline, "the indexer does not get there"
        time.sleep(0.02)
