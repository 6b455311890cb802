"""A node that lies and fails: it stands before a real one, and alters or spoils what it is told to."""

import json
import socket
import struct
import threading
import time
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Alter = Callable[[str, Any, dict[str, Any]], dict[str, Any]]
"""(method, params, the node's answer) -> the answer to give."""
Deliver = Callable[[BaseHTTPRequestHandler, set[str], bytes], None]
"""(connection, the methods asked for, the answer) -> nothing; writes the answer, or what it makes of it."""


def honest(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
    return answer


def whole(connection: BaseHTTPRequestHandler, methods: set[str], content: bytes) -> None:
    """The answer as it is."""
    connection.send_response(200)
    connection.send_header("Content-Length", str(len(content)))
    connection.end_headers()
    connection.wfile.write(content)


def status(code: int, body: bytes) -> Deliver:
    """An HTTP error in place of the answer."""

    def deliver(connection: BaseHTTPRequestHandler, methods: set[str], content: bytes) -> None:
        connection.send_response(code)
        connection.send_header("Content-Length", str(len(body)))
        connection.send_header("Retry-After", "1")
        connection.end_headers()
        connection.wfile.write(body)

    return deliver


def reset(connection: BaseHTTPRequestHandler, methods: set[str], content: bytes) -> None:
    """The connection breaks before the answer."""
    connection.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.connection.close()
    connection.close_connection = True


def truncated(connection: BaseHTTPRequestHandler, methods: set[str], content: bytes) -> None:
    """The connection breaks in the middle of the answer."""
    connection.send_response(200)
    connection.send_header("Content-Length", str(len(content)))
    connection.end_headers()
    connection.wfile.write(content[: len(content) // 2])
    connection.close_connection = True


def halved(connection: BaseHTTPRequestHandler, methods: set[str], content: bytes) -> None:
    """Half of the answer, as if that were all: JSON that ends in the middle."""
    whole(connection, methods, content[: len(content) // 2])


def garbage(connection: BaseHTTPRequestHandler, methods: set[str], content: bytes) -> None:
    """Bytes that are not JSON."""
    whole(connection, methods, b"\x00\xff{]" * 20)


def late(seconds: float) -> Deliver:
    """The answer, after whoever asked has given up."""

    def deliver(connection: BaseHTTPRequestHandler, methods: set[str], content: bytes) -> None:
        time.sleep(seconds)
        whole(connection, methods, content)

    return deliver


class RpcProxy:
    """Passes every call on to a node; ``alter`` may change each answer, ``deliver`` how each is sent.

    All may be exchanged at any time.
    """

    def __init__(self, node_url: str) -> None:
        self.alter: Alter = honest
        self.deliver: Deliver = whole
        self.takes_batches = True
        self.node_url = node_url
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # headers and body go separately: each answer would wait 40 ms

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                question = json.loads(body)
                calls = question if isinstance(question, list) else [question]
                proxy.deliver(self, {call["method"] for call in calls}, proxy.answer(question, body))

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """Whoever asked may have gone; that is what some tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, question: Any, body: bytes) -> bytes:
        request = urllib.request.Request(self.node_url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            answer = json.load(response)
        if isinstance(question, list) and not self.takes_batches:
            given: Any = refusal({"id": None}, "no batches here")
        elif isinstance(question, list):
            by_id = {each["id"]: each for each in answer}
            given = [self.given(each, by_id[each["id"]]) for each in question]
        else:
            given = self.given(question, answer)
        return json.dumps(given).encode()

    def given(self, question: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        return self.alter(question["method"], question["params"], answer)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def without_logs(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
    """A node that leaves all logs out, without a word, and has no receipts that would show it."""
    gone: dict[str, Any] = {
        "eth_getLogs": [],
        "eth_getBlockReceipts": None,
        "eth_getTransactionReceipt": None,
    }
    return answer | {"result": gone[method]} if method in gone else answer


def refusal(answer: dict[str, Any], message: str, code: int = -32000) -> dict[str, Any]:
    """An error in place of the answer."""
    return {"jsonrpc": "2.0", "id": answer["id"], "error": {"code": code, "message": message}}
