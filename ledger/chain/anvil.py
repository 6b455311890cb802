"""A local chain: anvil, as npm or Foundry installed it. Its accounts are public, and worth nothing."""

import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount

from ledger.chain.node import Node, connect
from ledger.checkout import ROOT
from ledger.errors import LedgerError

CHAIN_ID = 31337
HOST = "127.0.0.1"
MNEMONIC = "test test test test test test test test test test test junk"
_START_SECONDS = 30


class AnvilFailed(LedgerError):
    """anvil is not installed, or did not start."""


class Anvil:
    """A running anvil. Times are unix seconds of its own clock, which can be moved forward only."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process = process
        self.port = port
        self.rpc_url = f"http://{HOST}:{port}"
        self.node: Node = connect(self.rpc_url)

    def mine(self, blocks: int = 1) -> None:
        """Mines empty blocks, a second apart."""
        self.node.rpc("anvil_mine", [hex(blocks)])

    def increase_time(self, seconds: int) -> int:
        """Moves the clock on by so many seconds and mines a block there. Returns its timestamp."""
        return self.set_time(self.node.timestamp() + seconds)

    def set_time(self, timestamp: int) -> int:
        """Moves the clock to a later time and mines a block there. Returns its timestamp."""
        self.set_next_time(timestamp)
        self.mine()
        return timestamp

    def set_next_time(self, timestamp: int) -> None:
        """The next block will carry exactly this timestamp."""
        self.node.rpc("evm_setNextBlockTimestamp", [timestamp])

    def snapshot(self) -> str:
        """Remembers the whole state; :meth:`revert` goes back to it, once."""
        return str(self.node.rpc("evm_snapshot"))

    def revert(self, snapshot: str) -> None:
        """Goes back to a snapshot and uses it up. Raises AnvilFailed when there is no such snapshot."""
        if self.node.rpc("evm_revert", [snapshot]) is not True:
            raise AnvilFailed(f"anvil has no snapshot {snapshot}.")

    def reorg(self, depth: int, transactions: Sequence[tuple[str | dict[str, Any], int]] = ()) -> None:
        """Replaces the newest ``depth`` blocks; ``transactions`` are pairs of one and its block offset."""
        self.node.rpc("anvil_reorg", [depth, [list(pair) for pair in transactions]])

    def set_balance(self, address: str, wei: int) -> None:
        """Gives an account so much gas money."""
        self.node.rpc("anvil_setBalance", [address, hex(wei)])


@contextmanager
def start(port: int = 0, *, options: Sequence[str] = (), longest: float = _START_SECONDS) -> Iterator[Anvil]:
    """Runs anvil on a port of this machine (0: any free one) until the block is left.

    ``options`` are anvil's own, as ``["--block-time", "2"]``; a large state to load may want ``longest``, the
    seconds in which it must have started. Raises AnvilFailed, also when the port is in use.
    """
    if port and not is_free(port):
        raise AnvilFailed(
            f"Port {port} is in use.", "Stop what listens there (often another anvil), or take another."
        )
    # Gigabytes with a long chain, which anvil would leave in the user's home when it is killed.
    with tempfile.TemporaryDirectory(prefix="pledger-anvil-", ignore_cleanup_errors=True) as states:
        process = subprocess.Popen(
            [str(find()), "--host", HOST, "--port", str(port), "--cache-path", states, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        watcher = _end_with_this_process(process.pid, states)
        try:
            yield Anvil(process, _listening_port(process, longest))
        finally:
            watcher.kill()
            watcher.communicate()
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _end_with_this_process(pid: int, states: str) -> "subprocess.Popen[bytes]":
    """A small process that ends another when this one is gone, also by SIGKILL, and clears its folder away:
    then nobody else would.

    Its input ends with this process; nothing is ever written to it.
    """
    wait = (
        "import os, shutil, sys, time\n"
        "os.read(0, 1)\n"
        "os.kill(int(sys.argv[1]), 15)\n"
        "for _ in range(100):\n"
        "    try: os.kill(int(sys.argv[1]), 0)\n"
        "    except OSError: break\n"
        "    time.sleep(0.1)\n"
        "shutil.rmtree(sys.argv[2], ignore_errors=True)\n"
    )
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", wait, str(pid), states],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # else a terminal's Ctrl-C would end it first
    )


def find() -> Path:
    """anvil's program: npm's, else the one in the PATH. Raises AnvilFailed."""
    # The platform's own binary rather than npm's script: killing the script would leave the binary running.
    system = {"Linux": "linux", "Darwin": "darwin", "Windows": "win32"}.get(platform.system(), "")
    machine = "arm64" if platform.machine() in ("arm64", "aarch64") else "amd64"
    installed = ROOT / "node_modules" / "@foundry-rs" / f"anvil-{system}-{machine}" / "bin" / "anvil"
    if installed.exists():
        return installed
    on_path = shutil.which("anvil")
    if on_path is None:
        raise AnvilFailed("anvil is not installed.", "Run `make setup`, which installs it.")
    return Path(on_path)


def is_free(port: int) -> bool:
    """Whether nothing listens on the port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) != 0


@cache
def wallet(index: int) -> LocalAccount:
    """One of the accounts of anvil's public mnemonic; the first ten have gas money from the start."""
    Account.enable_unaudited_hdwallet_features()
    account: LocalAccount = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
    return account


def _listening_port(process: "subprocess.Popen[str]", longest: float) -> int:
    """Waits until anvil listens; its output is read on to the end, so that it never blocks on a full pipe."""
    ready = threading.Event()
    said: list[str] = []
    ports: list[int] = []

    def read() -> None:
        for line in process.stdout or ():
            if not ports:
                said.append(line.strip())
            found = re.match(r"Listening on .*:(\d+)", line)
            if found:
                ports.append(int(found[1]))
                ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    ready.wait(longest)
    if not ports:
        complaint = [line for line in said if "error" in line.lower()] or said[-1:] or ["it said nothing"]
        raise AnvilFailed(f"anvil did not start: {complaint[0]}.")
    return ports[0]
