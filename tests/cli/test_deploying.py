"""`pledger deploy` and `pledger node`, run as a person runs them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from eth_account.signers.local import LocalAccount
from eth_utils.conversions import to_hex

from ledger.chain import anvil as local_chain
from ledger.chain import deployment, keys
from ledger.chain.anvil import Anvil
from ledger.chain.node import connect
from ledger.cli.main import main

PLEDGER = Path(sys.executable).with_name("pledger")


class Done(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def pledger(
    tmp_path: Path, chain: Anvil, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs a command in an empty folder, with the test's chain in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("PLEDGER_")]:
        monkeypatch.delenv(name)

    def run(*arguments: str, **environment: str) -> Done:
        with monkeypatch.context() as patched:
            patched.setattr(sys, "argv", ["pledger", *arguments])
            for name, value in ({"PLEDGER_RPC_URL": chain.rpc_url} | environment).items():
                patched.setenv(name, value)
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return run


def refused(done: Done) -> str:
    """The one line of error; nothing else was printed there but a hint."""
    assert done.exit_code != 0
    first, *hint = done.stderr.splitlines()
    assert first.startswith("error: ")
    assert len(hint) <= 1
    return first


def test_deploy_on_a_local_chain_writes_a_file_that_is_found(
    pledger: Run, tmp_path: Path, chain: Anvil
) -> None:
    done = pledger("deploy")
    assert done.exit_code == 0, done.stderr
    path = tmp_path / "deployments" / "31337.json"
    deployed = deployment.load(path)
    deployment.check(deployed, chain.node, str(path))
    assert "tUSD" in deployed.tokens
    assert all(address in done.stdout for address in deployed.contracts.values())

    assert "already describes a deployment" in refused(pledger("deploy"))
    assert deployment.load(path) == deployed
    assert pledger("deploy", "--force").exit_code == 0
    assert deployment.load(path).contracts != deployed.contracts


@pytest.fixture
def keystore(tmp_path: Path, wallets: list[LocalAccount]) -> Path:
    keys.to_keystore(wallets[4], "secret", tmp_path / "key.json")
    return tmp_path / "key.json"


def test_deploy_with_a_keystore_and_roles(
    pledger: Run, tmp_path: Path, keystore: Path, wallets: list[LocalAccount]
) -> None:
    admin = wallets[5].address
    options = (
        "deploy",
        "--keystore",
        "key.json",
        "--admin",
        admin,
        "--admin-delay",
        "3600",
        "--out",
        "here.json",
    )
    assert "needs its password" in refused(pledger(*options))
    assert "is wrong" in refused(pledger(*options, PLEDGER_KEYSTORE_PASSWORD="guess"))
    assert "--admin is '0x12', not an address" in refused(
        pledger("deploy", "--keystore", "key.json", "--admin", "0x12", PLEDGER_KEYSTORE_PASSWORD="secret")
    )
    done = pledger(*options, PLEDGER_KEYSTORE_PASSWORD="secret")
    assert done.exit_code == 0, done.stderr
    assert json.loads((tmp_path / "here.json").read_text())["chain_id"] == 31337


def test_nothing_is_written_when_deploying_fails(
    pledger: Run, tmp_path: Path, chain: Anvil, wallets: list[LocalAccount]
) -> None:
    (tmp_path / "file").touch()
    assert "file/x.json cannot be written" in refused(pledger("deploy", "--out", "file/x.json"))
    assert "is chain 31337, but chain 1 is expected" in refused(pledger("deploy", "--chain-id", "1"))
    assert "No node answers" in refused(pledger("deploy", PLEDGER_RPC_URL="http://127.0.0.1:1"))
    chain.set_balance(wallets[9].address, 6 * 10**15)
    key = {"PLEDGER_PRIVATE_KEY": to_hex(wallets[9].key)}
    line = refused(pledger("deploy", **key))
    assert "Nothing was deployed" in line
    assert "cannot pay the gas" in line
    assert not (tmp_path / "deployments").exists()


def test_on_another_chain_powers_must_be_considered_and_a_key_be_given(pledger: Run, tmp_path: Path) -> None:
    roles = ("admin", "verifier", "guardian", "operator", "recovery")
    delays = [part for role in roles if role != "guardian" for part in (f"--{role}-delay", "3600")]
    holders = [
        part for index, role in enumerate(roles) for part in (f"--{role}", local_chain.wallet(index).address)
    ]
    with local_chain.start(options=["--chain-id", "4242"]) as other:
        node = {"PLEDGER_RPC_URL": other.rpc_url}
        key = node | {"PLEDGER_PRIVATE_KEY": to_hex(local_chain.wallet(1).key)}
        line = refused(pledger("deploy", **key))
        assert all(f"no --{role}," in line for role in roles)
        assert line.endswith(
            "no --admin-delay, no --verifier-delay, no --operator-delay, no --recovery-delay."
        )
        assert "got no --recovery-delay." in refused(pledger("deploy", *holders, *delays[:-1], "0", **key))
        one = ("--guardian", local_chain.wallet(3).address)
        assert "--guardian and --operator are the same address" in refused(
            pledger("deploy", *holders, *one, *delays, **key)
        )
        assert not (tmp_path / "deployments").exists()
        assert "no key to sign with" in refused(pledger("deploy", *holders, *delays, **node))
        done = pledger("deploy", *holders, *delays, **key)
        assert done.exit_code == 0, done.stderr
        assert deployment.load(tmp_path / "deployments" / "4242.json").tokens == {}
        expected = [*holders, *delays]
        assert pledger("deployment", "verify", *expected, **node).exit_code == 0
        wrong = pledger("deployment", "verify", *expected[:-1], "60", **node)
        assert (wrong.exit_code, "waits 3,600 seconds, expected 60" in wrong.stdout) == (1, True)


def test_node_says_that_a_port_is_in_use(pledger: Run, chain: Anvil) -> None:
    assert f"Port {chain.port} is in use" in refused(pledger("node", "--port", str(chain.port)))


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_node_takes_its_chain_along_when_it_is_stopped(free_port: int, ending: signal.Signals) -> None:
    command = [str(PLEDGER), "node", "--port", str(free_port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert f"http://127.0.0.1:{free_port}" in running.stdout.readline()
        assert connect(f"http://127.0.0.1:{free_port}").chain_id == 31337
        running.send_signal(ending)
        assert running.wait(timeout=120) == (-ending if ending == signal.SIGKILL else 0)
    deadline = time.monotonic() + 120
    while not local_chain.is_free(free_port) and time.monotonic() < deadline:
        time.sleep(0.05)  # ended by another process, when this one was killed
    assert local_chain.is_free(free_port)
