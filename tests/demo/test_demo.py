"""``pledger demo --once``, whole: it exits 0 and its last lines say what it checked."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ledger.chain.project import ROOT
from ledger.cli.demonstration import checks

DEMO = [sys.executable, "-c", "from ledger.cli.main import main; main()", "demo"]


@pytest.mark.timeout(600)
def test_the_demonstration_ends_with_checks_that_hold(tmp_path: Path) -> None:
    """Also with its usual ports in use: it says so and takes others."""
    with socket.socket() as chain_port, socket.socket() as api_port:
        for port, usual in ((chain_port, 8545), (api_port, 8000)):
            port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                port.bind(("127.0.0.1", usual))
                port.listen()
            except OSError:
                pass  # somebody else has it, which is just as well
        finished = _demo(tmp_path, "--once")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "Port 8545 is in use" in finished.stdout
    assert "Port 8000 is in use" in finished.stdout
    *_, journals, conservation, balances = finished.stdout.strip().splitlines()
    assert re.fullmatch(r"journals: every head matches \(\d{3} entries\)", journals)
    assert conservation == "conservation: exact"
    assert balances == "balances: API equals contracts (22 compared)"

    digests = re.findall(r"digest of the schema chain, \w+ +([0-9a-f]{64})", finished.stdout)
    assert len(digests) == 2
    assert digests[0] == digests[1]
    killed = re.search(r"killed with SIGKILL at (\d+) of (\d+) entries", finished.stdout)
    assert killed is not None
    assert 0 < int(killed[1]) < int(killed[2])
    for shown in ("Who earned what, and why", "Conflicts, and who won them", "Scores", "Audit: match"):
        assert shown in finished.stdout
    assert "15 conflicts" in finished.stdout
    for happened in (
        "signed nordic-resale-2026 by 3 parties; it amends nordic-resale",
        "now acts with",
        "refunds of payments that were just made",
        "which is still held",
        "goes back to the payer",
        "is owed by north-america",
        "it serves the debt first",
        "Ostrava Datové Systémy s.r.o. in DE: rejected",
        "Lumen & Oak LLP in CZ: approved",
        "gives 4 of 5",
    ):
        assert happened in finished.stdout


def test_a_folder_that_is_not_its_own_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "demo" / "mine.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    finished = _demo(tmp_path, "--once")
    assert finished.returncode == 1
    assert "is not a demonstration's" in finished.stderr
    assert kept.read_text() == "mine"


def test_stopped_early_it_leaves_nothing_running(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [*DEMO, "--once"], env=_environment(tmp_path), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("Deals: "):
            break
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=60) == 130
    # PostgreSQL removes this file when it stops.
    until = time.monotonic() + 20
    while (tmp_path / "demo" / "postgres" / "postmaster.pid").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not (tmp_path / "demo" / "postgres" / "postmaster.pid").exists()


def _journal(verdict: str) -> dict[str, Any]:
    return {"verdict": verdict, "mirror": {"seq": 3}}


def test_a_journal_that_differs_fails_the_check() -> None:
    good = {"journals": [_journal("match"), _journal("match")], "first_difference": None}
    assert checks.journals(good) == checks.Check(True, "journals: every head matches (6 entries)")
    bad = {"journals": [_journal("match"), _journal("difference")], "first_difference": "entry 2 is not"}
    assert checks.journals(bad) == checks.Check(False, "journals: entry 2 is not")
    assert not checks.journals({"journals": [], "first_difference": None}).holds


def _demo(home: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*DEMO, *options], env=_environment(home), cwd=ROOT, capture_output=True, text=True, check=False
    )


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "PLEDGER_HOME": str(home), "COLUMNS": "132"}
