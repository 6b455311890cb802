"""`pledger prove` and `pledger verify`, run as an operator and an auditor run them."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from ledger_world import World
from pledger_main import runner

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


def _run(
    home: Path, *arguments: str, env: Mapping[str, str] = {}, apart: bool = False
) -> "subprocess.CompletedProcess[str]":
    """``apart``: on a machine without any network, where the system lets tests make one."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PLEDGER_")}
    command = [*(_no_network() if apart else ()), PLEDGER, *arguments]
    return subprocess.run(
        command, cwd=home, env=clean | dict(env), capture_output=True, text=True, timeout=120
    )


def _no_network() -> list[str]:
    """What runs a command in a network of its own that leads nowhere; nothing where that is not allowed."""
    without = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") and subprocess.run([*without, "true"], capture_output=True).returncode == 0:
        return without
    return []


def test_an_auditor_verifies_a_payout_from_the_file_and_a_block_hash(
    home: Path, world: World, new_database_url: str
) -> None:
    operator = {"PLEDGER_RPC_URL": world.chain.rpc_url, "PLEDGER_DATABASE_URL": new_database_url}
    made = _run(home, "prove", "payout", "--entry", "2", "-o", "bundle.zip", env=operator)
    assert made.returncode == 0, made.stderr
    block_hash = world.node.rpc("eth_getBlockByNumber", ["latest", False])["hash"]
    assert made.stdout.splitlines()[-1] == f"pledger verify bundle.zip --block-hash {block_hash}"
    assert " calls itself tUSD, with 6 decimals" in made.stdout

    auditor = {
        "PLEDGER_RPC_URL": "http://127.0.0.1:1",
        "PLEDGER_DATABASE_URL": "postgresql://127.0.0.1:1/none",
    }
    seen = _run(home, "verify", "bundle.zip", "--block-hash", block_hash, apart=True, env=auditor)
    assert seen.returncode == 0, seen.stderr
    assert seen.stdout.splitlines()[-1] == "verdict: proved"
    assert any(line.startswith("payout") and " 250 to 0x" in line for line in seen.stdout.splitlines())

    archive = bytearray((home / "bundle.zip").read_bytes())
    archive[archive.index(b"header.rlp") + 100] ^= 4
    (home / "bundle.zip").write_bytes(archive)
    seen = _run(home, "verify", "bundle.zip", "--block-hash", block_hash, env=auditor)
    assert seen.returncode == 1
    assert seen.stderr.startswith("error: The bundle's archive: ")


def test_what_cannot_be_proved_is_said_in_a_line(home: Path, world: World, new_database_url: str) -> None:
    operator = {"PLEDGER_RPC_URL": world.chain.rpc_url, "PLEDGER_DATABASE_URL": new_database_url}
    made = _run(home, "prove", "payout", "--entry", "1", "-o", "bundle.zip", env=operator)
    assert (made.returncode, made.stdout) == (1, "")
    assert made.stderr.startswith("error: Entry 1 of the revenue ledger is not a payout.")
    assert not (home / "bundle.zip").exists()
    seen = _run(home, "verify", "bundle.zip", "--block-hash", "0x" + "00" * 32)
    assert (seen.returncode, seen.stderr.splitlines()[0]) == (
        1,
        "error: bundle.zip cannot be read: No such file or directory.",
    )


def test_a_statement_of_a_period_needs_two_hashes_or_its_headers(
    home: Path,
    world: World,
    new_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pledger = runner(
        monkeypatch,
        capsys,
        home,
        PLEDGER_RPC_URL=world.chain.rpc_url,
        PLEDGER_DATABASE_URL=new_database_url,
    )
    last = world.node.w3.eth.block_number
    (activated,) = world.agreements.events.AgreementActivated.get_logs(from_block=0)
    (claimed,) = world.ledger.events.Claimed.get_logs(from_block=0)
    of: tuple[str, ...] = (
        "--agreement",
        "0x" + activated["args"]["agreement"].hex(),
        "--token",
        world.token.address,
    )
    of += ("--account", claimed["args"]["account"], "--from-block", str(last - 1), "--to-block", str(last))
    made = pledger("prove", "statement", *of, "-o", "period.zip")
    assert made.code == 0, made.err
    closing, opening = (
        world.node.rpc("eth_getBlockByNumber", [hex(number), False])["hash"] for number in (last, last - 1)
    )
    command = made.out.splitlines()[-1]
    assert command == f"pledger verify period.zip --block-hash {closing} --opening-hash {opening}"
    seen = _run(home, *command.split()[1:], apart=True)
    assert seen.returncode == 0, seen.stderr
    lines = seen.stdout.splitlines()
    assert "  claimable        250 -> 0" in lines and lines[-1] == "verdict: proved"
    alone = pledger("verify", "period.zip", "--block-hash", closing)
    assert (alone.code, "--opening-hash" in alone.err) == (1, True)
    unknown = pledger("prove", "statement", *of[:3], "tEUR", *of[4:], "-o", "linked.zip")
    assert "'tEUR' is not a token that the deployment's file names.\n  It names tUSD." in unknown.err
    in_words = (*of[:3], "TUSD", "--account", "agency", *of[6:])
    assert pledger("prove", "statement", *in_words, "--headers", "-o", "linked.zip").code == 0
    assert "verdict: proved" in pledger("verify", "linked.zip", "--block-hash", closing).out


def test_control_of_a_wallet_is_shown_to_whoever_asked(
    home: Path, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    agency = world.partner("Agent")
    key = "0x" + bytes(agency.key.key).hex()
    pledger = runner(monkeypatch, capsys, home, PLEDGER_RPC_URL=world.chain.rpc_url)
    asked = ("--account", agency.account, "--challenge", "from the auditor, 7f3a")
    made = pledger("prove", "wallet", *asked, "-o", "wallet.zip", PLEDGER_PRIVATE_KEY=key)
    assert made.code == 0, made.err
    command = shlex.split(made.out.splitlines()[-1])[1:]
    monkeypatch.setenv("PLEDGER_RPC_URL", "http://127.0.0.1:1")
    seen = pledger(*command)
    assert (seen.code, seen.out.splitlines()[-1]) == (0, "verdict: proved")
    assert f"wallet             {agency.account}, which signed the challenge" in seen.out
    assert "Give the text that you made up" in pledger(*command[:-2]).err
    assert pledger(*command[:-1], "another").err.startswith("error: Challenge: the answer is to 'from the")
