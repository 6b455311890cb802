"""Makes a database of so many entries, measures it, and writes docs/scale.md and bench/scale.json.

make bench-scale [ROWS=10000000]
"""

import argparse
import json
import os
import platform
import shutil
import time

from sqlalchemy import Connection, text

from bench.scale import multiply, questions, report, seed, sizes
from bench.scale.databases import RESERVE, Admin, drop, fill, new, opened, set_up
from ledger.checkout import ROOT
from ledger.indexer.rebuild import rebuild
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.digest import digest

_COPIED = 200_000
_REBUILT = 50_000
_BYTES_A_ROW = 1_600
"""Disk to have for each entry: what it takes with all that follows from it."""


def main() -> None:
    """Prints what is measured as it is there; the database goes when it is done, unless it is to be kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--keep", action="store_true", help="leave the database, for a look at it")
    parser.add_argument("--kept", action="store_true", help="measure the database that was left")
    asked = parser.parse_args()
    settings = seed.settings()
    free = shutil.disk_usage(settings.home).free
    if free < asked.rows * _BYTES_A_ROW + RESERVE:
        wanted = asked.rows * _BYTES_A_ROW + RESERVE
        raise SystemExit(f"{asked.rows:,} rows want {wanted >> 30} GiB of disk; {free >> 30} are free.")
    with opened(settings) as server, set_up(server) as admin:
        if not asked.kept:
            new(admin, server, "scale")
        with opened(server.url.set(database="scale").render_as_string(hide_password=False)) as database:
            if not asked.kept:
                fill(database, asked.rows, multiply.FAMILY)
            result = _measure(settings, database)
        if not asked.keep:
            drop(admin, "scale")
        result["rebuild"] = _rebuild(admin, server)
    (ROOT / "bench" / "scale.json").write_text(json.dumps(result, indent=1) + "\n")
    print(report.written(ROOT / "docs" / "scale.md", result))


def _rebuild(admin: Admin, server: Database) -> dict[str, float]:
    """`pledger rebuild`, of copies that have nothing in common: their entries make sense to it."""
    print("rebuild", flush=True)
    new(admin, server, "scale_rebuilt")
    try:
        with opened(
            server.url.set(database="scale_rebuilt").render_as_string(hide_password=False)
        ) as database:
            fill(database, _REBUILT, 1)
            done = rebuild(database)
        return {"entries": done.entries, "seconds": done.seconds}
    finally:
        drop(admin, "scale_rebuilt")


def _measure(settings: Settings, database: Database) -> dict[str, object]:
    with database.engine.connect() as connection:
        about = _about(connection)
        driver = connection.connection.dbapi_connection
        found = sizes.sizes(driver)
        print("copying entries, plain and partitioned", flush=True)
        appended = sizes.append(driver, _COPIED)
        print(f"partitioned by plain: {appended.ratio:.3f}", flush=True)
    answers = []
    for answer in questions.ask_all(settings, database):
        print(f"{answer.milliseconds:8.1f} ms  {answer.name}", flush=True)
        answers.append(answer)
    began = time.perf_counter()
    print("digest", flush=True)
    number = digest(database)
    return about | {
        "sizes": [vars(size) for size in found],
        "copy": vars(appended) | {"ratio": appended.ratio},
        "answers": [vars(each) | {"slowest": [vars(one) for one in each.slowest]} for each in answers],
        "digest": {"seconds": time.perf_counter() - began, "is": number},
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[1]:.1f}",
    }


def _about(connection: Connection) -> dict[str, object]:
    one = connection.scalar
    return {
        "entries": one(text("SELECT count(*) FROM chain.entry")),
        "partitions": one(text("SELECT count(*) FROM pg_inherits WHERE inhparent = 'chain.entry'::regclass")),
        "agreements": one(text("SELECT count(*) FROM chain.agreement")),
        "partners": one(text("SELECT count(*) FROM chain.partner")),
        "blocks": one(text("SELECT max(block_number) FROM chain.entry")),
        "postgresql": one(text("SHOW server_version")),
        "shared_buffers": one(text("SHOW shared_buffers")),
    }


if __name__ == "__main__":
    main()
