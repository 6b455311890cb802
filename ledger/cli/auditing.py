"""``pledger audit``: the mirror beside the chain."""

from typing import Annotated

import typer
from eth_utils.address import to_canonical_address

from ledger.accounting.mirrored import MirroredRows
from ledger.audit.verdict import audit
from ledger.chain import deployment as deployments
from ledger.chain.node import connect
from ledger.cli.audit_report import report
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.reading import read, snapshot

DIFFERENCE = 1
SHORTFALL = 3


def audit_command(
    last: Annotated[
        int | None,
        typer.Option(min=1, help="Recompute only so many of each journal's newest entries; all otherwise."),
    ] = None,
    rpc_url: Annotated[str | None, typer.Option(help="The node; PLEDGER_RPC_URL otherwise.")] = None,
) -> None:
    """Recomputes every journal and every book, and compares them with the contracts.

    Exits with 1 when anything differs, naming the first difference, and with 3 when only a token falls short.
    """
    settings = Settings()
    node = connect(rpc_url or settings.rpc_url)
    deployment = deployments.find(settings, node)
    ledger = to_canonical_address(deployment.address("RevenueLedger"))
    with Database.open(settings) as database, snapshot(database) as session:
        reading = read(session, chain_id=deployment.chain_id, ledger=ledger)
        verdict = audit(
            MirroredRows(reading), node, deployment, reading.as_of.number, reading.as_of.hash, last=last
        )
    for line in report(verdict):
        print(line)
    if not verdict.agrees:
        raise typer.Exit(DIFFERENCE)
    if verdict.shortfalls:
        raise typer.Exit(SHORTFALL)
