"""``pledger``: one command a topic, each in a module of its own."""

import sys
from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer

from ledger.cli import streams
from ledger.errors import INTERRUPTED, LedgerError

COMMANDS = {
    "deploy": "ledger.cli.deploy:deploy_command",
    "deployment": "ledger.cli.deployments:deployment_app",
    "node": "ledger.cli.node:node_command",
    "import": "ledger.cli.importing:import_command",
    "register": "ledger.cli.acting.registering:register_command",
    "agreement": "ledger.cli.acting.agreements:agreement_app",
    "deal": "ledger.cli.acting.deals:deal_app",
    "pay": "ledger.cli.acting.paying:pay_command",
    "payment": "ledger.cli.acting.payments:payment_app",
    "claim": "ledger.cli.acting.claims:claim_command",
    "distribute": "ledger.cli.acting.distributing:distribute_command",
    "act": "ledger.cli.acting.any_action:act_app",
    "submit": "ledger.cli.acting.submitting:submit_command",
    "account": "ledger.cli.acting.accounts:account_app",
    "login": "ledger.cli.acting.signing_in:login_command",
    "logout": "ledger.cli.acting.signing_in:logout_command",
    "members": "ledger.cli.acting.members:members_app",
    "keys": "ledger.cli.acting.machine_keys:keys_app",
    "drafts": "ledger.cli.acting.drafts:drafts_command",
    "demo": "ledger.cli.demo:demo_command",
    "index": "ledger.cli.indexing:index_command",
    "status": "ledger.cli.status:status_command",
    "rebuild": "ledger.cli.rebuilding:rebuild_command",
    "backup": "ledger.cli.backups:backup_command",
    "restore": "ledger.cli.backups:restore_command",
    "digest": "ledger.cli.database:digest_command",
    "export": "ledger.cli.exporting:export_command",
    "serve": "ledger.cli.serving:serve_command",
    "relay": "ledger.cli.relaying:relay_command",
    "audit": "ledger.cli.auditing:audit_command",
    "powers": "ledger.cli.powers:powers_command",
    "prove": "ledger.cli.bundles:prove_app",
    "verify": "ledger.cli.bundles:verify_command",
    "checkpoint": "ledger.cli.checkpoints:checkpoint_app",
    "compare": "ledger.cli.checkpoints:compare_command",
    "balances": "ledger.cli.balances:balances_command",
    "what-if": "ledger.cli.what_if:what_if_command",
    "score": "ledger.cli.reputation:explain_command",
    "reputation": "ledger.cli.reputation:reputation_app",
    "db": "ledger.cli.database:db_app",
}
"""Where each command is, in the order in which the help lists them."""
VERSION = "--version"


def application(wanted: str | None = None) -> typer.Typer:
    """The command line; with the name of one command, that one alone.

    A node's and a database's libraries take seconds to import, and most commands need only one of the two.
    """
    app = typer.Typer(no_args_is_help=True, add_completion=False, help="The partnership ledger.")
    app.callback()(_options)  # with it, a lone command keeps its name
    names = [wanted] if wanted in COMMANDS else [] if wanted == VERSION else list(COMMANDS)
    for name in names:
        module, _, attribute = COMMANDS[name].partition(":")
        command = getattr(import_module(module), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"pledger {version('partnership-ledger')}")
        raise typer.Exit


def _options(
    _: Annotated[
        bool,
        typer.Option(VERSION, is_eager=True, callback=_show_version, help="Show the version and exit."),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Runs a command; an error that the user can act on is one line and a non-zero exit."""
    streams.prepare()
    try:
        try:
            application(sys.argv[1] if len(sys.argv) > 1 else None)()
        finally:
            sys.stdout.flush()  # not later: its reader may have gone
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except LedgerError as error:
        print(f"error: {error.what}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        sys.exit(error.exit_code)
