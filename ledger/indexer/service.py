"""An indexer that goes on for as long as it may, also after its database went away."""

import threading
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from ledger.chain.node import Node
from ledger.indexer.mirror import Keep
from ledger.indexer.reading_process import ReadingProcess
from ledger.indexer.run import LONGEST_WAIT, indexing
from ledger.indexer.watcher import Watcher
from ledger.indexer.writer import DatabaseFailed
from ledger.store.database import Database
from ledger.terms.deployment import Deployment

if TYPE_CHECKING:
    from ledger.chain.new_heads import NewHeads


def keep_following(
    database: Database,
    node: Node,
    deployment: Deployment,
    stop: threading.Event,
    poll_seconds: float,
    *,
    finality: str = "finalized",
    wait: bool = False,
    watcher: Watcher | None = None,
    ws_url: str | None = None,
    ahead: ReadingProcess | None = None,
    any_hash: bool = False,
    keep: Keep | None = None,
) -> None:
    """Follows the chain until told to stop, as `Indexer.follow` does; at ``ws_url``, new blocks are told.
    ``ahead`` is a reading process for the first reading, ``any_hash`` and ``keep`` as for `indexing`.

    When the database fails, nothing is half written; it is tried again with longer and longer waits. Raises
    what else `indexing` and `Indexer.follow` raise.
    """
    watcher = watcher or Watcher()
    pause, worked = poll_seconds, False
    with _told_at(ws_url) as new_heads:
        while not stop.is_set():
            try:
                with indexing(
                    database,
                    node,
                    deployment,
                    finality=finality,
                    wait=wait or worked,
                    watcher=watcher,
                    ahead=ahead,
                    any_hash=any_hash,
                    keep=keep,
                ) as indexer:
                    worked, pause = True, poll_seconds
                    indexer.follow(stop, poll_seconds, new_heads)
            except DatabaseFailed as error:
                if ahead is not None:  # whether it was used or not
                    ahead.close()
                    ahead = None
                pause = min(2 * pause, LONGEST_WAIT)
                watcher.troubled(error, pause)
                stop.wait(pause)


def _told_at(ws_url: str | None) -> "AbstractContextManager[NewHeads | None]":
    if ws_url is None:
        return nullcontext()
    from ledger.chain.new_heads import NewHeads  # its library takes a moment: only for who listens

    return NewHeads(ws_url)
