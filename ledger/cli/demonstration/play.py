"""The acts of the demonstration, one after the other."""

import threading
from collections.abc import Mapping
from contextlib import suppress

from rich.console import Console

from ledger.cli.demonstration import (
    afterwards,
    business,
    checks,
    claims,
    hand_over,
    mirror,
    relayed,
    tables,
    territories,
    wallets,
)
from ledger.cli.demonstration.server import Portal, serving
from ledger.cli.demonstration.stage import EXAMPLES, HOLD_DAYS, Stage, staged
from ledger.cli.demonstration.supervision import Demonstration
from ledger.errors import LedgerError
from ledger.intake.chain_state import read_chain
from ledger.intake.prepare import prepare
from ledger.intake.reports import read_reports
from ledger.intake.sending import Progress
from ledger.store.database import Database
from ledger.terms.units import DAY

_WIDTH = 132
_KILL_AT = 0.5
"""At which part of the second import the indexer is killed."""


def play(wanted: Demonstration) -> None:
    """Plays it to the end, and then serves the portal until it is interrupted."""
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = _WIDTH
    with staged(console, wanted) as stage, Database.open(stage.settings) as database:
        _play(stage, database)
        with relayed.relaying(stage), serving(stage, wanted.api_port) as portal:
            stage.say("A withdrawal without coin: signed at the server, sent by the relayer")
            relayed.withdraw(stage, portal, database)
            _show(stage, portal)
            if not wanted.once:
                _serve(stage, portal, database)


def _play(stage: Stage, database: Database) -> None:
    stage.say("Partners register and sign their agreements")
    business.sign_up(stage)
    stage.say("Import: deals are registered, and what needs no deal is paid")
    business.import_files(stage)
    business.import_for_the_safe(stage)
    stage.say("A programme by territory: who brought the customer where")
    stage.field_deals = territories.register(stage)
    stage.say("A day passes; an agreement is amended, the vendor's wallet is rotated")
    stage.chain.increase_time(DAY + 60)
    business.amend(stage)
    wallets.rotate(stage, "halyard")
    territories.decide(stage)
    stage.say("Import again: decisions, the payments of won deals, and refunds while they are held")
    with mirror.doomed_indexer(stage, database) as indexer:
        business.import_files(stage, _killing(indexer))
    stage.say("A held payment is disputed")
    afterwards.dispute(stage)
    stage.say(f"{HOLD_DAYS + 1} days pass; a refund that came too late is clawed back; claims")
    stage.chain.increase_time((HOLD_DAYS + 1) * DAY)
    afterwards.claw_back(stage)
    claims.claim(stage)
    stage.say("Reviews")
    afterwards.review(stage)
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
    names = {f"0x{found.deal.hex()}": known[key].customer for key, found in plan.deals.deals.items()}
    return names | {f"0x{own.deal.hex()}": territories.CUSTOMER for own in stage.field_deals}


def _serve(stage: Stage, portal: Portal, database: Database) -> None:
    """Serves until Ctrl-C, and goes on mirroring what happens on the chain."""
    with suppress(KeyboardInterrupt):
        hand_over.hand_over(stage, portal)
        with mirror.following(stage, database) as indexer:
            indexer.follow(threading.Event(), stage.settings.poll_seconds)
