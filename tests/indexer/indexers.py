"""Indexers that the tests run: once, or beside the test for as long as it takes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ledger_world import World

from ledger.chain import anvil as local_chain
from ledger.chain.anvil import Anvil
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.node import Node, connect
from ledger.chain.sender import Sender
from ledger.indexer.entries import Point
from ledger.indexer.run import Indexer, indexing
from ledger.indexer.watcher import Watcher
from ledger.store.database import Database
from ledger.terms.deployment import Deployment


def new_world(chain: Anvil) -> World:
    sender = Sender(chain.node, local_chain.wallet(0))
    return World(chain, deploy(sender, Consortium.of_one(sender.address), with_test_token=True))


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


@contextmanager
def beside(run: Callable[[threading.Event], None]) -> Iterator[None]:
    """Runs it beside the test until it is told to stop. What it raises is raised here in the end."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def catching() -> None:
        try:
            run(stop)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=catching)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if failures:
        raise failures[0]


@contextmanager
def following(database: Database, world: World, node: Node | None = None) -> Iterator[Indexer]:
    """An indexer that follows the chain beside the test."""
    node = node or connect(world.node.url)
    with (
        indexing(database, node, world.deployment, watcher=Notes()) as indexer,
        beside(lambda stop: indexer.follow(stop, 0.02)),
    ):
        yield indexer


def wait_until(done: Callable[[], bool]) -> None:
    """Returns as soon as it is so, within a minute."""
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for_newest(indexer: Indexer, world: World) -> None:
    """Returns when the indexer has mirrored the chain's newest block."""
    newest = newest_hash(world)
    deadline = time.monotonic() + 60
    while indexer.mirror.checkpoint is None or indexer.mirror.checkpoint.hash != newest:
        assert time.monotonic() < deadline, "the indexer does not get there"
        time.sleep(0.02)


def newest_hash(world: World) -> bytes:
    """Of the chain's newest block."""
    return bytes.fromhex(world.node.rpc("eth_getBlockByNumber", ["latest", False])["hash"][2:])
