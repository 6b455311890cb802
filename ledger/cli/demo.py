"""``pledger demo``: the whole path on the sample files, on a chain and a database of its own.

It is played by a process of its own, and this one sees that all of it ends: see `demonstration.supervision`.
"""

from pathlib import Path
from typing import Annotated

import typer

from ledger import checkout
from ledger.cli.demonstration.supervision import Demonstration, supervise
from ledger.errors import LedgerError


def demo_command(
    once: Annotated[
        bool, typer.Option("--once", help="Exit when done, instead of serving the portal.")
    ] = False,
    anvil_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the chain; 8545 otherwise, or a free one.")
    ] = None,
    api_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the portal; 8000 otherwise, or a free one.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Folder made anew for its database, keys and settings; `demo` in PLEDGER_HOME otherwise."
        ),
    ] = None,
) -> None:
    """Plays the sample files through: sign, register, pay, split, claim, mirror, audit, serve."""
    if not checkout.is_one():
        raise LedgerError(
            "`pledger demo` plays sample files on a local chain, which come with a checkout and not with the "
            "installed package.",
            "Fetch the repository (git clone) and run `make demo` in it.",
        )
    raise typer.Exit(supervise(Demonstration(once, anvil_port, api_port, folder)))
