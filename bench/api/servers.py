"""Servers that are measured, each one uvicorn process with one worker."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

_STARTING_SECONDS = 60


@contextmanager
def serving(application: str, environment: Mapping[str, str], *options: str) -> Iterator[int]:
    """Runs an application; yields its port once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "uvicorn", application, *options]
    command += ["--port", str(port), "--log-level", "warning", "--no-access-log"]
    server = subprocess.Popen(command, env=os.environ | environment)
    try:
        _wait(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _STARTING_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("A server that was to be measured did not start.")
