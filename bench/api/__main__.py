"""Measures the API over many entries beside a bare route, and writes bench/api.json.

make bench-api [ROWS=1000000]. Each route has its turn right before the bare one with the same bytes, five
times; the medians of the ratios are what counts. Nothing is kept between answers, no node answers.
"""

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from sqlalchemy import text

from bench.api.load import Load, load
from bench.api.servers import serving
from bench.scale import seed
from bench.scale.databases import Admin, drop, fill, new, opened, set_up
from ledger.checkout import ROOT
from ledger.store.database import Database

CONNECTIONS, MANY = 16, 200
TURNS, SECONDS = 5, 1.5
FAMILIES = {"narrow": 50, "wide": 1}
"""Copies of the business that are the same partners': at a million entries some 275 partners, or 13,000."""
_MOST = "SELECT {column} FROM chain.{table} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"


def main() -> None:
    """Prints what is measured as it is there."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--only", choices=list(FAMILIES))
    asked = parser.parse_args()
    result: dict[str, Any] = {"connections": CONNECTIONS, "turns": asked.turns}
    with opened(seed.settings()) as server, set_up(server) as admin:
        for name, family in FAMILIES.items():
            if asked.only in (None, name):
                with _filled(admin, server, asked.rows, family) as database:
                    result[name] = _measure(database, asked.turns)
    result["machine"] = f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f}"
    (ROOT / "bench" / "api.json").write_text(json.dumps(result, indent=1) + "\n")


@contextmanager
def _filled(admin: Admin, server: Database, rows: int, family: int) -> Iterator[Database]:
    new(admin, server, "api")
    try:
        with opened(server.url.set(database="api").render_as_string(hide_password=False)) as database:
            fill(database, rows, family)
            with database.engine.begin() as connection:  # or all of them have run out, and every score is 0
                connection.execute(text("UPDATE chain.attestation SET expires_at = expires_at + 200000000"))
            yield database
    finally:
        drop(admin, "api")


def _measure(database: Database, turns: int) -> dict[str, Any]:
    paths = _paths(database)
    folder = Path(tempfile.mkdtemp(prefix="bench-api-"))
    environment = {
        "PLEDGER_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "PLEDGER_RPC_URL": "http://127.0.0.1:9",
        "PLEDGER_FINALITY": "immediate",
        "PLEDGER_HOME": str(folder),
    }
    with database.engine.connect() as connection:
        found: dict[str, Any] = {
            each: connection.scalar(text(f"SELECT count(*) FROM chain.{each}"))
            for each in ("entry", "partner", "deal", "payment")
        }
    database.engine.dispose()
    try:
        with serving("api.app:create_app", environment, "--factory") as ours:
            bodies = [_body(ours, path) for path in paths.values()]
            (folder / "bodies.json").write_text(json.dumps(bodies))
            with serving("bench.api.bare:app", {"BARE": str(folder / "bodies.json")}) as bare:
                found["answers"] = {
                    name: _beside(ours, path, bare, number, turns)
                    for number, (name, path) in enumerate(paths.items())
                }
            found["at_200_connections"] = {name: _many(ours, path) for name, path in paths.items()}
    finally:
        shutil.rmtree(folder)
    return found


def _paths(database: Database) -> dict[str, str]:
    """About the busiest parties there are."""
    with database.engine.connect() as connection:

        def most(column: str, table: str) -> str:
            return "0x" + bytes(connection.scalar(text(_MOST.format(column=column, table=table)))).hex()

        agreement, payee = most("agreement", "payment"), most("account", "agreement_payee")
        partner = most("account", "deal")
    return {
        "partners": "/v1/partners",
        "deals": "/v1/deals",
        "entries": "/v1/entries",
        "entries about": f"/v1/entries?about={agreement}",
        "payouts": f"/v1/partners/{payee}/payouts",
        "balances": f"/v1/partners/{payee}/balances",
        "score": f"/v1/partners/{partner}/reputation",
        "page of partners": "/partners",
        "page of deals": "/deals",
        "page of payouts": "/payouts",
    }


def _body(port: int, path: str) -> str:
    answer = httpx.get(f"http://127.0.0.1:{port}{path}", timeout=60)
    if answer.status_code != 200:
        raise SystemExit(f"{path} was answered with {answer.status_code}: {answer.text[:300]}")
    return answer.text


def _beside(ours: int, path: str, bare: int, number: int, turns: int) -> dict[str, float]:
    """Medians of so many turns; ``rate_to_bare`` is the median of the turns' ratios."""
    pairs: list[tuple[Load, Load]] = []
    load(ours, path, CONNECTIONS, SECONDS / 3)  # statements are prepared
    for _ in range(turns):
        pairs.append((load(ours, path, CONNECTIONS, SECONDS), load(bare, f"/{number}", CONNECTIONS, SECONDS)))
    measured = {
        "rate": median(each.rate for each, _ in pairs),
        "p50_ms": median(each.percentile(0.5) for each, _ in pairs),
        "p99_ms": median(each.percentile(0.99) for each, _ in pairs),
        "bare_rate": median(each.rate for _, each in pairs),
        "rate_to_bare": median(one.rate / other.rate for one, other in pairs),
        "p99_to_bare": median(one.percentile(0.99) / other.percentile(0.99) for one, other in pairs),
        "failed": sum(len(one.failed) for one, _ in pairs),
    }
    print(f"{path[:60]:60} {measured['rate']:8.0f}/s  {measured['rate_to_bare']:.3f} of bare", flush=True)
    return {name: round(value, 3) for name, value in measured.items()}


def _many(port: int, path: str) -> dict[str, Any]:
    found = load(port, path, MANY, SECONDS)
    return {"answered": len(found.took), "failed": sorted(set(found.failed))}


if __name__ == "__main__":
    main()
