"""What ``pledger index`` runs, once its options are read and the node has answered."""

import threading

from rich.console import Console

from ledger.chain.node import Node
from ledger.cli.index_report import IndexReport
from ledger.indexer.garbage import collect_rarely
from ledger.indexer.reading_process import ReadingProcess
from ledger.indexer.run import indexing
from ledger.indexer.service import keep_following
from ledger.reputation.kept import keep
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.terms.deployment import Deployment


def run(
    settings: Settings,
    node: Node,
    deployment: Deployment,
    ahead: ReadingProcess | None,
    *,
    follow: bool,
    wait: bool,
    poll_seconds: float,
    ws_url: str | None,
) -> None:
    """Catches up once, or follows until it is interrupted."""
    collect_rarely()
    with Database.open(settings) as database, IndexReport(Console(stderr=True)) as report:
        if follow:
            keep_following(
                database,
                node,
                deployment,
                threading.Event(),
                poll_seconds,
                finality=settings.finality,
                any_hash=settings.any_hash,
                wait=wait,
                watcher=report,
                ws_url=ws_url,
                ahead=ahead,
                keep=keep,
            )
        else:
            with indexing(
                database,
                node,
                deployment,
                finality=settings.finality,
                any_hash=settings.any_hash,
                wait=wait,
                watcher=report,
                ahead=ahead,
                keep=keep,
            ) as indexer:
                is_first = indexer.mirror.checkpoint is None
                indexer.catch_up()
                if not is_first:  # who reads for the first time is kept waiting for the entries alone
                    indexer.keep()
