"""``pledger deployment``: what stands on a chain beside this release, and what wallets are told of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from eth_utils.address import to_canonical_address

from ledger.actions.clear_signing import write as write_clear_signing
from ledger.audit.release import ReleaseVerdict, verify
from ledger.audit.release_powers import Expected
from ledger.chain import deployment as deployments
from ledger.chain.deploy import ADMIN, GUARDIAN, OPERATOR, RECOVERY, VERIFIER
from ledger.chain.node import connect
from ledger.chain.power_lines import PowersView, view_of
from ledger.cli.deploy import LOCAL_CHAINS
from ledger.cli.powers_report import moment, powers_document, powers_lines
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.terms import solidity
from ledger.terms.deployment import Deployment

DIFFERENCE = 1
NO_VERDICT = 2
UNVERIFIED = 4
_NAME_WIDTH = 18

deployment_app = typer.Typer(no_args_is_help=True, help="The contracts as they stand on a chain.")
Holder = Annotated[str | None, typer.Option(help="Who must hold this role, and nobody else.")]
Delay = Annotated[
    int | None, typer.Option(min=0, max=2**32 - 1, help="Seconds that this role's orders must wait.")
]


@deployment_app.callback()
def _deployment() -> None:
    pass


@deployment_app.command("verify")
def verify_command(
    file: Annotated[
        Path | None,
        typer.Argument(help="Deployment file; PLEDGER_DEPLOYMENT or deployments/<chainId>.json otherwise."),
    ] = None,
    admin: Holder = None,
    verifier: Holder = None,
    guardian: Holder = None,
    operator: Holder = None,
    recovery: Holder = None,
    admin_delay: Delay = None,
    verifier_delay: Delay = None,
    operator_delay: Delay = None,
    recovery_delay: Delay = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines: one JSON object.")] = False,
    rpc_url: Annotated[str | None, typer.Option(help="The node; PLEDGER_RPC_URL otherwise.")] = None,
) -> None:
    """Says whether the contracts on a chain are this release's: their code, which of them name which, and
    which role may call what. Needs a node alone, no mirror.

    Who holds a role is compared with what the options say, and shown either way.

    Exits with 1 when anything differs, each difference by name, with 2 when there is no verdict: the node
    fails, or does not say enough, and with 4 when nothing differs, and it cannot be proved that no change
    of powers is missing.
    """
    try:
        settings = Settings()
        node = connect(rpc_url or settings.rpc_url)
        path = file or settings.deployment or deployments.path_for(node.chain_id)
        deployment = deployments.load(path)
        deployments.check_chain(deployment, node, str(path))
        expected = {
            ADMIN: _expected("--admin", admin, admin_delay),
            VERIFIER: _expected("--verifier", verifier, verifier_delay),
            GUARDIAN: _expected("--guardian", guardian, None),
            OPERATOR: _expected("--operator", operator, operator_delay),
            RECOVERY: _expected("--recovery", recovery, recovery_delay),
        }
        verdict = verify(node, deployment, expected, local=node.chain_id in LOCAL_CHAINS)
    except LedgerError as error:
        error.exit_code = NO_VERDICT
        raise
    view = _view(verdict, deployment)
    print(json.dumps(_document(verdict, view)) if as_json else "\n".join(_report(verdict, view)))
    if verdict.differences:
        raise typer.Exit(DIFFERENCE)
    if verdict.unproved:
        raise typer.Exit(UNVERIFIED)


@deployment_app.command("clear-signing")
def clear_signing_command(
    folder: Annotated[Path, typer.Argument(help="Where to write them; made if it is not there.")],
    file: Annotated[
        Path | None,
        typer.Argument(help="Deployment file; PLEDGER_DEPLOYMENT otherwise."),
    ] = None,
) -> None:
    """Writes a file of ERC-7730 for each struct that people sign, by which wallets show in words what it is.

    They are for this deployment's chain and contracts. Hand them to the registry that a wallet reads.
    """
    named = file or Settings().deployment
    if named is None:
        raise LedgerError(
            "No deployment file is named.", "Name it after the folder, or in PLEDGER_DEPLOYMENT."
        )
    deployment = deployments.load(named)
    try:
        written = write_clear_signing(folder, deployment)
    except OSError as error:
        what = f"{folder} cannot be written: {(error.strerror or 'it failed').lower()}."
        raise LedgerError(what, "Choose another folder.") from error
    print(f"{len(written)} files in {folder}")


def _expected(option: str, holder: str | None, delay: int | None) -> Expected:
    return Expected(None if holder is None else solidity.parse("address", holder, option), delay)


def _view(verdict: ReleaseVerdict, deployment: Deployment) -> PowersView | None:
    if verdict.powers is None:
        return None
    contracts = {name: to_canonical_address(address) for name, address in deployment.contracts.items()}
    return view_of(verdict.powers, contracts, verdict.timestamp)


def _report(verdict: ReleaseVerdict, view: PowersView | None) -> Iterator[str]:
    differing = {what.partition(" ")[0] for what in verdict.differences}
    for name, address in verdict.contracts.items():
        said = "differs" if name in differing else "is this release's"
        yield f"{name.ljust(_NAME_WIDTH)} {address} {said}"
    if view is not None:
        yield from powers_lines(view)
        said = verdict.proved or f"NOT PROVED: {verdict.unproved}"
        yield f"powers follow from {view.changes:,} events; that none is missing: {said}"
    for what in verdict.differences:
        yield f"difference: {what}"
    yield f"verdict: {_word(verdict)}, as of block {verdict.block} (0x{verdict.block_hash.hex()})"


def _word(verdict: ReleaseVerdict) -> str:
    count = len(verdict.differences)
    if count:
        return f"not this release as it deploys: {count} difference{'' if count == 1 else 's'}"
    return "this release" if not verdict.unproved else "unverified, and no difference"


def _document(verdict: ReleaseVerdict, view: PowersView | None) -> dict[str, Any]:
    word = "difference" if verdict.differences else "unverified" if verdict.unproved else "match"
    return {
        "verdict": word,
        "block": {
            "number": verdict.block,
            "hash": "0x" + verdict.block_hash.hex(),
            "time": moment(verdict.timestamp),
        },
        "contracts": dict(verdict.contracts),
        "differences": list(verdict.differences),
        "powers": None if view is None else powers_document(view),
        "proved": verdict.proved,
        "unproved": verdict.unproved,
    }
