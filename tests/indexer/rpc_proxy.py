"""A node that lies: it stands before a real one and alters what it is told to alter."""

import json
import threading
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Alter = Callable[[str, Any, dict[str, Any]], dict[str, Any]]
"""(method, params, the node's answer) -> the answer to give."""


def honest(method: str, params: Any, answer: dict[str, Any]) -> dict[str, Any]:
    return answer


class RpcProxy:
    """Passes every call on to a node; ``alter`` may change each answer. All may be exchanged at any time."""

    def __init__(self, node_url: str) -> None:
        self.alter: Alter = honest
        self.takes_batches = True
        self.node_url = node_url
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                question = json.loads(body)
                request = urllib.request.Request(proxy.node_url, body, {"Content-Type": "application/json"})
                with urllib.request.urlopen(request) as response:
                    answer = json.load(response)
                if isinstance(question, list) and not proxy.takes_batches:
                    given: Any = refusal({"id": None}, "no batches here")
                elif isinstance(question, list):
                    by_id = {each["id"]: each for each in answer}
                    given = [proxy.given(each, by_id[each["id"]]) for each in question]
                else:
                    given = proxy.given(question, answer)
                content = json.dumps(given).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def given(self, question: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        return self.alter(question["method"], question["params"], answer)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def refusal(answer: dict[str, Any], message: str) -> dict[str, Any]:
    """An error in place of the answer."""
    return {"jsonrpc": "2.0", "id": answer["id"], "error": {"code": -32000, "message": message}}
