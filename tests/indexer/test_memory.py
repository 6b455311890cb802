"""Memory is bounded, however much there is to read."""

import multiprocessing
import resource
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from partnership import Partnership

from ledger.chain.node import connect
from ledger.indexer import reading_process
from ledger.indexer.run import indexing
from ledger.store import schema
from ledger.store.database import Database
from ledger.terms.deployment import Deployment

MOST = 400
"""MiB that an indexer may take."""
BATCH = 80
"""Invoices in one transaction."""


def mirror_all(url: str, node: str, deployment: dict[str, Any]) -> float:
    """Reads everything in two processes, and returns the most memory that they took, in MiB."""
    reading_process.FAR = 0
    with (
        Database.open(url) as database,
        indexing(database, connect(node), Deployment.from_json(deployment)) as indexer,
    ):
        indexer.catch_up()
    return (own_peak() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def own_peak() -> int:
    """The most memory of this process, in KiB. (getrusage counts whoever started it, too.)"""
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def peak(database: Database, partnership: Partnership) -> float:
    world = partnership.world
    schema.drop_chain(database.engine)
    url = database.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(mirror_all, url, world.node.url, world.deployment.to_json()).result()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_long_backlog_takes_no_more_memory_than_a_short_one(
    own_partnership: Partnership, database: Database
) -> None:
    """More entries than are held at a time, and three times as many."""
    world = own_partnership.world

    def pay(entries: int) -> None:
        for _ in range(entries // BATCH):
            amounts = [1] * BATCH
            world.pay_batch(own_partnership.vendor, {own_partnership.agreement: amounts})

    pay(8_000)
    short = peak(database, own_partnership)
    pay(16_000)
    long = peak(database, own_partnership)
    assert long < MOST
    assert long - short < 30
