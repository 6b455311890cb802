"""``pledger import``: reports as companies export them, onto the chain; everything is checked before any
is sent.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ledger.chain import deployment as deployments
from ledger.chain.keys import signing_key
from ledger.chain.node import Node, connect
from ledger.cli.confirming import require_yes
from ledger.cli.deploy import ask_password
from ledger.cli.import_report import (
    ProgressBars,
    print_onboarded,
    print_plan,
    print_problems,
    print_sent,
    sending_summary,
)
from ledger.cli.money_report import print_refused
from ledger.errors import LedgerError
from ledger.intake.billing import Refund
from ledger.intake.deals import DealPlan
from ledger.intake.keys import Keyring, read_keys
from ledger.intake.onboarding import onboard
from ledger.intake.partners_check import read_partners_file
from ledger.intake.partners_file import PartnersFile
from ledger.intake.payment_plan import PaymentPlan
from ledger.intake.plan_document import plan_document
from ledger.intake.prepare import ImportPlan, prepare
from ledger.intake.problems import IntakeRejected, Problem
from ledger.intake.reports import Reports, read_reports
from ledger.intake.sending import Progress, send
from ledger.intake.transactions import deal_transactions, payment_transactions, refund_transactions
from ledger.intake.wallet_batch import wallet_batch, write_json
from ledger.settings import Settings
from ledger.terms.deployment import Deployment


def import_command(
    partners_file: Annotated[
        Path, typer.Argument(metavar="PARTNERS.YAML", help="Partners, programme, agreements, currencies.")
    ],
    keys: Annotated[Path, typer.Option(help="The keys file: import keys, signing keys, tag keys.")],
    opportunities: Annotated[
        Path | None, typer.Option(help="The CRM's opportunity report, as CSV: docs/import.md.")
    ] = None,
    billing: Annotated[
        Path | None, typer.Option(help="The billing report, as Stripe or others export it.")
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(help="Write what would be sent to this file, and send nothing.")
    ] = None,
    unsigned: Annotated[
        Path | None,
        typer.Option(help="Write a contract wallet's transactions to this file, and send nothing."),
    ] = None,
    wallet: Annotated[
        str | None, typer.Option(help="Whose wallet --unsigned is for: a partner's key; else the payer's.")
    ] = None,
    sign: Annotated[
        bool,
        typer.Option("--sign", help="First register partners and sign agreements with the keys at hand."),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Import nothing when any row cannot be used.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Send without asking; elsewhere than on a terminal nobody is asked.")
    ] = False,
    rpc_url: Annotated[str | None, typer.Option(help="The node; PLEDGER_RPC_URL otherwise.")] = None,
) -> None:
    """Imports deals and payments. Run it again at any time: it goes on from what is on chain.

    Rows that cannot be used are told and left out, and the others imported; the exit code is then 1, as when
    nothing could be imported, and 0 only when every row was taken.
    """
    settings = Settings()
    if rpc_url is not None:
        settings.rpc_url = rpc_url
    files = ImportFiles(partners_file, keys, opportunities, billing, plan, unsigned)
    ask = None if yes else require_yes
    console = Console(soft_wrap=True, highlight=False, markup=False)
    try:
        left_out = run_import(settings, files, console, wallet=wallet, sign=sign, strict=strict, ask=ask)
    except IntakeRejected as rejected:
        print_problems(rejected)
        raise typer.Exit(rejected.exit_code) from None
    if left_out:
        raise typer.Exit(1)


@dataclass(frozen=True)
class ImportFiles:
    """What an import reads; ``plan`` and ``unsigned`` are what it writes instead of sending."""

    partners: Path
    keys: Path
    opportunities: Path | None = None
    billing: Path | None = None
    plan: Path | None = None
    unsigned: Path | None = None


def run_import(
    settings: Settings,
    files: ImportFiles,
    console: Console,
    *,
    wallet: str | None = None,
    sign: bool = False,
    strict: bool = False,
    ask: Callable[[Sequence[tuple[str, str]]], None] | None = None,
    progress: Progress | None = None,
) -> Sequence[Problem]:
    """One import from files to chain; returns what is wrong with the rows that were left out.

    With ``strict`` none is left out. ``ask`` is asked before anything is sent, and raises when it is not to
    be. ``progress`` is told of each transaction; else bars are shown. Raises IntakeRejected with what is
    wrong with the files, LedgerError with what else is in the way.
    """
    if files.plan is not None and files.unsigned is not None:
        raise LedgerError("--plan and --unsigned are two different files.", "Choose one of them.")
    partners = read_partners_file(files.partners)
    only = _wallet_key(partners, wallet, files.unsigned)
    keyring = _keyring(settings, files.keys, partners)
    strict = strict or partners.strict
    reports = read_reports(partners, files.opportunities, files.billing, keyring, strict=strict)
    node = connect(settings.rpc_url)
    deployment = deployments.find(settings, node)
    if sign:
        if ask is not None:
            ask([("signs", "registers partners, opens the programme and signs, with the keys at hand")])
        print_onboarded(console, onboard(node, deployment, partners, keyring))
    if files.opportunities is None and files.billing is None:
        if not sign:
            raise LedgerError("There is nothing to import.", "Pass --opportunities, --billing, or both.")
        return []
    prepared = prepare(node, deployment, reports, keyring, only=only, strict=strict)
    print_plan(console, prepared)
    if files.plan is not None:
        write_json(files.plan, plan_document(prepared))
        console.print(f"The plan is in {files.plan}; nothing was sent.")
    elif files.unsigned is not None and only is not None:
        _write_unsigned(console, prepared, only, files.unsigned)
    else:
        if ask is not None and (summary := sending_summary(prepared, keyring)):
            ask(summary)
        with ProgressBars(console, sys.stdout.isatty()) as bars:
            sent = send(prepared, node, keyring, progress or bars.advance)
        print_sent(console, prepared, sent)
        if prepared.refunds.follow and sent.rows.get("payments"):
            _send_what_follows(node, deployment, reports, keyring, console, prepared.refunds.follow)
    return prepared.left_out


def _send_what_follows(
    node: Node,
    deployment: Deployment,
    reports: Reports,
    keyring: Keyring,
    console: Console,
    follow: Sequence[Refund],
) -> None:
    """The refunds of payments that were just made: only now the chain says until when they are held."""
    prepared = prepare(node, deployment, reports, keyring)
    only_refunds = replace(prepared, deals=DealPlan(), payments=PaymentPlan())
    sent = send(only_refunds, node, keyring)
    console.print(f"Sent: {sent.rows.get('refunds', 0)} refunds of payments that were just made.")
    lines = {row.line for row in follow}
    refused = [own for own in prepared.refunds.refused if own.row.line in lines]
    if reports.billing is not None:
        print_refused(console, reports.billing.file, prepared, refused)


def _keyring(settings: Settings, keys: Path, partners: PartnersFile) -> Keyring:
    def password(keystore: Path) -> str:
        if settings.keystore_password is not None:
            return settings.keystore_password.get_secret_value()
        return ask_password(keystore)

    keyring = read_keys(keys, partners, password)
    if settings.keystore is not None or settings.private_key is not None:
        keyring = keyring.with_signer(signing_key(settings, ask_password))
    return keyring


def _wallet_key(partners: PartnersFile, wallet: str | None, unsigned: Path | None) -> str | None:
    if unsigned is None:
        if wallet is not None:
            raise LedgerError("--wallet says whose file --unsigned writes.", "Pass --unsigned FILE too.")
        return None
    chosen = wallet or (partners.billing.payer if partners.billing is not None else None)
    if chosen is None or chosen not in partners.partners:
        raise LedgerError(
            f"There is no partner {chosen!r} in the partners file.", "Pass --wallet with a partner's key."
        )
    return chosen


def _write_unsigned(console: Console, prepared: ImportPlan, only: str, path: Path) -> None:
    state = prepared.state
    transactions = [
        *deal_transactions(prepared),
        *payment_transactions(prepared),
        *refund_transactions(prepared),
    ]
    batch = wallet_batch(state.deployment.chain_id, state.wallets[only], state.now, transactions)
    write_json(path, batch)
    count = len(batch["transactions"])
    console.print(f"{count} transactions for {state.wallets[only]} are in {path}; nothing was sent.")
