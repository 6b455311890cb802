"""Nodes that are down, of another chain, or no nodes at all: one clear line each."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from ledger.chain.anvil import Anvil
from ledger.chain.node import ChainMismatch, Node, NodeUnreachable, RpcRefused, connect


@contextmanager
def answering(body: bytes, status: int = 200) -> Iterator[str]:
    """A web server that answers everything with this."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_node_of_the_expected_chain(anvil: Anvil) -> None:
    node = connect(anvil.rpc_url, 31337)
    assert node.chain_id == 31337
    assert node.timestamp() > 0
    with pytest.raises(ChainMismatch, match=r"is chain 31337, but chain 1 is expected"):
        connect(anvil.rpc_url, 1)


def test_a_node_that_is_down(free_port: int) -> None:
    with pytest.raises(NodeUnreachable, match=r"No node answers at .*: the connection failed") as error:
        connect(f"http://127.0.0.1:{free_port}")
    assert "pledger node" in error.value.hint


def test_a_node_that_goes_down_later() -> None:
    with answering(json.dumps({"jsonrpc": "2.0", "id": 1, "result": "0x1"}).encode()) as url:
        node = connect(url)
    with pytest.raises(NodeUnreachable):
        node.rpc("eth_blockNumber")
    with pytest.raises(NodeUnreachable):
        _ = node.w3.eth.block_number


@pytest.mark.parametrize("url", ["", "localhost:8545", "ws://127.0.0.1:8545", "file:///etc/passwd"])
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(NodeUnreachable, match="is not an RPC URL"):
        connect(url)


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        (b"<html>not found</html>", 404, "it answered HTTP 404 and no JSON"),
        (b"", 200, "it answered HTTP 200 and no JSON"),
        (b'{"hello": "world"}', 200, "neither a result nor an error"),
        (b"[]", 200, "neither a result nor an error"),
        (b'{"result": "mainnet"}', 200, "its chain id is 'mainnet'"),
        (b'{"result": null}', 200, "its chain id is None"),
    ],
)
def test_what_answers_is_no_node(body: bytes, status: int, named: str) -> None:
    with (
        answering(body, status) as url,
        pytest.raises(NodeUnreachable, match=r"not a JSON-RPC node|not an Ethereum") as e,
    ):
        connect(url)
    assert named in e.value.what


def test_an_error_of_the_node_keeps_its_words_and_code(node: Node) -> None:
    with pytest.raises(RpcRefused) as error:
        node.rpc("eth_noSuchMethod")
    assert error.value.code == -32601
    assert "eth_noSuchMethod" in error.value.what
    unauthorised = json.dumps({"error": {"code": -32000, "message": "key required"}}).encode()
    long = json.dumps({"error": {"code": 3, "message": "x" * 100_000}}).encode()
    with answering(long) as url, pytest.raises(RpcRefused) as refused:
        connect(url)
    assert len(str(refused.value)) < 1_000
    for nothing in (b'{"error": null}', b'{"jsonrpc": "2.0", "error": null, "id": 1}'):
        with answering(nothing) as url, pytest.raises(RpcRefused, match="no result"):
            connect(url)
    with answering(unauthorised, 401) as url, pytest.raises(RpcRefused, match="key required"):
        connect(url)


def test_a_batch_answers_in_the_order_of_its_calls(node: Node) -> None:
    calls = [("eth_chainId", []), ("eth_getBlockByNumber", ["0x0", False]), ("eth_chainId", [])]
    first, block, last = node.rpc_batch(calls)
    assert first == last == "0x7a69"
    assert block["number"] == "0x0"
    assert node.rpc_batch([]) == []
    with pytest.raises(RpcRefused, match="eth_noSuchMethod"):
        node.rpc_batch([("eth_chainId", []), ("eth_noSuchMethod", [])])
    with answering(b'{"jsonrpc": "2.0", "id": 1, "result": "0x1"}') as url:
        assert connect(url).rpc_batch(calls) == ["0x1"] * 3  # it takes no batches: one by one
