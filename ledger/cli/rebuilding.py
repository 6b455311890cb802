"""``pledger rebuild``: the tables that follow from the entries, anew, without a node."""

import sys

from rich.console import Console
from rich.progress import Progress

from ledger.indexer.rebuild import rebuild
from ledger.settings import Settings
from ledger.store import projections
from ledger.store.database import Database
from ledger.store.digest import digest


def rebuild_command() -> None:
    """Makes all tables that follow from the stored entries anew, while the API reads on.

    No indexer may run meanwhile. Prints the digest, and whether it is what it was.
    """
    console = Console(stderr=True)
    with Database.open(Settings()) as database:
        with database.engine.connect() as connection:
            version = projections.found(connection)
        before = digest(database) if version == projections.version() else None
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("entries")
            done = rebuild(
                database, lambda entries, total: progress.update(task, completed=entries, total=total)
            )
        after = digest(database)
    if before is None:
        same = f"the tables were of version {version}, and are of {projections.version()}"
    elif after == before:
        same = "as before"
    else:
        same = f"it was {before}: the tables had not been what entries make"
    print(f"{done.entries:,} entries in {done.seconds:.1f} s; {same}", file=sys.stderr)
    print(after)
