"""Put small faults into the contracts, one at a time, and count how many the contract tests notice.

Usage: .venv/bin/python tools/mutate.py [--sample N] [--seed S] [--jobs J] [FILE...]

Each fault is compiled as the contracts are released, in a copy of the project under build/mutants/. One that
gives the same bytecode is none; one that does not compile is not counted. Writes bench/mutants.md, or for a
sample or some files build/mutants/mutants.md. Fails when the tests notice fewer than 90 %, or miss one that
tests/contracts/mutants.toml gives no reason for.
"""

import argparse
import hashlib
import json
import os
import queue
import random
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutants import Mutant, mutants_of
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "bench" / "mutants.md"
REPORT_OF_SOME = (
    ROOT / "build" / "mutants" / "mutants.md"
)  # a sample does not overwrite what a whole run found
REASONS = ROOT / "tests" / "contracts" / "mutants.toml"
FILES = [
    "contracts/libraries/Entitlement.sol",
    "contracts/libraries/Plan.sol",
    "contracts/libraries/PaymentHash.sol",
    "contracts/base/Authorizations.sol",
    "contracts/RevenueLedger.sol",
]
COPIED = ["contracts", "tests/contracts", "tools/solc", "foundry.toml", "package.json"]
AT_LEAST_PERCENT = 90
SECONDS_FOR_THE_TESTS = 600  # a fault that makes them run longer is noticed
# Fewer runs than `make test` has: what a fault needs to be noticed, it needs at once.
SHORT_RUNS = {"FOUNDRY_FUZZ_RUNS": "64", "FOUNDRY_INVARIANT_RUNS": "16", "FOUNDRY_INVARIANT_DEPTH": "32"}
KILLED, SURVIVED, SAME, BROKEN = "noticed", "missed", "same bytecode", "does not compile"


class Copy:
    """A copy of the project in which one fault at a time is compiled and tested."""

    def __init__(self, number: int) -> None:
        self.folder = ROOT / "build" / "mutants" / str(number)
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in COPIED:
            source, target = ROOT / name, self.folder / name
            shutil.rmtree(target, ignore_errors=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy2(source, target)
        modules = self.folder / "node_modules"
        if not modules.exists():
            modules.symlink_to(ROOT / "node_modules")
        self.original = ""

    def prepare(self) -> None:
        """Compile what is without fault and see that its tests pass; stop the run when they do not."""
        done = self._forge("build")
        if done is None or done.returncode:
            sys.exit(f"mutate: the contracts do not compile as they are:\n{done and done.stdout}")
        self.original = self._bytecode()
        done = self._test()
        if done is None or done.returncode:
            sys.exit(f"mutate: the tests fail without any fault:\n{done and done.stdout[-3000:]}")

    def outcome(self, mutant: Mutant) -> str:
        """Whether the tests notice the fault. Leaves the copy as it was."""
        file = self.folder / mutant.file
        source = file.read_bytes()
        file.write_bytes(mutant.applied_to(source))
        try:
            built = self._forge("build")
            if built is not None and built.returncode:
                return BROKEN
            if self._bytecode() == self.original:
                return SAME
            tested = self._test()
            return SURVIVED if tested is not None and tested.returncode == 0 else KILLED
        finally:
            file.write_bytes(source)

    def _test(self) -> subprocess.CompletedProcess[str] | None:
        return self._forge("test", "--no-match-contract", "Gas", "--fail-fast")

    def _forge(self, *arguments: str) -> subprocess.CompletedProcess[str] | None:
        """Run forge to its end; nothing when that takes too long."""
        command = [str(ROOT / "node_modules" / ".bin" / "forge"), arguments[0], "--offline", *arguments[1:]]
        try:
            return subprocess.run(
                command,
                cwd=self.folder,
                env=os.environ | SHORT_RUNS,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=SECONDS_FOR_THE_TESTS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None

    def _bytecode(self) -> str:
        """One hash over all contracts' code."""
        digest = hashlib.sha256()
        for source in sorted((self.folder / "contracts").rglob("*.sol")):
            for artifact in sorted((self.folder / "build/forge/out" / source.name).glob("*.json")):
                digest.update(json.loads(artifact.read_text())["bytecode"]["object"].encode())
        return digest.hexdigest()


def run(mutants: list[Mutant], jobs: int) -> dict[Mutant, str]:
    """Each mutant's outcome, in the order in which they were given."""
    copies: queue.Queue[Copy] = queue.Queue()
    first = Copy(0)
    print("mutate: compiling and testing the contracts as they are", flush=True)
    first.prepare()
    copies.put(first)
    for number in range(1, jobs):
        copy = Copy(number)
        shutil.copytree(first.folder / "build", copy.folder / "build", dirs_exist_ok=True)
        copy.original = first.original
        copies.put(copy)
    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
    with Progress(
        *columns, TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(elapsed_when_finished=True)
    ) as bar:
        task = bar.add_task("mutants", total=len(mutants))

        def one(mutant: Mutant) -> str:
            copy = copies.get()
            try:
                outcome = copy.outcome(mutant)
            finally:
                copies.put(copy)
            bar.advance(task)
            if outcome == SURVIVED or not bar.console.is_terminal:  # where there is no bar, each is a line
                bar.console.print(f"{outcome}: {mutant.name}", markup=False, highlight=False, soft_wrap=True)
            return outcome

        with ThreadPoolExecutor(jobs) as pool:
            return dict(zip(mutants, pool.map(one, mutants), strict=True))


class Reasons:
    """Why mutants may be missed: by their name, or by a pattern that the whole name fits."""

    def __init__(self, file: Path) -> None:
        entries = tomllib.loads(file.read_text())["survivor"] if file.exists() else []
        self.patterns = [
            (re.compile(entry.get("pattern") or re.escape(entry["mutant"])), entry["reason"])
            for entry in entries
        ]

    def of(self, mutant: Mutant) -> str | None:
        """The first reason that is given for it."""
        return next((reason for pattern, reason in self.patterns if pattern.fullmatch(mutant.name)), None)


def report(outcomes: dict[Mutant, str], of: int, seed: int, known: Reasons) -> str:
    """The page of bench/mutants.md."""
    whole = len(outcomes) == of
    rows = []
    for file in dict.fromkeys(mutant.file for mutant in outcomes):
        count = Counter(outcome for mutant, outcome in outcomes.items() if mutant.file == file)
        rows.append(
            f"| {file} | {' | '.join(str(count[kind]) for kind in (KILLED, SURVIVED, SAME, BROKEN))} |"
        )
    missed = [mutant for mutant, outcome in outcomes.items() if outcome == SURVIVED]
    lines = [
        "# Mutants",
        "",
        "Written by `make mutate`: small faults put into the contracts one at a time, and whether the tests",
        "notice them. A fault that gives the same bytecode is none, one that does not compile not counted.",
        "",
        f"{'All' if whole else f'A sample (seed {seed}) of {len(outcomes)} of the'} {of} mutants: "
        f"**{score(outcomes):.1f} % noticed**; at least {AT_LEAST_PERCENT} % are demanded.",
        "",
        f"| file | {KILLED} | {SURVIVED} | {SAME} | {BROKEN} |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "## Missed, and why",
        "",
        *(
            [f"- `{mutant.name}`: {known.of(mutant) or '**no reason given**'}" for mutant in missed]
            or ["None."]
        ),
        "",
    ]
    return "\n".join(lines)


def score(outcomes: dict[Mutant, str]) -> float:
    """Percentage of the counted mutants that the tests noticed."""
    count = Counter(outcomes.values())
    counted = count[KILLED] + count[SURVIVED]
    return 100 * count[KILLED] / counted if counted else 100.0


def main() -> None:
    """Make the mutants, run them, write the report, and exit with 1 when the tests are not good enough."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument(
        "files", nargs="*", metavar="FILE", help="default: split, claim, refund and signatures"
    )
    arguments.add_argument("--sample", type=int, help="run this many of them, chosen by the seed")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="copies of the project at work"
    )
    given = arguments.parse_args()
    missing = [file for file in given.files if not (ROOT / file).is_file()]
    if missing:
        sys.exit(f"mutate: there is no {', '.join(missing)}: name files as contracts/libraries/Plan.sol")
    for name, number in (("sample", given.sample), ("jobs", given.jobs)):
        if number is not None and number < 1:
            sys.exit(f"mutate: --{name} must be at least 1")
    mutants = mutants_of(ROOT, given.files or FILES)
    chosen = mutants
    if given.sample and given.sample < len(mutants):
        drawn = set(random.Random(given.seed).sample(range(len(mutants)), given.sample))  # noqa: S311 - no secret
        chosen = [mutant for index, mutant in enumerate(mutants) if index in drawn]
    outcomes = run(chosen, min(given.jobs, len(chosen)))
    known = Reasons(REASONS)
    page = REPORT_OF_SOME if given.files or len(chosen) < len(mutants) else REPORT
    page.write_text(report(outcomes, len(mutants), given.seed, known))
    unexplained = [m.name for m, outcome in outcomes.items() if outcome == SURVIVED and not known.of(m)]
    print(f"mutate: {score(outcomes):.1f} % noticed, see {page.relative_to(ROOT)}")
    if unexplained:
        sys.exit(
            f"mutate: write a test for each, or its reason into {REASONS.relative_to(ROOT)}:\n"
            + "\n".join(unexplained)
        )
    if score(outcomes) < AT_LEAST_PERCENT:
        sys.exit(f"mutate: the tests must notice at least {AT_LEAST_PERCENT} %")


if __name__ == "__main__":
    main()
