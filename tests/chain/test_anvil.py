"""The local chain starts, moves its clock, goes back, and stops."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ledger_world import World

from ledger.chain import anvil
from ledger.chain.anvil import AnvilFailed
from ledger.chain.node import NodeUnreachable


def test_it_stops_when_the_block_is_left() -> None:
    with anvil.start(options=["--chain-id", "4242"]) as chain:
        assert chain.node.chain_id == 4242
        assert int(chain.node.rpc("eth_getBalance", [anvil.wallet(0).address, "latest"]), 16) > 0
    assert chain.process.poll() is not None
    with pytest.raises(NodeUnreachable):
        chain.node.rpc("eth_chainId")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def test_a_long_chain_leaves_no_states_behind(tmp_path: Path, ending: signal.Signals) -> None:
    """Old states are on disk: not in the user's home, and gone with who started the chain."""
    program = (
        "import os, signal, sys\n"
        "from ledger.chain import anvil\n"
        "with anvil.start() as chain:\n"
        "    chain.node.rpc('anvil_mine', ['0x400'])\n"
        "    print(chain.node.url, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env=os.environ | {"HOME": str(home), "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdin is not None
        assert starter.stdout is not None
        assert starter.stdout.readline().startswith("http")
        (states,) = tmp_path.glob("pledger-anvil-*")
        assert any(states.rglob("*")), "the chain is long enough"
        if ending == signal.SIGKILL:
            starter.kill()
    deadline = time.monotonic() + 30
    while states.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not states.exists()
    assert not any(home.rglob("*anvil*"))


def test_a_port_in_use_is_a_clear_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AnvilFailed, match=f"Port {port} is in use"), anvil.start(port):
            pass


def test_what_anvil_says_when_it_does_not_start_is_passed_on() -> None:
    with pytest.raises(AnvilFailed, match="no-such-option"), anvil.start(options=["--no-such-option"]):
        pass


def test_time_and_state_go_forward_and_back(world: World) -> None:
    chain = world.chain
    before, block = chain.node.timestamp(), chain.node.w3.eth.block_number
    snapshot = chain.snapshot()
    world.partner("Partner")
    assert (
        chain.increase_time(1_000) == chain.node.timestamp() == chain.set_time(chain.node.timestamp() + 5) - 5
    )
    chain.mine(3)
    chain.revert(snapshot)
    assert (chain.node.timestamp(), chain.node.w3.eth.block_number) == (before, block)
    with pytest.raises(AnvilFailed, match="has no snapshot"):
        chain.revert(snapshot)
    world.partner("Again")
    assert chain.node.timestamp() - before < 60


def test_a_reorg_replaces_the_newest_blocks(world: World) -> None:
    world.partner("Kept")
    kept = world.node.w3.eth.get_block("latest")
    partner = world.partner("Lost")
    lost = world.node.w3.eth.get_block("latest")
    world.chain.reorg(1)
    replaced = world.node.w3.eth.get_block(lost["number"])
    assert replaced["hash"] != lost["hash"]
    assert replaced["parentHash"] == kept["hash"]
    assert not world.partners.functions.isRegistered(partner.account).call()
