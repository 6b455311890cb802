"""``pledger serve`` says what is wrong before it opens anything."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from ledger.cli.serving import serve_command
from ledger.errors import LedgerError


def test_a_port_in_use_is_one_clear_line() -> None:
    refused = pytest.raises(LedgerError, match="cannot be listened on: Address already in use")
    with socket.create_server(("127.0.0.1", 0)) as taken, refused as refusal:
        serve_command("127.0.0.1", taken.getsockname()[1], workers=2)
    assert refusal.value.hint == "Choose another with --port."


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGHUP], ids=["killed", "its terminal closed"])
def test_workers_end_with_their_supervisor(
    new_database_url: str, free_port: int, tmp_path: Path, ending: signal.Signals
) -> None:
    command = [
        str(Path(sys.executable).with_name("pledger")),
        "serve",
        "--workers",
        "2",
        "--port",
        str(free_port),
    ]
    environment = os.environ | {"PLEDGER_DATABASE_URL": new_database_url}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    while answers(free_port) is None or (tmp_path / "log").read_text().count("Started server process") < 2:
        assert process.poll() is None, (tmp_path / "log").read_text()
        time.sleep(0.1)
    workers = psutil.Process(process.pid).children()
    process.send_signal(ending)
    process.wait(timeout=60)
    assert psutil.wait_procs(workers, timeout=60)[1] == []
    assert answers(free_port) is None


def answers(port: int) -> int | None:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code
    except httpx.TransportError:
        return None
