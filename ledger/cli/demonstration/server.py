"""The API and the portal in a process of its own, and real HTTP requests to it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from rich.console import Console

from ledger.chain.anvil import HOST, is_free
from ledger.cli.demonstration.beside import beside
from ledger.cli.demonstration.stage import Stage
from ledger.errors import LedgerError

PORT = 8000
_LOG = "portal.log"
_START_SECONDS = 60
_PAGE = 100


class Portal:
    """The server at ``url``."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes]") -> None:
        self.url, self.process = url, process
        self._client = httpx.Client(base_url=url, timeout=60, trust_env=False)  # no proxy leads here

    def get(self, path: str, **query: str | int | bool) -> Any:
        """The JSON body of an answer. Raises LedgerError when it is a problem."""
        answer = self._client.get(path, params=query)
        if answer.status_code != httpx.codes.OK:
            raise LedgerError(f"{self.url}{path} answered {answer.status_code}: {answer.text[:300]}")
        return answer.json()

    def every(self, path: str, key: str) -> Iterator[Any]:
        """The items of a list, page by page."""
        query: dict[str, str | int | bool] = {"limit": _PAGE}
        while True:
            body = self.get(path, **query)
            yield from body[key]
            if body["next_cursor"] is None:
                return
            query["cursor"] = body["next_cursor"]

    def is_ready(self) -> bool:
        """Whether it serves, and its mirror is close to the chain."""
        try:
            return self._client.get("/readyz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


@contextmanager
def serving(stage: Stage, wanted: int | None) -> Iterator[Portal]:
    """Serves on the port that is ``wanted``, or 8000, or a free one, until the block ends.

    Raises LedgerError if it does not start.
    """
    port = _port(stage.console, wanted)
    app = ["-m", "uvicorn", "api.app:create_app", "--factory", "--host", HOST, "--port", str(port)]
    with beside(stage, [sys.executable, *app], _LOG, patience=10) as process:
        portal = Portal(f"http://{HOST}:{port}", process)
        _wait_until_ready(portal, str(stage.settings.home / _LOG))
        yield portal


def _wait_until_ready(portal: Portal, log: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not portal.is_ready():
        if portal.process.poll() is not None or time.monotonic() > deadline:
            raise LedgerError("The API did not start.", f"Its output is in {log}.")
        time.sleep(0.1)


def _port(console: Console, wanted: int | None) -> int:
    if is_free(wanted or PORT):
        return wanted or PORT
    if wanted is not None:
        raise LedgerError(f"Port {wanted} is in use.", "Give another --api-port.")
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    console.print(f"Port {PORT} is in use; the portal takes {port}.")
    return port
