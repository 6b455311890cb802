"""The mutants: which faults are made of a source, and that bad input is refused before any work."""

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.checkout import ROOT
from tools.mutation.mutants import Mutant
from tools.mutation.report import Reasons, report, score
from tools.mutation.trying import BROKEN, KILLED, SAME, SURVIVED

SOURCE = """// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

contract Till {
    error Empty(address one, address other);

    uint256 public total;

    modifier open() {
        _;
    }

    function take(uint256 amount, address one, address other) external open returns (bool) {
        if (amount == 0) revert Empty(one, other);
        total += amount;
        assembly {
            mstore(mload(0x40), add(amount, 1))
        }
        return amount > 7;
    }
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one contract and the project's own compiler."""
    (tmp_path / "Till.sol").write_text(SOURCE)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "solc").symlink_to(ROOT / "tools" / "solc")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def made(project: Path) -> list[str]:
    """Each mutant of the contract as its name, a bar and the line that it changes in the source."""
    lines = [
        "import sys; from pathlib import Path; from tools.mutation.mutants import mutants_of",
        "root = Path(sys.argv[1]); source = (root / 'Till.sol').read_bytes()",
        "for mutant in mutants_of(root, ['Till.sol']):",
        "    faulty = mutant.applied_to(source).decode().split(chr(10))",
        "    changed = [a for a, b in zip(faulty, source.decode().split(chr(10))) if a != b]",
        "    print(mutant.name, '|', changed[0].strip())",
    ]
    command = [sys.executable, "-c", "\n".join(lines), str(project)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_each_kind_of_fault_is_made_and_changes_what_its_name_says(project: Path) -> None:
    line = "if (amount == 0) revert Empty(one, other);"
    faults = {
        f"{line} -> if (false) revert Empty(one, other); | if (false) revert Empty(one, other);",
        f"{line} -> if (amount != 0) revert Empty(one, other); | if (amount != 0) revert Empty(one, other);",
        f"{line} -> if (amount == 1) revert Empty(one, other); | if (amount == 1) revert Empty(one, other);",
        f"{line} -> if (amount == 0) revert Empty(other, one); | if (amount == 0) revert Empty(other, one);",
        "total += amount; -> nothing | {}",
        "total += amount; -> total -= amount; | total -= amount;",
        "mstore(mload(0x40), add(amount, 1)) -> nothing | ",
        "mstore(mload(0x40), add(amount, 1)) -> mstore(mload(0x40), sub(amount, 1)) "
        "| mstore(mload(0x40), sub(amount, 1))",
        "return amount > 7; -> return amount >= 7; | return amount >= 7;",
        "return amount > 7; -> return false; | return false;",
    }
    found = made(project)
    names = [name.partition(" | ")[0] for name in found]
    assert {f"Till.take: {fault}" for fault in faults} <= set(found)
    assert any("open" in name and "nothing" in name for name in names)
    assert len(names) == len(set(names))


def test_the_address_of_the_free_memory_pointer_is_left_alone(project: Path) -> None:
    assert not [name for name in made(project) if "0x41" in name]


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["contracts/Nothing.sol"], "there is no contracts/Nothing.sol"),
        (["--sample", "0"], "--sample must be at least 1"),
        (["--jobs", "0"], "--jobs must be at least 1"),
    ],
)
def test_bad_input_is_refused_before_any_work(arguments: list[str], answer: str) -> None:
    command = [sys.executable, "-m", "tools.mutation", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert answer in done.stderr


def test_the_report_counts_what_is_a_fault_and_gives_the_reasons_for_what_is_missed(tmp_path: Path) -> None:
    reasons = tmp_path / "mutants.toml"
    reasons.write_text('[[survivor]]\npattern = "A.sol:2 .*"\nreason = "nobody can see it"\n')
    outcomes = {
        Mutant(name, "A.sol", 0, 1, "", ()): outcome
        for name, outcome in (
            ("A.sol:1 one", KILLED),
            ("A.sol:2 two", SURVIVED),
            ("A.sol:3 three", SAME),
            ("A.sol:4 four", BROKEN),
            ("A.sol:5 five", SURVIVED),
        )
    }
    assert round(score(outcomes), 1) == 33.3
    page = report(outcomes, 5, 1, Reasons(reasons), alone_too=True)
    assert "| A.sol | 1 | 2 | 1 | 1 |" in page
    assert "- `A.sol:2 two`: nobody can see it" in page
    assert "- `A.sol:5 five`: **no reason given**" in page
