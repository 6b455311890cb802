"""Ours: `pledger index --once`, from the start of the process to its end."""

import os
import sys
from pathlib import Path

from bench.mirror.meter import Taken, measure
from ledger.chain.anvil import Anvil

PLEDGER = Path(sys.executable).with_name("pledger")


def run(chain: Anvil, deployment: Path, database_url: str, folder: Path) -> Taken:
    """Journal checks, projections and indexes included; the tables are made in that time too."""
    return measure(
        [str(PLEDGER), "index", "--once"],
        cwd=folder,
        env=environment(chain, deployment, database_url),
        log=folder / "ours.log",
    )


def environment(chain: Anvil, deployment: Path, database_url: str) -> dict[str, str]:
    """What the command line goes by."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PLEDGER_")}
    return clean | {
        "PLEDGER_RPC_URL": chain.rpc_url,
        "PLEDGER_DEPLOYMENT": str(deployment),
        "PLEDGER_DATABASE_URL": database_url,
    }
