"""Answers come whole within their time, and an interrupt at any moment leaves nothing locked."""

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType
from typing import Any

import pytest

from ledger.chain.anvil import Anvil
from ledger.chain.node import Node, NodeUnreachable, connect

ANSWER = json.dumps({"jsonrpc": "2.0", "id": 1, "result": "0x1"}).encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(ANSWER)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (
    len(ANSWER),
    ANSWER,
)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_no_proxy_leads_to_this_machine(chain: Anvil, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(proxy, "http://127.0.0.1:9")
    assert connect(f"http://{name}:{chain.port}").chain_id == 31_337
    with pytest.raises(NodeUnreachable):
        connect("http://node.example.invalid:8545")


def _give(whole: bytes, connection: socket.socket, _: threading.Event) -> None:
    connection.sendall(whole)


@contextmanager
def serving(answer: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """A port at which each connection is answered once."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    threading.Thread(target=speak, args=[connection], daemon=True).start()

        def speak(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                connection.recv(1 << 16)
                answer(connection, ended)

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            ended.set()
            server.shutdown(socket.SHUT_RDWR)


def dripping(whole: bytes, at_once: int) -> Callable[[socket.socket, threading.Event], None]:
    """So many bytes at once, then the others one by one: each within any time given to a single read."""

    def answer(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(whole[:at_once])
        for byte in whole[at_once:]:
            if ended.wait(0.05):
                return
            connection.sendall(bytes([byte]))

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        lambda connection, ended: ended.wait(),
        dripping(HEAD + ANSWER, 0),
        dripping(HEAD + ANSWER, len(HEAD)),
        dripping(CHUNKED, 60),
    ],
    ids=["nothing", "a header that drips", "a body that drips", "chunks that drip"],
)
def test_an_answer_is_whole_in_time_or_refused(answer: Any) -> None:
    with serving(answer) as url:
        node = Node.at(url, 1, timeout=60)
        began = time.monotonic()
        with pytest.raises(NodeUnreachable, match=r"no answer within 0\.3"):
            node.within(0.3).rpc("eth_chainId")
        hurried = node.within(0.5)
        with pytest.raises(NodeUnreachable):
            hurried.rpc("eth_chainId")
        with pytest.raises(NodeUnreachable, match="the time for it is used up"):
            hurried.rpc("eth_chainId")
        assert time.monotonic() - began < 30  # each byte alone would be in time, and all of them minutes
        with pytest.raises(NodeUnreachable):
            connect(url, timeout=0.3)


def test_a_chunked_answer_and_one_without_a_length_are_read() -> None:
    without_length = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + ANSWER
    for whole in (CHUNKED, without_length, HEAD + ANSWER):
        with serving(partial(_give, whole)) as url:
            assert connect(url).chain_id == 1


def test_a_host_is_looked_up_in_time_too_and_each_of_its_addresses_is_tried(
    anvil: Anvil, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's look-up knows no time: here its name server says nothing for as long as it likes."""
    real, spoken, asked = socket.getaddrinfo, threading.Event(), list[str]()

    def look_up(name: str, port: int, *more: Any) -> list[Any]:
        if name != "node.example":
            return real(name, port, *more)
        asked.append(name)
        spoken.wait()
        return real("127.0.0.9", port, *more) + real("127.0.0.1", port, *more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    node = Node.at(anvil.rpc_url.replace("127.0.0.1", "node.example"), 31337, timeout=60)
    for _ in range(3):
        with pytest.raises(NodeUnreachable, match="no answer within 0"):
            node.within(0.1).rpc("eth_chainId")
    assert asked == ["node.example"], "all wait for one look-up"
    spoken.set()
    assert node.within(20).rpc("eth_chainId") == "0x7a69"


def test_web3_is_in_a_hurry_too(node: Node) -> None:
    hurried = node.within(0.0)
    with pytest.raises(NodeUnreachable):
        _ = hurried.w3.eth.block_number
    assert node.w3.eth.block_number >= 0


def test_an_interrupt_at_any_line_leaves_nothing_locked(anvil: Anvil) -> None:
    """As Ctrl-C comes: between any two lines, also those of the libraries."""
    node = connect(anvil.rpc_url.replace("127.0.0.1", "localhost"))
    node.rpc("eth_chainId")
    place = 0
    while _interrupted(place, lambda: node.rpc("eth_chainId")):
        assert node.within(20).rpc("eth_chainId") == "0x7a69"
        place += 5
    assert place > 1_000


def _interrupted(place: int, work: Callable[[], Any]) -> bool:
    """Whether the work came to its n-th line, where it was interrupted."""
    left = [place]

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        left[0] -= 1
        if left[0] < 0 and not frame.f_code.co_name.startswith("<"):  # a generator's end hears of nothing
            sys.settrace(None)
            raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False
