"""Put small faults into the contracts, one at a time, and count how many the contract tests notice.

Usage: .venv/bin/python tools/mutate.py [--sample N] [--seed S] [--together] [--keep] [--jobs J] [FILE...]

All faults between which a contract can choose as it runs are compiled at once (tools/switched.py) and tested
one after the other. The others, and those that the tests miss, are compiled alone as the contracts are
released, in copies of the project under build/mutants/: one that gives the same bytecode is none, one that
does not compile is not counted. What was found is kept there, so that a run that was broken off goes on.
Writes bench/mutants.md, or for a sample or some files build/mutants/mutants.md. Fails when the tests notice
fewer than 90 %, or miss one that tests/contracts/mutants.toml gives no reason for.
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
from collections.abc import Callable
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
from switched import number_of, switch, unpurified

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "bench" / "mutants.md"
WORK = ROOT / "build" / "mutants"
REPORT_OF_SOME = WORK / "mutants.md"  # a sample does not overwrite what a whole run found
REASONS = ROOT / "tests" / "contracts" / "mutants.toml"
FILES = [
    "contracts/revenue/libraries/Entitlement.sol",
    "contracts/agreements/libraries/Plan.sol",
    "contracts/revenue/libraries/PaymentHash.sol",
    "contracts/revenue/libraries/PaymentRecord.sol",
    "contracts/revenue/libraries/DaySet.sol",
    "contracts/revenue/libraries/RulingHash.sol",
    "contracts/shared/base/Authorizations.sol",
    "contracts/revenue/base/RevenueBooks.sol",
    "contracts/revenue/base/Payments.sol",
    "contracts/revenue/base/Refunds.sol",
    "contracts/revenue/base/SignedRefunds.sol",
    "contracts/revenue/base/Claims.sol",
    "contracts/revenue/base/RevenueViews.sol",
    "contracts/revenue/base/Disputes.sol",
    "contracts/revenue/base/Debts.sol",
    "contracts/revenue/base/RevenueEntries.sol",
    "contracts/shared/base/NonceCancelling.sol",
    "contracts/revenue/RevenueLedger.sol",
]
COPIED = ["contracts", "tests/contracts", "tools/solc", "foundry.toml", "package.json"]
AT_LEAST_PERCENT = 90
SECONDS_FOR_THE_TESTS = 600  # a fault that makes them run longer is noticed
# Fewer runs than `make test` has: what a fault needs to be noticed, it needs at once.
SHORT_RUNS = {"FOUNDRY_FUZZ_RUNS": "64", "FOUNDRY_INVARIANT_RUNS": "16", "FOUNDRY_INVARIANT_DEPTH": "32"}
KILLED, SURVIVED, SAME, BROKEN = "noticed", "missed", "same bytecode", "does not compile"


class Copy:
    """A copy of the project, to compile and test."""

    def __init__(self, name: str) -> None:
        self.folder = WORK / name
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

    def build(self) -> subprocess.CompletedProcess[str]:
        """Compile what changed."""
        return self._forge("build", timeout=None)

    def notices(self, *arguments: str) -> bool:
        """Whether a test fails, or takes too long."""
        try:
            done = self._forge(
                "test", "--no-match-contract", "Gas", "--fail-fast", *arguments, timeout=SECONDS_FOR_THE_TESTS
            )
        except subprocess.TimeoutExpired:
            return True
        if done.returncode and "FAIL" not in done.stdout:
            raise RuntimeError(f"forge did not get to the tests:\n{done.stdout[-3000:]}")
        return done.returncode != 0

    def bytecode(self) -> str:
        """One hash over all contracts' code."""
        digest = hashlib.sha256()
        for source in sorted((self.folder / "contracts").rglob("*.sol")):
            for artifact in sorted((self.folder / "build/forge/out" / source.name).glob("*.json")):
                digest.update(json.loads(artifact.read_text())["bytecode"]["object"].encode())
        return digest.hexdigest()

    def _forge(self, *arguments: str, timeout: float | None) -> subprocess.CompletedProcess[str]:
        command = [str(ROOT / "node_modules" / ".bin" / "forge"), arguments[0], "--offline", *arguments[1:]]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=os.environ | SHORT_RUNS,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )


class Together:
    """The faults that were compiled at once, each chosen by the block's proposer."""

    def __init__(self, mutants: list[Mutant], copies: int) -> None:
        first = Copy("together-0")
        for folder in ("contracts", "tests/contracts"):
            for source in (first.folder / folder).rglob("*.sol"):
                source.write_text(unpurified(source.read_text()))
        self.numbers: dict[str, int] = {}
        for file in dict.fromkeys(mutant.file for mutant in mutants):
            text, numbers = switch(first.folder, file, mutants)
            (first.folder / file).write_bytes(text)
            self.numbers |= {mutants[number].name: number_of(number) for number in numbers}
        built = first.build()
        if built.returncode or first.notices():
            sys.exit(f"mutate: with a choice at each fault the contracts fail:\n{built.stdout[-3000:]}")
        self._copies: queue.Queue[Copy] = queue.Queue()
        self._copies.put(first)
        for number in range(1, copies):
            self._copies.put(copy_of(first, f"together-{number}"))

    def outcome(self, mutant: Mutant) -> str:
        """Whether the tests notice the fault."""
        copy = self._copies.get()
        try:
            number = self.numbers[mutant.name]
            return KILLED if copy.notices("--block-coinbase", f"0x{number:040x}") else SURVIVED
        finally:
            self._copies.put(copy)


class Alone:
    """Faults that are compiled one at a time, as the contracts are released."""

    def __init__(self, copies: int) -> None:
        first = Copy("alone-0")
        built = first.build()
        if built.returncode:
            sys.exit(f"mutate: the contracts do not compile as they are:\n{built.stdout[-3000:]}")
        self._original = first.bytecode()
        self._copies: queue.Queue[Copy] = queue.Queue()
        self._copies.put(first)
        for number in range(1, copies):
            self._copies.put(copy_of(first, f"alone-{number}"))

    def outcome(self, mutant: Mutant) -> str:
        """Whether there is a fault, and the tests notice it."""
        copy = self._copies.get()
        file = copy.folder / mutant.file
        source = file.read_bytes()
        file.write_bytes(mutant.applied_to(source))
        try:
            if copy.build().returncode:
                return BROKEN
            if copy.bytecode() == self._original:
                return SAME
            return KILLED if copy.notices() else SURVIVED
        finally:
            file.write_bytes(source)
            self._copies.put(copy)


def copy_of(first: Copy, name: str) -> Copy:
    """Another copy of the project as it stands in the first, with what was compiled there."""
    copy = Copy(name)
    for folder in ("contracts", "tests/contracts", "build"):
        shutil.copytree(first.folder / folder, copy.folder / folder, dirs_exist_ok=True)
    return copy


class Found:
    """What is known of mutants from this run and earlier ones over the same contracts and tests."""

    def __init__(self) -> None:
        digest = hashlib.sha256()
        for name in COPIED:
            for file in sorted((ROOT / name).rglob("*.sol")) if (ROOT / name).is_dir() else [ROOT / name]:
                digest.update(file.read_bytes())
        self._file = WORK / f"found-{digest.hexdigest()[:16]}.jsonl"
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        self.outcomes: dict[str, str] = {one["mutant"]: one["outcome"] for one in map(json.loads, lines)}

    def add(self, mutant: Mutant, outcome: str) -> None:
        """Kept at once."""
        self.outcomes[mutant.name] = outcome
        with self._file.open("a") as file:
            file.write(json.dumps({"mutant": mutant.name, "outcome": outcome}) + "\n")


def run(chosen: list[Mutant], jobs: int, *, alone_too: bool) -> dict[Mutant, str]:
    """The outcomes of the chosen mutants, in their order; without `alone_too` not of all, and what is missed
    may turn out to be the same bytecode."""
    WORK.mkdir(parents=True, exist_ok=True)
    found = Found()
    left = [mutant for mutant in chosen if mutant.name not in found.outcomes]
    if len(left) < len(chosen):
        print(f"mutate: {len(chosen) - len(left)} of {len(chosen)} are known from a run before", flush=True)
    if any(mutant.places for mutant in left):
        print("mutate: compiling the faults together, which takes minutes", flush=True)
        together = Together(left, jobs)
        switched = [mutant for mutant in left if mutant.name in together.numbers]

        def note(mutant: Mutant, outcome: str) -> None:
            if outcome == KILLED or not alone_too:  # whether it is a fault at all is seen alone
                found.add(mutant, outcome)

        each("together", switched, jobs, together.outcome, note)
    left = [mutant for mutant in left if mutant.name not in found.outcomes]
    if left and alone_too:
        print(f"mutate: {len(left)} are compiled alone", flush=True)
        each("alone", left, jobs, Alone(jobs).outcome, found.add)
    return {mutant: found.outcomes[mutant.name] for mutant in chosen if mutant.name in found.outcomes}


def each(
    title: str,
    mutants: list[Mutant],
    jobs: int,
    outcome_of: Callable[[Mutant], str],
    note: Callable[[Mutant, str], None],
) -> None:
    """Every mutant's outcome, noted as soon as it is known; shows how far it is."""
    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
    with (
        Progress(
            *columns, TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(elapsed_when_finished=True)
        ) as bar,
        ThreadPoolExecutor(jobs) as pool,
    ):
        task = bar.add_task(title, total=len(mutants))
        outcomes = pool.map(outcome_of, mutants)
        for mutant, outcome in zip(mutants, outcomes, strict=True):
            note(mutant, outcome)
            bar.advance(task)
            if outcome == SURVIVED or not bar.console.is_terminal:  # where there is no bar, each is a line
                bar.console.print(f"{outcome}: {mutant.name}", markup=False, highlight=False, soft_wrap=True)


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


def report(outcomes: dict[Mutant, str], of: int, seed: int, known: Reasons, *, alone_too: bool) -> str:
    """The page of bench/mutants.md."""
    without = (
        "" if alone_too else " between which a contract can choose (not those of constants that others read)"
    )
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
        f"{'All' if whole else f'A sample (seed {seed}) of {len(outcomes)} of the'} {of} mutants{without}: "
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
        "--together", action="store_true", help="leave out what can only be compiled alone, which takes hours"
    )
    arguments.add_argument("--keep", action="store_true", help="write bench/mutants.md for a sample too")
    arguments.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="copies of the project at work"
    )
    given = arguments.parse_args()
    missing = [file for file in given.files if not (ROOT / file).is_file()]
    if missing:
        sys.exit(
            f"mutate: there is no {', '.join(missing)}: name files as contracts/revenue/RevenueLedger.sol"
        )
    for name, number in (("sample", given.sample), ("jobs", given.jobs)):
        if number is not None and number < 1:
            sys.exit(f"mutate: --{name} must be at least 1")
    mutants = mutants_of(ROOT, given.files or FILES)
    chosen = mutants
    if given.sample and given.sample < len(mutants):
        drawn = set(random.Random(given.seed).sample(range(len(mutants)), given.sample))  # noqa: S311 - no secret
        chosen = [mutant for index, mutant in enumerate(mutants) if index in drawn]
    if given.together:
        mutants = [mutant for mutant in mutants if mutant.places]
        chosen = [mutant for mutant in chosen if mutant.places]
    outcomes = run(chosen, min(given.jobs, len(chosen)), alone_too=not given.together)
    known = Reasons(REASONS)
    is_some = bool(given.files) or len(chosen) < len(mutants)
    page = REPORT_OF_SOME if is_some and not given.keep else REPORT
    page.write_text(report(outcomes, len(mutants), given.seed, known, alone_too=not given.together))
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
