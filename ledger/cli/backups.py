"""``pledger backup`` and ``pledger restore``: what the database alone holds, into a file and back."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy import select

from ledger.chain.node import connect_any
from ledger.cli.index_report import IndexReport
from ledger.errors import LedgerError
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store import backup as backups
from ledger.store import tables
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.terms.deployment import Deployment

_File = Annotated[Path, typer.Argument(help="The backup.")]


def backup_command(
    file: _File,
    replace: Annotated[bool, typer.Option("--replace", help="Where the file is there already.")] = False,
) -> None:
    """Writes drafts, signatures and whatever else is not on the chain into a file.

    What is on the chain is left out: `pledger restore` reads it from there. Keep the file as you keep
    the drafts: it is not encrypted.
    """
    with Database.open(Settings(), migrate=False) as database:
        saved = backups.backup(database, file, replace=replace)
    print(f"{file}: {saved.size:,} bytes, revision {saved.revision}; {_counted(saved.rows)}")


def restore_command(
    file: _File,
    replace: Annotated[
        bool, typer.Option("--replace", help="Where the database holds something: it is lost.")
    ] = False,
    index: Annotated[
        bool, typer.Option(help="Also read the chain anew, or leave that to `pledger index`.")
    ] = True,
) -> None:
    """Puts a backup into a database, and beside it what is on the chain, read anew from the node.

    Prints the mirror's digest: that of the database which was backed up, if no block came meanwhile.
    """
    settings = Settings()
    with Database.open(settings, migrate=False) as database:
        restored = backups.restore(database, file, replace=replace)
        moved = "" if restored.revision == restored.now else f" (from revision {restored.revision})"
        print(
            f"restored {file} at revision {restored.now}{moved}; {_counted(restored.rows)}", file=sys.stderr
        )
        if not index:
            print("Run `pledger index` to read the chain.", file=sys.stderr)
            return
        try:
            left = _index(settings, database)
        except LedgerError as error:
            raise LedgerError(
                f"The backup is restored, but the chain could not be read: {error.what}",
                f"{error.hint} Then run `pledger index`.".strip(),
            ) from error
        for deployment in left:
            print(
                f"chain {deployment.chain_id}, deployed at block {deployment.block}, is left: set "
                "PLEDGER_RPC_URL to a node of it and run `pledger index`.",
                file=sys.stderr,
            )
        print(digest(database))


def _index(settings: Settings, database: Database) -> list[Deployment]:
    """Reads every deployment that is on the node's chain; gives the others back."""
    node = connect_any(settings.nodes)
    with database.session() as session:
        rows = session.scalars(
            select(tables.Deployment).order_by(tables.Deployment.chain_id, tables.Deployment.ledger)
        )
        known = [Deployment.from_json(row.json) for row in rows]
    for deployment in known:
        if deployment.chain_id == node.chain_id:
            with (
                IndexReport(Console(stderr=True)) as report,
                indexing(database, node, deployment, finality=settings.finality, watcher=report) as indexer,
            ):
                indexer.catch_up()
    return [deployment for deployment in known if deployment.chain_id != node.chain_id]


def _counted(rows: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(rows.items()) if name != "schema_version")
