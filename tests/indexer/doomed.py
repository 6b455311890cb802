"""Indexers in processes of their own, to be killed: forked from one that has everything imported."""

import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import Any

from ledger.chain.node import connect
from ledger.indexer.service import keep_following
from ledger.store.database import Database
from ledger.terms.deployment import Deployment


def follow(url: str, node: str, deployment: dict[str, Any]) -> None:
    """What the process runs."""
    with Database.open(url) as database:
        keep_following(
            database, connect(node), Deployment.from_json(deployment), threading.Event(), 0.02, wait=True
        )


@contextmanager
def process_that_follows(database: Database, node: str, deployment: Deployment) -> Iterator[BaseProcess]:
    """It is killed with SIGKILL when the block ends, or earlier by the test."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "doomed"])
    url = database.url.render_as_string(hide_password=False)
    process = context.Process(target=follow, args=(url, node, deployment.to_json()))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()
