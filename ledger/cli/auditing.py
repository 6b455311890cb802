"""``pledger audit``: the mirror beside the chain."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any

import typer
from eth_utils.address import to_canonical_address, to_checksum_address
from rich.console import Console
from rich.progress import Progress, TaskID
from sqlalchemy.exc import DBAPIError

from ledger.accounting.mirrored import MirroredRows
from ledger.accounting.tokens import TokenNote, notes_on
from ledger.audit.verdict import Verdict, audit
from ledger.chain import deployment as deployments
from ledger.chain.node import connect
from ledger.cli.as_of import block_of
from ledger.cli.audit_report import document, report, verdict_word
from ledger.errors import LedgerError
from ledger.indexer.scope import Scope
from ledger.indexer.tables_check import TablesCheck, check_tables
from ledger.reputation.kept_check import unlike_kept
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.reading import Reading, read, snapshot
from ledger.store.tables import FullAudit
from ledger.terms.contracts import REVENUE

DIFFERENCE = 1
NO_VERDICT = 2
SHORTFALL = 3
UNVERIFIED = 4
_COUNTED = 1_000
"""Entries between two moves of the progress that is shown."""


def audit_command(
    at_block: Annotated[
        int | None,
        typer.Option(min=0, help="As of this block, of which the node must still have the state; else now."),
    ] = None,
    last: Annotated[
        int | None,
        typer.Option(min=1, help="Recompute only so many of each journal's newest entries; all otherwise."),
    ] = None,
    tables: Annotated[
        bool, typer.Option(help="Make all tables anew from the entries and compare them; not with --last.")
    ] = True,
    places: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Check time, transaction and place of the entries in only so many of the newest blocks that "
            "carry some; 0: in none. All otherwise, or with --last as many blocks as that says.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one JSON object.")] = False,
    rpc_url: Annotated[str | None, typer.Option(help="The node; PLEDGER_RPC_URL otherwise.")] = None,
) -> None:
    """Recomputes every journal, payout and book, and compares them with the contracts and the tables.

    Exits with 1 when anything differs, naming the first difference, with 3 when only a token falls short, and
    with 2 when there is no verdict: a node or database fails, or the node has no state of the block any more,
    and with 4 when nothing differs, and of some blocks it cannot be verified where their entries stand, or
    that no change of who may do what is missing.
    """
    try:
        verdict, checked, notes = _audit(at_block, last, tables, last if places is None else places, rpc_url)
    except LedgerError as error:
        error.exit_code = NO_VERDICT
        raise
    if as_json:
        print(json.dumps(document(verdict, checked)))
    else:
        print("\n".join(report(verdict, checked, notes)))
    if not verdict.agrees or (checked is not None and checked.unlike is not None):
        raise typer.Exit(DIFFERENCE)
    if verdict.shortfalls:
        raise typer.Exit(SHORTFALL)
    if not verdict.is_verified:
        raise typer.Exit(UNVERIFIED)


def _audit(
    at_block: int | None, last: int | None, tables: bool, places: int | None, rpc_url: str | None
) -> tuple[Verdict, TablesCheck | None, dict[str, TokenNote]]:
    """The tables are of the newest block: they are left out of an audit of an earlier one."""
    settings = Settings()
    console = Console(stderr=True)
    node = connect(rpc_url or settings.rpc_url)
    deployment = deployments.find(settings, node)
    ledger = to_canonical_address(deployment.address(REVENUE))
    block = None if at_block is None else block_of(node, deployment, at_block, any_hash=settings.any_hash)
    with (
        Database.open(settings) as database,
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        with snapshot(database) as session:
            reading = read(session, chain_id=deployment.chain_id, ledger=ledger, block=block)
            as_of = reading.as_of
            rows = _Watched(reading, progress)
            verdict = audit(
                rows,
                node,
                deployment,
                as_of.number,
                as_of.hash,
                last=last,
                newest_blocks=places,
                told=rows.told,
            )
            tokens = [to_canonical_address(each.token) for each in verdict.tokens]
            notes: dict[str, TokenNote] = {
                to_checksum_address(own): note for own, note in notes_on(reading, tokens).items()
            }
            compared = tables and last is None and reading.newest
            unlike = unlike_kept(reading) if compared else None
        if last is None and places is None and reading.newest:
            # Of the tables made anew nothing is kept: that is not about the chain.
            _keep(database, reading, verdict, console)
        checked = None
        if compared and all(each.matches for each in verdict.journals):
            task = progress.add_task("tables", total=sum(reading.seqs.values()))
            checked = check_tables(
                database, Scope.of(deployment), lambda done: progress.update(task, completed=done)
            )
            checked = replace(checked, unlike=checked.unlike or unlike)
    return verdict, checked, notes


def _keep(database: Database, reading: Reading, verdict: Verdict, console: Console) -> None:
    """Notes what was found, for who asks the API. A verdict counts, whether or not it can be kept."""
    places = verdict.places
    row = FullAudit(
        chain_id=reading.chain_id,
        deployment=reading.ledger,
        block_number=verdict.block,
        block_hash=verdict.block_hash,
        made_at=int(time.time()),
        verdict=verdict_word(verdict, None),
        first_difference=verdict.first_difference,
        entries=None if places is None else places.entries,
        unverified_entries=None if places is None else sum(each.entries for each in places.unverified),
    )
    try:
        with database.session() as session:
            session.merge(row)
            session.commit()
    except DBAPIError as error:
        console.print(f"The verdict is not kept for the API: {type(error.orig).__name__}.", style="yellow")


class _Watched(MirroredRows):
    """The mirror's rows, of which a person sees how many are done."""

    def __init__(self, reading: Reading, progress: Progress) -> None:
        super().__init__(reading)
        self._progress = progress
        self._places = TaskID(0)

    def entries(self, contract: str, after: int) -> Iterator[Any]:
        """A contract's entries, counted."""
        task = self._progress.add_task(contract, total=self.newest(contract) - after)
        for number, row in enumerate(super().entries(contract, after), 1):
            if number % _COUNTED == 0:
                self._progress.update(task, completed=number)
            yield row

    def blocks(self, newest: int | None = None) -> Iterator[Any]:
        """The blocks that carry entries, of which `told` hears."""
        self._places = self._progress.add_task("places", total=self.carriers(newest))
        return super().blocks(newest)

    def told(self, done: int) -> None:
        """So many blocks are done."""
        self._progress.update(self._places, completed=done)
