"""A long backlog is read by a process of its own: the same entries and errors, no process left behind."""

import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import psutil
import pytest
from doomed import process_that_follows
from indexers import beside, index, wait_until
from ledger_world import World
from partnership import Partnership
from rpc_proxy import RpcProxy, late, refusal

from ledger.chain.node import NodeUnreachable, RpcRefused, connect
from ledger.cli.indexing import _ahead
from ledger.errors import LedgerError
from ledger.indexer import apart, reading_process
from ledger.indexer.apart import ReaderEnded, ahead
from ledger.indexer.entries import EntryRejected
from ledger.indexer.fetch import ChainMoved
from ledger.indexer.reading_process import ReadingProcess
from ledger.indexer.run import indexing
from ledger.indexer.service import keep_following
from ledger.journal.heads import Journal
from ledger.store.database import Database, driver_url
from ledger.store.digest import digest

Straight = Callable[[World], str]


def readers(indexer: psutil.Process | None = None) -> list[psutil.Process]:
    """The processes that read for an indexer, this one by default."""
    family = (indexer or psutil.Process()).children(recursive=True)
    found = []
    for each in family:
        with suppress(psutil.Error):  # others come and go: a library asks `file` what Python is built for
            if "ledger.indexer.apart" in " ".join(each.cmdline()):
                found.append(each)
    return found


def test_it_gives_the_same_mirror(
    partnership: Partnership, database: Database, straight: Straight, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of entry, in one reading and in two of which the second goes on from the first."""
    world = partnership.world
    partnership.work(3)
    clean = straight(world)
    monkeypatch.setattr(reading_process, "FAR", 0)
    notes = index(database, world.node, world.deployment)
    assert notes.batches > 0
    assert digest(database) == clean
    partnership.pay(1, 2)
    index(database, world.node, world.deployment)
    monkeypatch.undo()
    assert digest(database) == straight(world)
    assert not readers()


@pytest.mark.usefixtures("all_apart")
def test_what_it_learns_of_ranges_is_kept(
    partnership: Partnership, database: Database, proxy: RpcProxy
) -> None:
    world = partnership.world
    partnership.work(1)

    def few(method: str, params: object, answer: dict[str, object]) -> dict[str, object]:
        if method == "eth_getLogs" and isinstance(params, list):
            blocks = int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1
            if blocks > 2:
                return refusal(answer, "too many")
        return answer

    proxy.alter = few
    with indexing(database, connect(proxy.url), world.deployment) as indexer:
        indexer.catch_up()
        assert indexer._fetcher.size.blocks <= 4


@pytest.mark.usefixtures("all_apart")
def test_when_it_is_killed_the_indexer_says_so_and_goes_on_when_started_again(
    partnership: Partnership, database: Database, straight: Straight, proxy: RpcProxy
) -> None:
    world = partnership.world
    partnership.work(2)
    proxy.deliver = late(0.3)
    killed: list[psutil.Process] = []

    def kill(_stop: threading.Event) -> None:
        wait_until(lambda: bool(readers()))
        killed.extend(readers())
        killed[0].kill()

    with (
        beside(kill),
        pytest.raises(ReaderEnded, match="start the indexer again"),
        indexing(database, connect(proxy.url), world.deployment) as indexer,
    ):
        indexer.catch_up()
    assert killed
    index(database, world.node, world.deployment)
    assert digest(database) == straight(world)


def test_it_ends_when_its_indexer_is_killed(
    own_partnership: Partnership, database: Database, own_proxy: RpcProxy
) -> None:
    world = own_partnership.world
    world.chain.mine(reading_process.FAR + 50)
    own_proxy.deliver = late(0.5)
    with process_that_follows(database, own_proxy.url, world.deployment) as process:
        assert process.pid is not None
        indexer = psutil.Process(process.pid)
        wait_until(lambda: bool(readers(indexer)))
        reader = readers(indexer)[0]
        indexer.send_signal(signal.SIGKILL)
        own_proxy.deliver = late(0)
        wait_until(lambda: not reader.is_running())


@pytest.mark.usefixtures("all_apart")
def test_one_that_was_started_ahead_reads(
    partnership: Partnership, database: Database, straight: Straight, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = partnership.world
    partnership.work(1)
    clean = straight(world)
    with ReadingProcess() as ahead:
        monkeypatch.delattr(apart, "ReadingProcess")  # no other
        with indexing(database, world.node, world.deployment, ahead=ahead) as indexer:
            indexer.catch_up()
            assert not readers()
    assert digest(database) == clean


def test_one_that_was_started_ahead_and_is_not_wanted_ends(
    partnership: Partnership, database: Database
) -> None:
    world = partnership.world
    with (
        ReadingProcess() as ahead,
        indexing(database, world.node, world.deployment, ahead=ahead) as indexer,
    ):
        indexer.catch_up()
        assert not readers()


def test_one_that_was_started_ahead_and_is_gone_is_replaced(
    partnership: Partnership, database: Database, straight: Straight, all_apart: None
) -> None:
    world = partnership.world
    partnership.work(1)
    clean = straight(world)
    with ReadingProcess() as ahead:
        readers()[0].kill()
        wait_until(lambda: not ahead.is_running)
        with indexing(database, world.node, world.deployment, ahead=ahead) as indexer:
            indexer.catch_up()
    assert digest(database) == clean
    assert not readers()


def test_one_that_was_started_ahead_ends_where_the_database_fails(partnership: Partnership) -> None:
    world = partnership.world
    nowhere = Database(driver_url("postgresql://127.0.0.1:9/none"), connect_seconds=2)
    ahead = ReadingProcess()

    def follow(stop: threading.Event) -> None:
        keep_following(nowhere, world.node, world.deployment, stop, 0.05, ahead=ahead)

    with beside(follow):
        wait_until(lambda: not readers())
    assert not ahead.is_running


def test_a_pipe_that_may_not_be_wide_is_narrow(
    partnership: Partnership,
    database: Database,
    straight: Straight,
    all_apart: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("fcntl.fcntl", refuse)
    partnership.work(1)
    index(database, partnership.world.node, partnership.world.deployment)
    monkeypatch.undo()
    assert digest(database) == straight(partnership.world)


@pytest.mark.parametrize("answer", [None, {}, {"number": None}, {"number": "ten"}, [], "0x1"], ids=str)
def test_none_is_started_ahead_for_a_node_that_does_not_say_how_far_it_is(
    partnership: Partnership, proxy: RpcProxy, answer: object
) -> None:
    """Whoever reads will see what is wrong with it, and has the patience."""
    node = connect(proxy.url)
    proxy.alter = lambda method, params, answered: {**answered, "result": answer}
    with _ahead(node, partnership.world.deployment) as started:
        assert started is None
    proxy.alter = lambda method, params, answered: {"jsonrpc": "2.0", "id": answered["id"], "error": None}
    with _ahead(node, partnership.world.deployment) as started:
        assert started is None


def test_one_that_gets_no_order_ends_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    process = ReadingProcess()
    process._to.close()  # as when whoever started it was killed
    assert process.ended_with() == 0
    process.close()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "error",
    [
        EntryRejected("RevenueLedger", Journal("0x" + "11" * 20, 3), 4, 99, "it is missing"),
        RpcRefused("eth_getLogs", {"code": -32005, "message": "limit", "data": {"most": 3}}),
        NodeUnreachable("No node.", "Start one."),
        ChainMoved("Block 3 is gone."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_come_through_whole(error: LedgerError) -> None:
    came = pickle.loads(pickle.dumps(error))
    assert type(came) is type(error)
    assert vars(came) == vars(error)
    assert (str(came), came.args) == (str(error), error.args)


def test_a_thread_ahead_gives_all_items_and_then_the_error() -> None:
    def items() -> Iterator[int]:
        yield from range(20)
        raise ChainMoved("moved")

    got = []
    with pytest.raises(ChainMoved):
        for item in ahead(items()):
            got.append(item)
    assert got == list(range(20))
