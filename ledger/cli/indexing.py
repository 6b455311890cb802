"""``pledger index``: the chain's entries into the database, once or for as long as it runs."""

import signal
import sys
import threading
from typing import Annotated

import typer
from rich.console import Console

from ledger.chain import deployment as deployments
from ledger.chain.node import connect_any
from ledger.cli.index_report import IndexReport
from ledger.indexer.garbage import collect_rarely
from ledger.indexer.run import indexing
from ledger.indexer.service import keep_following
from ledger.settings import Settings
from ledger.store.database import Database

INTERRUPTED = 130


def index_command(
    follow: Annotated[
        bool, typer.Option("--follow/--once", help="Go on with new blocks, or stop when caught up.")
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Where another indexer runs, take over when it ends.")
    ] = False,
    poll: Annotated[
        float | None,
        typer.Option(min=0.05, help="Seconds between looks for new blocks; PLEDGER_POLL_SECONDS otherwise."),
    ] = None,
    rpc_url: Annotated[
        list[str] | None,
        typer.Option(
            help="A node; given again, one to ask when the first one fails or is wrong. PLEDGER_RPC_URL and "
            "PLEDGER_RPC_URLS otherwise."
        ),
    ] = None,
    ws_url: Annotated[
        str | None,
        typer.Option(
            help="A node's WebSocket (ws:// or wss://) that tells of new blocks at once; while it is silent, "
            "blocks are asked for. PLEDGER_WS_URL otherwise."
        ),
    ] = None,
) -> None:
    """Mirrors the contracts' journals into the database, entry by entry, and checks every one."""
    settings = Settings()
    node = connect_any(rpc_url or settings.nodes)
    deployment = deployments.find(settings, node)
    # A terminated indexer ends as an interrupted one: the open transaction is rolled back, and all is closed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    collect_rarely()
    try:
        with Database.open(settings) as database, IndexReport(Console(stderr=True)) as report:
            if follow:
                keep_following(
                    database,
                    node,
                    deployment,
                    threading.Event(),
                    poll or settings.poll_seconds,
                    finality=settings.finality,
                    wait=wait,
                    watcher=report,
                    ws_url=ws_url or settings.ws_url,
                )
            else:
                with indexing(
                    database, node, deployment, finality=settings.finality, wait=wait, watcher=report
                ) as indexer:
                    indexer.catch_up()
    except KeyboardInterrupt:
        print("stopped; run it again to go on", file=sys.stderr)
        raise typer.Exit(0 if follow else INTERRUPTED) from None
