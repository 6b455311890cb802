"""The gas table, bench/gas.md and bench/gas.json, from what forge measured of our contracts and of others.

Usage: python tools/bench_gas.py peers | write | check | print

peers   compiles and measures the others (bench/gas) and rewrites bench/snapshots
write   rewrites the table from the snapshots
check   exits 1 when the table is not what the snapshots say
print   prints the table
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from gas_table import OURS, Snapshots, compare, fill

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
OUR_SNAPSHOT = ROOT / "tests" / "contracts" / "snapshots" / "gas.json"
PEERS = ("PaymentSplitter", "Split", "EAS")
PROGRESS_SECONDS = 10


def peers() -> None:
    """Measure the peers, and say every few seconds that it is still at work: they take most of a minute."""
    # A compiler or profile that the environment names is meant for our own contracts.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOUNDRY_")}
    if shutil.which("forge") is None:
        sys.exit("bench: forge is not on the PATH: run `make bench-gas`, which puts it there")
    command = ["forge", "test", "--offline", "--isolate", "--gas-snapshot-check", "false"]
    started = time.monotonic()
    print("bench: compiling and measuring the peers (about a minute the first time)", flush=True)
    with subprocess.Popen(
        command, cwd=BENCH, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as forge:
        while True:
            try:
                shown, _ = forge.communicate(timeout=PROGRESS_SECONDS)
                break
            except subprocess.TimeoutExpired:
                print(f"bench: still at it, {time.monotonic() - started:.0f} s", flush=True)
    if forge.returncode != 0:
        sys.exit(f"{shown}\nbench: the peers could not be measured; forge says why above")
    if "[SKIP" in shown:
        sys.exit("bench: forge measured no whole transactions: --isolate had no effect with this forge")


def read() -> Snapshots:
    """Read the snapshots: ours, each peer's, and last the costs that are quoted and not measured here."""
    files = {OURS: OUR_SNAPSHOT} | {peer: BENCH / "snapshots" / f"{peer}.json" for peer in PEERS}
    snapshots: Snapshots = {}
    for whose, file in files.items():
        if not file.exists():
            sys.exit(f"bench: {file.relative_to(ROOT)} is missing: run `make bench-gas`, which measures it")
        snapshots[whose] = {action: int(gas) for action, gas in json.loads(file.read_text()).items()}
    quoted: Snapshots = json.loads((BENCH / "quoted.json").read_text())
    return snapshots | quoted


def written() -> dict[Path, str]:
    """Return the table's two files as the snapshots make them."""
    snapshots = read()
    costs = compare(snapshots)
    try:
        text = fill((BENCH / "gas.template.md").read_text(), costs, snapshots)
    except KeyError as missing:
        sys.exit(f"bench: bench/gas.template.md asks for {missing}, which no snapshot has: correct it there")
    return {BENCH / "gas.json": json.dumps(costs, indent=2) + "\n", BENCH / "gas.md": text}


def write() -> None:
    """Rewrite the table."""
    for file, text in written().items():
        file.write_text(text)
    print("bench: bench/gas.md and bench/gas.json are written")


def check() -> None:
    """Stop when the table is not what the snapshots say."""
    stale = [file for file, text in written().items() if not file.exists() or file.read_text() != text]
    if stale:
        names = " and ".join(str(file.relative_to(ROOT)) for file in stale)
        sys.exit(f"bench: {names} no longer say what the snapshots say: run `make gas`")


def show() -> None:
    """Print the table."""
    print((BENCH / "gas.md").read_text())


COMMANDS = {"peers": peers, "write": write, "check": check, "print": show}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]]()
