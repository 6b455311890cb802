"""``pledger demo``, whole: what it says at its end is true, and it ends whenever it is to."""

import os
import random
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from played import Played, ports_in_use

from ledger.cli.demonstration import checks

USUAL_PORTS = (8545, 8000)


@pytest.mark.timeout(900)
def test_the_demonstration_ends_with_checks_that_hold_and_hands_over(tmp_path: Path) -> None:
    """Also with its usual ports in use, and in a folder with an unusual name: it says so and takes others."""
    home = tmp_path / "my ledger ü 100% of it's"
    with ports_in_use(*USUAL_PORTS), Played(home) as demo:
        said = demo.read_until("Ctrl-C stops everything.")
        _check_the_story(said)
        _check_the_hand_over(home / "demo" / "env.sh", said)
        with Played(home) as second:
            said = second.read_until("Partners register and sign their agreements")
            assert "this one takes demo-2, beside it" in said
            assert second.interrupt() == 130, second.said_last
        assert second.left() == []
        refused = Played(home, "--folder", str(home / "demo"))
        assert refused.process.wait(120) == 1
        assert "is used by another demonstration" in refused.read_until("")
        assert demo.process.poll() is None, "nobody disturbed it"
        assert demo.interrupt() in (0, 130)  # on a busy machine, ending in order may take too long for it
    assert demo.left() == []


def _check_the_story(said: str) -> None:
    assert "Port 8545 is in use" in said
    assert "Port 8000 is in use" in said
    assert re.search(r"^journals: every head matches \(\d{3} entries\)$", said, re.MULTILINE)
    assert "\nconservation: exact\n" in said
    assert "\nbalances: API equals contracts (22 compared)\n" in said
    digests = re.findall(r"digest of the schema chain, \w+ +([0-9a-f]{64})", said)
    assert len(digests) == 2
    assert digests[0] == digests[1]
    killed = re.search(r"killed with SIGKILL at (\d+) of (\d+) entries", said)
    assert killed is not None
    assert 0 < int(killed[1]) < int(killed[2])
    for shown in ("Who earned what, and why", "Conflicts, and who won them", "Scores", "Audit: match"):
        assert shown in said
    assert "15 conflicts" in said
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
        "its wallet signed and holds no coin; the relayer sent it: Claimed ",
    ):
        assert happened in said


def _check_the_hand_over(file: Path, said: str) -> None:
    """What is pasted works in any folder, whatever was set there before."""
    assert f". {shlex.quote(str(file))}\n" in said
    assert file.stat().st_mode & 0o077 == 0, "it holds keys"
    exports = re.findall(r"^  (export .*)$", said, re.MULTILINE)
    assert exports[-1].startswith("export PATH=")
    for line in exports:
        assert f"{line}\n" in file.read_text()
    assert shlex.quote(str(file.with_name("keys.yaml"))) in said
    assert "(owner of its Safe)  0x" in said
    assert re.search(r"^A relayer runs \(0x\w{40}\)", said, re.MULTILINE)
    examples = re.findall(
        r"^  ((?:PLEDGER_\w+=\w+ \\\n  )*pledger .*|\S.* anvil_mine .*)$", said, re.MULTILINE
    )
    wanted = ["ready", "match", "pledger verify", "done: consent", "done: pay 250.00 tUSD"]
    wanted += ["done: register the deal", "“Newcomer Ltd”", ""]
    said_to = [_beside(file, *pair) for pair in zip(examples, wanted, strict=True)]
    deal = re.findall(r"The deal is (0x\w{64})", said_to[5])[-1]
    _beside(file, f"pledger deal approve {deal}", "done: approve")


def _beside(file: Path, command: str, shown: str) -> str:
    """What a command of the hand-over says in a terminal that the file was pasted into."""
    set_before = {
        "PLEDGER_DATABASE_URL": "postgresql://127.0.0.1:1/other",
        "PLEDGER_RPC_URLS": "http://other",
    }
    done = subprocess.run(
        ["bash", "-c", f". {shlex.quote(str(file))} && {command}"],
        cwd=file.parent,
        env=os.environ | set_before,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert shown in done.stdout
    return done.stdout


def test_a_folder_that_is_not_its_own_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "demo" / "mine.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    refused = Played(tmp_path)
    assert refused.process.wait(120) == 1
    assert "is not a demonstration's" in refused.read_until("")
    assert kept.read_text() == "mine"


def test_a_port_that_was_asked_for_is_not_exchanged(tmp_path: Path, free_port: int) -> None:
    with ports_in_use(free_port):
        refused = Played(tmp_path, "--anvil-port", str(free_port))
        assert refused.process.wait(120) == 1
        assert f"Port {free_port} is in use" in refused.read_until("")


@pytest.mark.parametrize("moment", ["at once", "while it imports", "Partners register", "Deals: "])
def test_interrupted_at_any_moment_it_ends_and_leaves_nothing_running(tmp_path: Path, moment: str) -> None:
    with Played(tmp_path) as demo:
        if moment != "at once":
            demo.read_until("Partnership Ledger" if moment == "while it imports" else moment)
        ending = signal.SIGTERM if moment == "Deals: " else signal.SIGINT
        assert demo.interrupt(ending) == 130, demo.said_last
        stopped = re.findall("^stopped.*$", demo.said_last, re.MULTILINE)
        assert stopped == ["stopped"] or moment == "at once"  # then it may end before it can say anything
    assert demo.left() == []


def test_its_processes_end_with_it_when_it_is_killed(tmp_path: Path) -> None:
    with Played(tmp_path) as demo:
        demo.read_until("Partners register")
        demo.process.kill()
        demo.process.wait()
        deadline = time.monotonic() + 120
        while demo.left() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert demo.left() == []


@pytest.mark.long
@pytest.mark.timeout(5400)
def test_interrupted_at_fifty_moments_it_ends_within_five_seconds(tmp_path: Path) -> None:
    dice = random.Random(12)
    for _ in range(50):
        with Played(tmp_path) as demo:
            time.sleep(dice.uniform(0, 40))
            began = time.monotonic()
            assert demo.interrupt() in (0, 130), demo.said_last
            assert time.monotonic() - began < 5
        assert demo.left() == []


def _journal(verdict: str) -> dict[str, Any]:
    return {"verdict": verdict, "mirror": {"seq": 3}}


def test_a_journal_that_differs_fails_the_check() -> None:
    good = {"journals": [_journal("match"), _journal("match")], "first_difference": None}
    assert checks.journals(good) == checks.Check(True, "journals: every head matches (6 entries)")
    bad = {"journals": [_journal("match"), _journal("difference")], "first_difference": "entry 2 is not"}
    assert checks.journals(bad) == checks.Check(False, "journals: entry 2 is not")
    assert not checks.journals({"journals": [], "first_difference": None}).holds
