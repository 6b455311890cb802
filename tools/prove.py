"""Prove the arithmetic of shares with halmos, and print what was proved and for which widths.

Usage: .venv-assurance/bin/python tools/prove.py

Each `check_` function of tests/symbolic/ is one proof; its natspec says what, and for which widths. Fails
when one has a counterexample, runs out of time, or was not followed to the end of a loop.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "prove"
RESULTS = BUILD / "results.json"
SECONDS_FOR_A_QUERY = 120
LOOP = 5  # one more than the tranches of any proof
FAILURES = {1: "counterexample", 2: "out of time", 3: "stuck", 4: "every path reverts", 5: "exception"}


def run_halmos() -> int:
    """Compile the proofs and run them, printing each as it ends. Return halmos' exit code."""
    shutil.rmtree(BUILD, ignore_errors=True)  # an old artifact would be proved beside the new one
    BUILD.mkdir(parents=True)
    here = Path(sys.executable).parent
    command = [
        str(here / "halmos"),
        *("--root", str(ROOT), "--forge-build-out", "build/prove/out", "--match-contract", "Proof$"),
        *(
            "--loop",
            str(LOOP),
            "--solver-timeout-assertion",
            f"{SECONDS_FOR_A_QUERY}s",
            "--solver-threads",
            "1",
        ),
        *("--solver-command", f"{sys.executable} {ROOT / 'tools' / 'smt_solver.py'}"),
        *("--json-output", str(RESULTS)),
    ]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | {"FOUNDRY_PROFILE": "prove"}, check=False
    ).returncode


def natspec() -> dict[str, tuple[str, str]]:
    """What each proof says of itself, by signature: the claim and its widths."""
    said = {}
    for artifact in (BUILD / "out").glob("*Proof.sol/*Proof.json"):
        output = json.loads(artifact.read_text())["metadata"]["output"]
        for signature, doc in output["devdoc"]["methods"].items():
            claim = output["userdoc"]["methods"].get(signature, {}).get("notice", "")
            said[signature] = (claim, doc.get("custom:widths", "no widths stated"))
    return said


def main() -> None:
    """Run the proofs, print a line for each, and exit with 1 unless all of them hold."""
    code = run_halmos()
    if not RESULTS.exists():
        sys.exit(f"prove: halmos ended with {code} before any result; the lines above say why")
    said = natspec()
    proofs = [proof for group in json.loads(RESULTS.read_text())["test_results"].values() for proof in group]
    failed = 0
    print("\nproved, for every input of these widths:")
    for proof in proofs:
        claim, widths = said[proof["name"]]
        cut_short = proof["num_bounded_loops"]
        problem = FAILURES.get(proof["exitcode"], "") or (f"{cut_short} loops cut short" if cut_short else "")
        failed += bool(problem)
        print(f"  {'NOT: ' + problem + ': ' if problem else ''}{claim} [{widths}]")
    if failed or not proofs or len(proofs) != len(said):
        sys.exit(f"prove: {failed} of {len(said)} proofs failed, {len(proofs)} ran")
    print(f"{len(proofs)} proofs hold")


if __name__ == "__main__":
    main()
