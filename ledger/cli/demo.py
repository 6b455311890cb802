"""``pledger demo``: the whole path on the sample files, on a chain and a database of its own."""

import signal
import threading
from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console

from ledger.cli.demonstration import business, checks, mirror, tables
from ledger.cli.demonstration.server import Portal, serving
from ledger.cli.demonstration.stage import DAY, EXAMPLES, Stage, staged
from ledger.errors import LedgerError
from ledger.intake.chain_state import read_chain
from ledger.intake.prepare import prepare
from ledger.intake.reports import read_reports
from ledger.intake.sending import Progress
from ledger.store.database import Database

INTERRUPTED = 130
_WIDTH = 132
_KILL_AT = 0.5
"""At which part of the second import the indexer is killed."""


def demo_command(
    once: Annotated[
        bool, typer.Option("--once", help="Exit when done, instead of serving the portal.")
    ] = False,
) -> None:
    """Plays the sample files through: sign, register, pay, split, claim, mirror, audit, serve."""
    # Ended by the system, it cleans up as after Ctrl-C: no chain, database or server is left running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = _WIDTH
    try:
        with staged(console) as stage, Database.open(stage.settings) as database:
            _play(stage, database)
            with serving(stage) as portal:
                _show(stage, portal)
                if not once:
                    _serve(stage, portal, database)
    except KeyboardInterrupt:
        console.print("\nstopped before the end")
        raise typer.Exit(INTERRUPTED) from None


def _play(stage: Stage, database: Database) -> None:
    stage.say("Partners register and sign their agreements")
    business.sign_up(stage)
    stage.say("Import: deals are registered, and what needs no deal is paid")
    business.import_files(stage)
    business.import_for_the_safe(stage)
    stage.say("A day passes; import again: decisions, and the payments of won deals")
    stage.chain.increase_time(DAY + 60)
    with mirror.doomed_indexer(stage, database) as indexer:
        business.import_files(stage, _killing(indexer))
    stage.say("Claims")
    business.claim(stage)
    stage.say("The mirror: go on where the killed indexer stopped, then drop it all and read it again")
    digests = mirror.mirror_twice(stage, database)
    entries = mirror.entries_in(database)
    stage.console.print(
        f"  the indexer was killed with SIGKILL at {indexer.entries_at_death} of {entries} entries"
    )
    stage.console.print(f"  digest of the schema chain, resumed  {digests.resumed}")
    stage.console.print(f"  digest of the schema chain, rebuilt  {digests.rebuilt}")
    if digests.resumed != digests.rebuilt:
        raise LedgerError("The mirror that was read again is not the one that was resumed.")
    mirror.count_rows(database)


def _killing(indexer: mirror.DoomedIndexer) -> Progress:
    def progress(stage: str, done: int, total: int) -> None:
        if stage == "deals" and done >= total * _KILL_AT and indexer.is_alive:
            indexer.kill_at_work()

    return progress


def _show(stage: Stage, portal: Portal) -> None:
    state = read_chain(stage.chain.node, stage.deployment, stage.partners)
    agreements = {f"0x{own.id.hex()}": key for key, own in state.agreements.items()}
    stage.say(f"What the API at {portal.url} says")
    tables.show_earnings(stage.console, portal, stage.partners, agreements)
    conflicts = tables.show_conflicts(stage.console, portal, _customers(stage))
    stage.console.print(f"  {conflicts} conflicts")
    tables.show_scores(stage.console, portal, stage.partners)
    audit = portal.get("/v1/audit", full=True)
    tables.show_audit(stage.console, audit)
    found = checks.check_all(stage, portal, audit)
    stage.say("Checked")
    for check in found:
        stage.console.print(check.line)
    if not all(check.holds for check in found):
        raise LedgerError("A check failed; it is named above.")


def _customers(stage: Stage) -> Mapping[str, str]:
    """Customers by deal, as only the holder of the CRM file can know them."""
    keys = business.keyring(stage)
    reports = read_reports(stage.partners, EXAMPLES / "opportunities.csv", None, keys)
    plan = prepare(stage.chain.node, stage.deployment, reports, keys)
    known = reports.opportunities.deals if reports.opportunities is not None else {}
    return {f"0x{found.deal.hex()}": known[key].customer for key, found in plan.deals.deals.items()}


def _serve(stage: Stage, portal: Portal, database: Database) -> None:
    """Serves until Ctrl-C, and goes on mirroring what happens on the chain."""
    stage.console.print(f"\nPortal: {portal.url}   API: {portal.url}/docs   Chain: {stage.settings.rpc_url}")
    stage.console.print("Ctrl-C stops everything.")
    try:
        with mirror.following(stage, database) as indexer:
            indexer.follow(threading.Event(), stage.settings.poll_seconds)
    except KeyboardInterrupt:
        stage.console.print("\nstopped")
