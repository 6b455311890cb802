"""``pledger submit``: sends what others signed; whoever runs it pays the gas, and can change nothing."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.chain.signatures import taken
from ledger.cli.acting import form_files
from ledger.cli.acting.desk import any_desk
from ledger.cli.acting.how import AS_USUAL, How, acting
from ledger.errors import LedgerError
from ledger.signing import digest
from ledger.terms.solidity import parse


@acting
def submit_command(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Written with --sign-only.")],
    signature: Annotated[
        str | None, typer.Option(help="What the signer's wallet made of the file's `typed_data`, as 0x….")
    ] = None,
    how: How = AS_USUAL,
) -> None:
    """Sends signed actions. Anyone can: the signature names every value, and counts once."""
    desk = any_desk(how)
    for form in form_files.read(path, desk.deployment, signature):
        if form.action.carried_by:
            raise LedgerError(
                f"{form.action.name} is a consent, which is not sent by itself.",
                f"Whoever does this brings it along: {', '.join(form.action.carried_by)} of `pledger act`.",
            )
        if not form.signature:
            raise LedgerError(
                f"{form.signer} has not signed it yet.", "Give its signature with --signature 0x…."
            )
        wallet = parse("address", form.signer, "signer")
        contract = desk.deployment.address(form.action.contract)
        counts = taken(desk.node, wallet, digest(form.typed_data), form.signature, contract)
        if counts is None:
            raise LedgerError(
                f"It is not a signature of {wallet} over these values.",
                "The wallet must sign exactly the file's `typed_data`.",
            )
        desk.carry_out(form_files.said_of(form.with_signature(counts), desk.facts))
