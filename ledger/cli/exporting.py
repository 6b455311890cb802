"""``pledger export``: the mirror as files for other engines."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store.database import Database


def export_command(
    parquet: Annotated[Path, typer.Option(help="New folder for Parquet files, one for each table and day.")],
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="First day (UTC); all from the beginning if not given."
        ),
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day (UTC), included.")
    ] = None,
) -> None:
    """Writes entries and all that follows from them as files, all of one moment, with a manifest.

    Prints the digest, which `pledger digest` has too while nothing new is mirrored.
    """
    try:
        from ledger.export.parquet import export
    except ModuleNotFoundError as error:
        raise LedgerError(
            "The export needs pyarrow, which is not installed.",
            "Install it beside this program: pip install 'partnership-ledger[export]'.",
        ) from error
    if first and last and last < first:
        raise LedgerError("The last day is before the first.", "Give --from and --to the other way round.")
    console = Console(stderr=True)
    with (
        Database.open(Settings()) as database,
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        task = progress.add_task("rows")
        done = export(
            database,
            parquet,
            first and first.date(),
            last and last.date(),
            told=lambda rows, total: progress.update(task, completed=rows, total=total),
        )
    print(f"{done.rows:,} rows in {done.files:,} files of {parquet}; see its manifest.json", file=sys.stderr)
    if done.digest is not None:
        print(done.digest)
