"""Memory is bounded, however much there is to read."""

import multiprocessing
import resource
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest
from partnership import Partnership

from ledger.chain.deployment import Deployment
from ledger.chain.node import connect
from ledger.indexer import reading_process
from ledger.indexer.run import indexing
from ledger.store import schema
from ledger.store.database import Database

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
    most = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(most) / 1024


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
