"""Ponder from npm, with an equivalent schema and handlers: bench/ponder."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import httpx

from bench.mirror.meter import Taken, measure
from ledger.chain.anvil import Anvil
from ledger.checkout import ROOT

FOLDER = ROOT / "bench" / "ponder"


def run(chain: Anvil, contracts: Path, database_url: str, folder: Path, *, urls: int, name: str) -> Taken:
    """Until Ponder says that it has caught up. ``urls``: how often the node's URL is listed; its throttle is
    per URL.
    """
    port = _free_port()
    env = os.environ | {
        "DATABASE_URL": database_url,
        "BENCH_DEPLOYMENT": str(contracts),
        "BENCH_RPC_URLS": ",".join([chain.rpc_url] * urls),
        "PONDER_TELEMETRY_DISABLED": "1",
    }
    program = FOLDER / "node_modules" / "ponder" / "dist" / "esm" / "bin" / "ponder.js"
    return measure(
        ["node", str(program), "start", "--schema", name, "--port", str(port), "--hostname", "127.0.0.1"],
        cwd=FOLDER,
        env=env,
        log=folder / f"{name}.log",
        done=_at_head(f"http://127.0.0.1:{port}/status", int(chain.node.rpc("eth_blockNumber"), 16)),
    )


def _at_head(url: str, head: int) -> Callable[[], bool]:
    """Whether Ponder's own status names the chain's newest block: it says "ready" some blocks earlier."""

    def ask() -> bool:
        try:
            answer = httpx.get(url, timeout=5)
            chains = answer.json().values() if answer.status_code == 200 else []
        except (httpx.HTTPError, ValueError):
            return False
        return any(each["block"]["number"] >= head for each in chains)

    return ask


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
