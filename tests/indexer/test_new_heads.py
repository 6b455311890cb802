"""Told of new blocks by WebSocket: at once when that works, by asking when not, never by its word."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Self

import pytest
from indexers import Notes, beside, newest_hash
from ledger_world import World
from partnership import Partnership
from sqlalchemy import select
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect as connect_websocket
from websockets.sync.server import Server, ServerConnection, serve

from ledger.chain import new_heads
from ledger.chain.node import connect
from ledger.errors import LedgerError
from ledger.indexer.service import keep_following
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.tables import Checkpoint

Straight = Callable[[World], str]
Speak = Callable[[ServerConnection], None]
NEVER = 600.0
"""A poll that no test lives to see: whoever gets there was told."""


@contextmanager
def service(database: Database, world: World, ws_url: str, poll: float) -> Iterator["HeardNotes"]:
    """An indexer that follows beside the test."""
    notes = HeardNotes()

    def run(stop: threading.Event) -> None:
        node = connect(world.node.url)
        keep_following(database, node, world.deployment, stop, poll, watcher=notes, ws_url=ws_url)

    with beside(run):
        yield notes


class HeardNotes(Notes):
    """Remembers also why the socket was not heard."""

    def __init__(self) -> None:
        super().__init__()
        self.unheard: set[str] = set()

    def heard(self, trouble: LedgerError | None) -> None:
        if trouble is not None:
            self.unheard.add(trouble.what)


class Relay:
    """A WebSocket server before a node's; ``speak`` may say something else to whoever connects."""

    def __init__(self, node_url: str) -> None:
        self.node_url = node_url.replace("http", "ws", 1)
        self.speak: Speak = self.honest
        self.open: set[ServerConnection] = set()
        self.server: Server = serve(self._serve, "127.0.0.1", 0)
        self.url = "ws://127.0.0.1:" + str(self.server.socket.getsockname()[1])

    def honest(self, listener: ServerConnection) -> None:
        with connect_websocket(self.node_url) as node:
            node.send(listener.recv())
            for message in node:
                listener.send(message)

    def cut(self) -> None:
        """All connections break, as when a cable is pulled."""
        for listener in list(self.open):
            with suppress(OSError):  # it has just gone by itself
                listener.socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self.server.shutdown()

    def _serve(self, listener: ServerConnection) -> None:
        self.open.add(listener)
        with suppress(WebSocketException):  # whoever listened has gone
            self.speak(listener)
        self.open.discard(listener)


@pytest.fixture
def own_relay(own_partnership: Partnership) -> Iterator[Relay]:
    with Relay(own_partnership.world.node.url) as relay:
        yield relay


@pytest.fixture
def relay(world: World) -> Iterator[Relay]:
    with Relay(world.node.url) as relay:
        yield relay


def wait_until_mirrored(database: Database, world: World) -> None:
    newest, deadline = newest_hash(world), time.monotonic() + 60
    while checkpoint_hash(database) != newest:
        assert time.monotonic() < deadline, "the indexer does not get there"
        time.sleep(0.02)


def checkpoint_hash(database: Database) -> bytes | None:
    with database.session() as session:
        return session.scalar(select(Checkpoint.block_hash))


def subscribed(listener: ServerConnection) -> None:
    listener.recv()
    listener.send('{"jsonrpc":"2.0","id":1,"result":"0x1"}')


def head(number: str) -> str:
    news = {"subscription": "0x1", "result": {"number": number, "hash": "0x" + "ab" * 32}}
    return json.dumps({"jsonrpc": "2.0", "method": "eth_subscription", "params": news})


def test_blocks_and_reorganisations_are_told_of_and_a_cut_socket_is_opened_anew(
    own_partnership: Partnership, own_relay: Relay, database: Database, straight: Straight
) -> None:
    """Nobody ever polls here: every block came because it was told of."""
    world = own_partnership.world
    with service(database, world, own_relay.url, NEVER):
        wait_until_mirrored(database, world)
        own_partnership.work()
        wait_until_mirrored(database, world)
        world.chain.reorg(5)
        wait_until_mirrored(database, world)
        own_partnership.pay(7)
        wait_until_mirrored(database, world)
        own_relay.cut()
        own_partnership.pay(8, 9)  # while nobody listens, perhaps
        wait_until_mirrored(database, world)
        world.chain.reorg(2)
        wait_until_mirrored(database, world)
    assert digest(database) == straight(world)


def says(*messages: str | bytes) -> Speak:
    def speak(listener: ServerConnection) -> None:
        subscribed(listener)
        for message in messages:
            listener.send(message)
        listener.recv()

    return speak


def refuses(listener: ServerConnection) -> None:
    listener.recv()
    listener.send('{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no subscriptions here"}}')
    listener.recv()


@pytest.mark.parametrize(
    ("speak", "why"),
    [
        (says(b"\x00\xff{]"), "not JSON-RPC"),
        (says("[1, 2]"), "not JSON-RPC"),
        (says("x" * 2_000_000), "not heard"),
        (says(head("soon")), "not a block"),
        (refuses, "no subscriptions here"),
        (lambda listener: listener.socket.shutdown(socket.SHUT_RDWR), "not heard"),
    ],
    ids=["garbage", "a list", "too much", "no number", "a refusal", "a cut"],
)
def test_what_is_no_news_is_named_and_blocks_are_asked_for(
    world: World, relay: Relay, database: Database, speak: Speak, why: str
) -> None:
    relay.speak = speak
    with service(database, world, relay.url, 0.02) as notes:
        deadline = time.monotonic() + 120
        while not any(why in each for each in notes.unheard):
            assert time.monotonic() < deadline, notes.unheard
            time.sleep(0.02)
        world.partner("Vendor")
        wait_until_mirrored(database, world)


def test_a_silent_socket_is_as_none(
    world: World, relay: Relay, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It told of a block, so that one relied on it; then it says nothing more, and stays open."""
    monkeypatch.setattr(new_heads, "UNHURRIED_SECONDS", NEVER)
    monkeypatch.setattr(new_heads, "SILENT_SECONDS", 0.5)
    relay.speak = says(head("0x0"))
    with service(database, world, relay.url, 0.02) as notes:
        wait_until_mirrored(database, world)
        world.partner("Vendor")
        wait_until_mirrored(database, world)
        assert relay.open and not notes.unheard


def test_what_the_socket_says_is_never_believed(
    own_partnership: Partnership, own_relay: Relay, database: Database, straight: Straight
) -> None:
    """Heads that do not exist, of any height: they make one look, and nothing else."""
    world = own_partnership.world

    def lies(listener: ServerConnection) -> None:
        subscribed(listener)
        for number in range(10_000):
            listener.send(head(hex(number**7)))
            time.sleep(0.005)

    own_relay.speak = lies
    with service(database, world, own_relay.url, NEVER) as notes:
        own_partnership.work()
        wait_until_mirrored(database, world)
        assert not notes.taken
        world.chain.reorg(4)
        wait_until_mirrored(database, world)
    assert digest(database) == straight(world)


def test_what_is_no_websocket_url_is_refused_without_what_may_be_a_key(
    world: World, database: Database
) -> None:
    stop = threading.Event()
    with pytest.raises(LedgerError, match=r"^https://node\.example is not a WebSocket URL") as error:
        keep_following(
            database, world.node, world.deployment, stop, 1, ws_url="https://user:key@node.example/key"
        )
    assert "PLEDGER_WS_URL" in error.value.hint


def test_the_setting_is_an_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEDGER_WS_URL", "wss://node.example/key")
    assert Settings(_env_file=None).ws_url == "wss://node.example/key"
