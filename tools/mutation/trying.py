"""One fault at a time, in copies of the project: whether the contract tests notice it."""

import hashlib
import json
import os
import queue
import shutil
import subprocess
import sys
from pathlib import Path

from tools.mutation.mutants import Mutant
from tools.mutation.switched import number_of, switch, unpurified

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "mutants"
COPIED = ["contracts", "tests/contracts", "tools/solc", "foundry.toml", "package.json"]
SECONDS_FOR_THE_TESTS = 600  # a fault that makes them run longer is noticed
# Fewer runs than `make test` has: what a fault needs to be noticed, it needs at once.
SHORT_RUNS = {"FOUNDRY_FUZZ_RUNS": "64", "FOUNDRY_INVARIANT_RUNS": "16", "FOUNDRY_INVARIANT_DEPTH": "32"}
KILLED, SURVIVED, SAME, BROKEN = "noticed", "missed", "same bytecode", "does not compile"


class Copy:
    """A copy of the project, to compile and test."""

    def __init__(self, name: str) -> None:
        self.folder = WORK / name
        self.folder.mkdir(parents=True, exist_ok=True)
        for copied in COPIED:
            source, target = ROOT / copied, self.folder / copied
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
