"""`pledger prove` and `pledger verify`, run as an operator and an auditor run them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ledger_world import World

from ledger.chain.deployment import save
from ledger.indexer.run import indexing
from ledger.store.database import Database

PLEDGER = Path(sys.executable).with_name("pledger")


@pytest.fixture
def home(world: World, database: Database, tmp_path: Path) -> Path:
    """A working folder of an operator whose mirror has caught up."""
    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    agreement = world.agreement([vendor, agency], {vendor: 3, agency: 1})
    world.pay(vendor, agreement, 1_001)
    world.claim(agency, agreement)
    save(world.deployment, tmp_path / "deployments" / "31337.json")
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    return tmp_path


def _run(home: Path, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PLEDGER_")}
    return subprocess.run(
        [PLEDGER, *arguments], cwd=home, env=clean | env, capture_output=True, text=True, timeout=120
    )


def test_an_auditor_verifies_a_payout_from_the_file_and_a_block_hash(
    home: Path, world: World, new_database_url: str
) -> None:
    operator = {"PLEDGER_RPC_URL": world.chain.rpc_url, "PLEDGER_DATABASE_URL": new_database_url}
    made = _run(home, "prove", "payout", "--entry", "2", "-o", "bundle.zip", **operator)
    assert made.returncode == 0, made.stderr
    block_hash = world.node.rpc("eth_getBlockByNumber", ["latest", False])["hash"]
    assert made.stdout.splitlines()[-1] == f"pledger verify bundle.zip --block-hash {block_hash}"

    auditor = {
        "PLEDGER_RPC_URL": "http://127.0.0.1:1",
        "PLEDGER_DATABASE_URL": "postgresql://127.0.0.1:1/none",
    }
    seen = _run(home, "verify", "bundle.zip", "--block-hash", block_hash, **auditor)
    assert seen.returncode == 0, seen.stderr
    assert seen.stdout.splitlines()[-1] == "verdict: proved"
    assert any(line.startswith("payout") and " 250 to 0x" in line for line in seen.stdout.splitlines())

    archive = bytearray((home / "bundle.zip").read_bytes())
    archive[archive.index(b"header.rlp") + 100] ^= 4
    (home / "bundle.zip").write_bytes(archive)
    seen = _run(home, "verify", "bundle.zip", "--block-hash", block_hash, **auditor)
    assert seen.returncode == 1
    assert seen.stderr.startswith("error: The bundle's archive: ")


def test_what_cannot_be_proved_is_said_in_a_line(home: Path, world: World, new_database_url: str) -> None:
    operator = {"PLEDGER_RPC_URL": world.chain.rpc_url, "PLEDGER_DATABASE_URL": new_database_url}
    made = _run(home, "prove", "payout", "--entry", "1", "-o", "bundle.zip", **operator)
    assert (made.returncode, made.stdout) == (1, "")
    assert made.stderr.startswith("error: Entry 1 of the revenue ledger is no payout.")
    assert not (home / "bundle.zip").exists()
    seen = _run(home, "verify", "bundle.zip", "--block-hash", "0x" + "00" * 32)
    assert (seen.returncode, seen.stderr.splitlines()[0]) == (
        1,
        "error: bundle.zip cannot be read: No such file or directory.",
    )
