"""Measures everything in one run and writes bench/mirror.md and bench/mirror.json.

make bench-mirror [EVENTS=500000]
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import psycopg

from bench.mirror import databases, history, live, ours, peer
from bench.mirror.meter import Taken, measure
from bench.mirror.report import Result, Waits, page
from ledger.chain.anvil import Anvil
from ledger.chain.deployment import save
from ledger.checkout import ROOT
from ledger.store.embedded import EmbeddedServer
from ledger.terms.contracts import JOURNALS
from ledger.terms.deployment import Deployment

_CACHE = ROOT / "build" / "bench"
_PONDER = {"ponder, one URL": 1, "ponder, the URL 25 times": 25}


def main() -> None:
    """Prints each figure as it is there."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--without-ponder", action="store_true", help="only ours and the raw limit")
    asked = parser.parse_args()
    if asked.events < history.INVOICES_A_BLOCK:
        parser.error(f"a block has {history.INVOICES_A_BLOCK} invoices: ask for as many events at least")
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory(prefix="pledger-bench-") as home,
        history.running(_CACHE, asked.events) as (chain, deployment),
        databases.server(Path(home)) as server,
    ):
        folder = Path(home)
        result = _measure(chain, deployment, server, folder, load, ponder=not asked.without_ponder)
        if not asked.without_ponder:
            _write(result)  # what took long is not lost if the rest fails
        result = replace(result, live=_live(chain, deployment, server, folder))
    print(page(result))
    if not asked.without_ponder:
        _write(result)


def _write(result: Result) -> None:
    (ROOT / "bench" / "mirror.md").write_text(page(result))
    (ROOT / "bench" / "mirror.json").write_text(json.dumps(result.to_json(), indent=2) + "\n")


def _measure(
    chain: Anvil, deployment: Deployment, server: EmbeddedServer, folder: Path, load: float, *, ponder: bool
) -> Result:
    path, contracts = folder / "deployment.json", folder / "contracts.json"
    save(deployment, path)
    history.describe(deployment, contracts)
    last = int(chain.node.rpc("eth_blockNumber"), 16)
    events = _events(chain, deployment)
    taken: dict[str, Taken] = {}

    def note(name: str, took: Taken) -> None:
        taken[name] = took
        print(f"{name}: {events / took.seconds:,.0f} events/s", flush=True)

    raw_url = databases.new(server, "raw")
    note("raw limit", _raw(chain, deployment, last, raw_url, folder))
    _require_all(raw_url, "line", events, at_most=events + len(JOURNALS))
    ours_url = databases.new(server, "ours")
    note("ours", ours.run(chain, path, ours_url, folder))
    _require_all(ours_url, "chain.entry", events)
    for name, urls in _PONDER.items() if ponder else ():
        schema = f"ponder_{urls}"
        url = databases.new(server, schema)
        note(name, peer.run(chain, contracts, url, folder, urls=urls, name=schema))
        _require_all(url, f"{schema}.entry", events, at_least=events - 10)
    return Result(
        events=events,
        blocks=last + 1,
        taken=taken,
        live={},
        machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        load=load,
    )


def _live(chain: Anvil, deployment: Deployment, server: EmbeddedServer, folder: Path) -> dict[str, Waits]:
    url = databases.existing(server, "ours")
    return {
        name: Waits.of(
            live.run(chain, deployment, folder / "deployment.json", url, folder, by_websocket=by_websocket)
        )
        for name, by_websocket in (("polling every 200 ms", False), ("told by WebSocket", True))
    }


def _raw(chain: Anvil, deployment: Deployment, last: int, url: str, folder: Path) -> Taken:
    contracts = ",".join(deployment.address(name) for name in JOURNALS)
    return measure(
        [sys.executable, "-m", "bench.mirror.raw", chain.rpc_url, contracts, str(last), url],
        cwd=ROOT,
        env=os.environ,
        log=folder / "raw.log",
    )


def _events(chain: Anvil, deployment: Deployment) -> int:
    contracts = (chain.node.contract(deployment, name) for name in JOURNALS)
    return sum(int(contract.functions.journal().call()[0]) for contract in contracts)


def _require_all(
    url: str, table: str, events: int, *, at_least: int | None = None, at_most: int | None = None
) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    found = row[0] if row else 0
    if not (at_least or events) <= found <= (at_most or events):
        raise SystemExit(f"{table} has {found} of {events} entries: what was measured is not the whole work.")


if __name__ == "__main__":
    main()
