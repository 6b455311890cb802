"""The package as it is released: built, installed elsewhere, run without a checkout, Node or a compiler."""

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
from ledger_world import World

from ledger import checkout
from ledger.artifacts import contracts, sources
from ledger.chain.deployment import save
from ledger.checkout import ROOT
from ledger.cli.demo import demo_command
from ledger.errors import LedgerError


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that pip builds from what `make sdist` does."""
    contracts.compile_all()
    folder = tmp_path_factory.mktemp("dist")
    _run([sys.executable, "setup.py", "--quiet", "sdist", "--dist-dir", folder])
    [source] = folder.glob("*.tar.gz")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel"]
    _run([*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source])
    [built] = folder.glob("*.whl")
    return built


def _run(command: Sequence[str | Path]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment in which there is only the wheel."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--python",
        str(folder / "bin" / "python"),
    ]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", wheel], check=True)
    return folder


def test_the_wheel_carries_what_the_checkout_has(wheel: Path) -> None:
    """No more, either: `build/lib` of an earlier build is not packed again."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        artifacts = archive.read("ledger/artifacts/contracts.json")
        layouts = archive.read("ledger/artifacts/layouts.json")
    assert artifacts == sources.kept().read_bytes()
    assert layouts == sources.kept_layouts().read_bytes()
    assert "ledger/store/migrations/env.py" in packed
    in_checkout = {
        path.relative_to(ROOT).as_posix()
        for folder in ("ledger", "api")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    of_its_own = {"ledger/artifacts/contracts.json", "ledger/artifacts/layouts.json"}
    migrations = {name for name in packed if name.startswith("ledger/store/migrations/")}
    assert {name.removeprefix("ledger/store/") for name in migrations} == {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "migrations").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed - of_its_own - migrations == in_checkout


def test_it_indexes_audits_proves_verifies_and_serves_from_a_folder_of_its_own(
    installed: Path, world: World, home: Path, free_port: int
) -> None:
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], {vendor: 3, agency: 1})
    world.pay(vendor, agreement, 1_001)
    world.claim(agency, agreement)
    save(world.deployment, home / "deployments" / "31337.json")
    nothing = home / "no programs"
    nothing.mkdir()
    environment = {
        "PATH": str(nothing),
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if Path(path).name == "site-packages"),
        "PLEDGER_RPC_URL": world.chain.rpc_url,
        "PLEDGER_FINALITY": "immediate",
    }

    def run(*command: str | Path) -> str:
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    pledger = installed / "bin" / "pledger"
    where = run(installed / "bin" / "python", "-c", "import ledger; print(ledger.__file__)")
    assert Path(where.strip()).is_relative_to(installed)
    run(pledger, "index")
    assert "verdict" in run(pledger, "audit")
    run(pledger, "prove", "payout", "--entry", "2", "-o", "bundle.zip")
    block_hash = world.node.rpc("eth_getBlockByNumber", ["latest", False])["hash"]
    assert run(pledger, "verify", "bundle.zip", "--block-hash", block_hash).endswith("verdict: proved\n")
    with (home / "log").open("wb") as log:
        serving = subprocess.Popen(
            [pledger, "serve", "--port", str(free_port)], cwd=home, env=environment, stdout=log, stderr=log
        )
    try:
        for path in (
            "/",
            "/docs",
            f"/agreements/0x{agreement.id.hex()}",
            "/static/portal.css",
            "/v1/entries",
        ):
            assert _answer(serving, f"http://127.0.0.1:{free_port}{path}", home / "log") == 200, path
    finally:
        serving.terminate()
        serving.wait(timeout=60)


def test_what_needs_a_checkout_or_lost_its_data_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(checkout, "is_one", lambda: False)
    with pytest.raises(LedgerError, match="git clone"):
        demo_command()
    monkeypatch.setattr(contracts, "SHIPPED", tmp_path / "contracts.json")
    with pytest.raises(LedgerError, match=r"artifacts cannot be read: .* Install the package again"):
        contracts._artifacts.__wrapped__()


def _answer(serving: "subprocess.Popen[bytes]", url: str, log: Path) -> int:
    """The answer's status, once somebody listens."""
    while True:
        assert serving.poll() is None, log.read_text()
        try:
            return httpx.get(url, trust_env=False, timeout=60).status_code
        except httpx.ConnectError:
            time.sleep(0.1)
