"""``pledger index``: the chain's entries into the database, once or for as long as it runs."""

import signal
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated

import typer

from ledger.chain import deployment as deployments
from ledger.chain.node import Node, connect_any
from ledger.errors import INTERRUPTED, LedgerError
from ledger.indexer import reading_process
from ledger.indexer.reading_process import ReadingProcess
from ledger.settings import Settings
from ledger.terms.deployment import Deployment


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
    try:
        with nullcontext() if wait else _ahead(node, deployment) as ahead:
            from ledger.cli.index_run import run  # the database's libraries, while that process starts

            run(
                settings,
                node,
                deployment,
                ahead,
                follow=follow,
                wait=wait,
                poll_seconds=poll or settings.poll_seconds,
                ws_url=ws_url or settings.ws_url,
            )
    except KeyboardInterrupt:
        print("stopped; run it again to go on", file=sys.stderr)
        raise typer.Exit(0 if follow else INTERRUPTED) from None


def _ahead(node: Node, deployment: Deployment) -> AbstractContextManager[ReadingProcess | None]:
    """A process that reads, where there may be much to read: how much is here, only the database knows."""
    try:
        newest = node.newest().number
    except LedgerError:
        return nullcontext()  # whoever reads will see what is wrong, and has the patience
    return ReadingProcess() if newest - deployment.block >= reading_process.FAR else nullcontext()
