"""The gas table says what was measured: nothing stale, nothing made up, and an error says what to run."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.checkout import ROOT

OUR_SNAPSHOT = "tests/contracts/snapshots/gas.json"
CLAIM = "claim, one tranche, 100 payees"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the table is made of."""
    for folder in ("tools", "bench/snapshots", "tests/contracts/snapshots"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for file in ("bench/quoted.json", "bench/gas.template.md"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def bench(project: Path, command: str) -> tuple[int, str]:
    line = [sys.executable, "tools/bench_gas.py", command]
    done = subprocess.run(line, cwd=project, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def change(file: Path, action: str, gas: str | None) -> None:
    figures = json.loads(file.read_text())
    figures.pop(action)
    file.write_text(json.dumps(figures | ({action: gas} if gas else {})))


def test_a_row_is_ours_and_what_multiple_of_each_peer_it_is(project: Path) -> None:
    change(project / OUR_SNAPSHOT, CLAIM, "70000")
    change(project / "bench/snapshots/PaymentSplitter.json", "claim, 100 payees", "56000")
    change(project / "bench/snapshots/Split.json", "claim, 100 payees", "100000")
    assert bench(project, "write")[0] == 0
    assert (
        "| claim, 100 payees | 70,000 | 56,000 (1.25×) | 100,000 (0.70×) | – |"
        in (project / "bench/gas.md").read_text()
    )
    assert json.loads((project / "bench/gas.json").read_text())["claim, 100 payees"] == {
        "ours": 70_000,
        "PaymentSplitter": 56_000,
        "Split": 100_000,
    }


def test_every_figure_of_our_snapshot_is_in_the_table(project: Path) -> None:
    bench(project, "write")
    costs = json.loads((project / "bench/gas.json").read_text())
    shown = {figures["ours"] for figures in costs.values()}
    measured = json.loads((project / OUR_SNAPSHOT).read_text())
    assert {action for action, gas in measured.items() if int(gas) not in shown} == set()
    text = (project / "bench/gas.md").read_text()
    assert [action for action in costs if f"| {action} |" not in text] == []


def test_an_action_that_is_not_measured_is_left_out(project: Path) -> None:
    change(project / OUR_SNAPSHOT, CLAIM, None)
    assert bench(project, "write")[0] == 0
    assert "claim, 100 payees" not in json.loads((project / "bench/gas.json").read_text())
    assert "| claim, 100 payees |" not in (project / "bench/gas.md").read_text()


def test_a_table_that_no_longer_says_what_was_measured_is_noticed(project: Path) -> None:
    bench(project, "write")
    assert bench(project, "check") == (0, "")
    change(project / OUR_SNAPSHOT, CLAIM, "1")
    code, said = bench(project, "check")
    assert code == 1
    assert "bench/gas.json and bench/gas.md no longer say what the snapshots say: run `make gas`" in said


def test_a_figure_that_the_text_asks_for_and_nobody_measured_is_named(project: Path) -> None:
    template = project / "bench/gas.template.md"
    template.write_text(template.read_text() + "[[Split: sign, 2 signers]]")
    code, said = bench(project, "write")
    assert code == 1 and "[[Split: sign, 2 signers]]" in said and "gas.template.md" in said
    assert not (project / "bench/gas.md").exists()


def test_without_the_peers_figures_the_command_that_measures_them_is_named(project: Path) -> None:
    (project / "bench/snapshots/EAS.json").unlink()
    code, said = bench(project, "write")
    assert code == 1 and "bench/snapshots/EAS.json is missing: run `make bench-gas`" in said
