"""One compiler, one result: forge, Brownie and py-solc-x give the same bytecode, compiled once."""

import json
import multiprocessing
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ledger import checkout
from ledger.artifacts import contracts, sources
from ledger.checkout import ROOT
from ledger.errors import LedgerError
from ledger.intake.deals import MAX_UNREVEALED
from ledger.terms.agreement import NATIVE_COIN
from ledger.terms.clauses import Clawback
from ledger.terms.deals import REVEAL_SECONDS
from ledger.terms.payments import MAX_BATCH, RecordStatus
from ledger.terms.units import WHOLE
from tools import compiler, compiling
from tools.compiler import CompilerError

FORGE_OUT = ROOT / "build" / "forge" / "out"


@pytest.fixture(scope="module")
def forge_build() -> None:
    """Brings forge's output up to date; nothing is compiled when it is."""
    forge: list[str | Path] = [ROOT / "node_modules" / ".bin" / "forge", "build", "--offline", "contracts"]
    subprocess.run(forge, cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("name", sources.SOURCES)
@pytest.mark.usefixtures("forge_build")
def test_forge_and_py_solc_x_give_the_same_bytecode(name: str) -> None:
    """That Brownie's is the same is tested in its own environment: tests/brownie/test_bytecode.py."""
    built = json.loads((FORGE_OUT / f"{name}.sol" / f"{name}.json").read_text())
    assert built["bytecode"]["object"] == contracts.bytecode(name)
    abi = _sorted(contracts.contract_abi(name))
    if name == "RevenueLedger":  # it has what those have whose code it runs
        assert set(_sorted(built["abi"])) < set(abi)
        assert {each["name"] for each in contracts.contract_abi(name) if "name" in each} > {"rule", "payDebt"}
    else:
        assert _sorted(built["abi"]) == abi


def _sorted(abi: list[dict[str, Any]]) -> list[str]:
    """forge sorts an ABI, the compiler does not."""
    return sorted(json.dumps(item, sort_keys=True) for item in abi)


def test_an_unknown_contract_is_named() -> None:
    with pytest.raises(LedgerError, match="There is no contract Escrow"):
        contracts.bytecode("Escrow")


SMALL = (
    "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.28;\ncontract Small { uint256 public one = 1; }\n"
)


@pytest.fixture
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one small contract, with this project's settings and compiler."""
    found = compiler.find()
    monkeypatch.setattr(compiler, "find", lambda: found)
    for module in (checkout, compiler):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "Small.sol").write_text(SMALL)
    (tmp_path / "foundry.toml").write_text((ROOT / "foundry.toml").read_text())
    monkeypatch.setattr(compiling, "SOURCES", {"Small": "contracts/Small.sol"})
    monkeypatch.setattr(compiling, "PUBLISHED", {})
    return tmp_path


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The compilers that were run."""
    runs: list[Path] = []
    real = compiler.compile_sources

    def counted(paths: Iterable[str], solc: Path) -> dict[str, Any]:
        runs.append(solc)
        return real(paths, solc)

    monkeypatch.setattr(compiler, "compile_sources", counted)
    return runs


def test_nothing_is_compiled_twice_until_a_source_or_setting_changes(
    small_project: Path, compilations: list[Path]
) -> None:
    def fresh() -> str:
        compiling.compile_all()
        return sources.kept().read_text()

    first = fresh()
    assert fresh() == first
    assert len(compilations) == 1
    source = small_project / "contracts" / "Small.sol"
    source.write_text(SMALL.replace("= 1", "= 2"))
    assert fresh() != first
    source.write_text(SMALL)
    assert fresh() == first
    assert len(compilations) == 2
    settings = small_project / "foundry.toml"
    known = sources.fingerprint()
    settings.write_text(settings.read_text().replace("20_000", "1"))
    assert sources.fingerprint() != known
    left = list((small_project / "build" / "chain").iterdir())
    assert {path.suffix for path in left} == {".json", ".lock"}


def test_of_two_processes_that_want_the_artifacts_one_compiles(
    small_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = small_project / "runs"
    real = compiler.compile_sources

    def noted(paths: Iterable[str], solc: Path) -> dict[str, Any]:
        with runs.open("a") as file:
            file.write("compiled ")
        return real(paths, solc)

    monkeypatch.setattr(compiler, "compile_sources", noted)
    fork = multiprocessing.get_context("fork")  # so that they see the small project
    both = [fork.Process(target=compiling.compile_all) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    assert runs.read_text() == "compiled "


def test_the_compilers_own_words_are_passed_on(small_project: Path) -> None:
    (small_project / "contracts" / "Small.sol").write_text(SMALL.replace("uint256", "uint257"))
    with pytest.raises(CompilerError, match=r"do not compile: (.|\n)*uint257"):
        compiling.compile_all()
    assert not list(small_project.glob("build/chain/*.json"))


def native(folder: Path, version: str) -> Path:
    """A program that says it is a compiler of this version."""
    program = folder / "solc"
    program.write_text(f"#!/bin/sh\necho 'Version: {version}+commit.0.Linux.g++'\n")
    program.chmod(0o755)
    return program


def test_a_native_compiler_is_preferred_when_its_version_is_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOLC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    native(tmp_path, "0.8.20")
    assert compiler.find() == ROOT / "tools" / "solc"
    program = native(tmp_path, sources.COMPILER)
    assert compiler.find() == program


def test_a_chosen_compiler_of_another_version_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLC", str(native(tmp_path, "0.8.20")))
    with pytest.raises(CompilerError, match=r"version 0\.8\.20; the contracts are built with"):
        compiler.find()
    monkeypatch.setenv("SOLC", str(tmp_path / "none"))
    with pytest.raises(CompilerError, match="which is not a program"):
        compiler.find()
    monkeypatch.setenv("SOLC", str(native(tmp_path, sources.COMPILER)))
    assert compiler.find() == tmp_path / "solc"


def test_what_is_written_in_python_too_is_as_the_contracts_have_it() -> None:
    known = {
        ("Terms", "WHOLE"): WHOLE,
        ("Terms", "NATIVE_COIN"): int(NATIVE_COIN, 16),
        ("Terms", "CLAWBACK_ALLOWED"): Clawback.ALLOWED,
        ("Terms", "CLAWBACK_INHERITED"): Clawback.INHERITED,
        ("DealIntake", "REVEAL_SECONDS"): REVEAL_SECONDS,
        ("DealIntake", "MAX_UNREVEALED"): MAX_UNREVEALED,
        ("RevenueBooks", "MOST_INVOICES"): MAX_BATCH,
        ("PaymentRecord", "DISPUTE_OVER"): RecordStatus.DISPUTE_OVER,
    }
    assert {named: contracts.constant(*named) for named in known} == known


def test_a_field_is_read_from_its_word_and_put_there() -> None:
    ahead = contracts.field("Settled", "ahead")
    assert ahead.of(ahead.put(2**112 - 1) | contracts.field("Settled", "upTo").put(7)) == 2**112 - 1
    for named in (("Settled", "behind"), ("Nothing", "ahead")):
        with pytest.raises(LookupError, match=r"there is no \w+\.\w+ in the contracts"):
            contracts.field(*named)
