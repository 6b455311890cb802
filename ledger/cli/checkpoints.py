"""``pledger checkpoint`` and ``pledger compare``: what an operator signs, and two beside each other."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from eth_utils.address import to_checksum_address
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.orm import Session

from ledger.audit.checkpoint import Checkpoint, Head
from ledger.audit.comparison import Comparison, Side, compare
from ledger.chain.keys import signing_key
from ledger.cli.deploy import ask_password
from ledger.cli.reading import UNVERIFIED
from ledger.cli.sides import OWN, reading_of, side
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.digest import digest_of
from ledger.store.reading import Reading, snapshot
from ledger.store.tables import Entry, SignedCheckpoint
from ledger.terms import solidity

DIFFERENCE = 1
NO_VERDICT = 2

checkpoint_app = typer.Typer(no_args_is_help=True, help="What this operator says of its mirror, signed.")
_Place = Annotated[
    str,
    typer.Argument(help=f"A checkpoint's file, an API's URL, a database's URL, or `{OWN}`: your own."),
]


@checkpoint_app.command("sign")
def sign_command(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
) -> None:
    """Signs how far the mirror is and what it holds: heads, block and digest. The API then gives it out.

    The key is the settings' (PLEDGER_KEYSTORE): the operator's own, not one that moves money.
    """
    settings = Settings()
    key = signing_key(settings, ask_password)
    with Database.open(settings) as database:
        with snapshot(database) as session:
            reading = reading_of(session, settings)
            checkpoint, doubt = _taken(session, reading), "" if reading.times_verified else UNVERIFIED
        signed = checkpoint.signed(key)
        with database.session() as session:
            ledger = bytes.fromhex(checkpoint.ledger[2:])
            session.merge(
                SignedCheckpoint(chain_id=checkpoint.chain_id, ledger=ledger, json=signed.to_json())
            )
            session.commit()
    output.write_text(json.dumps(signed.to_json(), indent=2) + "\n")
    print(
        f"{output}: block {checkpoint.block}, signed by {signed.operator}, digest 0x{checkpoint.digest.hex()}"
        f"{doubt}"
    )


def compare_command(
    one: _Place,
    other: _Place,
    operator: Annotated[
        list[str] | None,
        typer.Option(help="Take only checkpoints signed by this address; once for each operator you know."),
    ] = None,
) -> None:
    """Compares two operators as of the older of their checkpoints: agreement, or the first differing entry.

    Exits with 1 when they differ, and with 2 when they cannot be compared: a signature is not the operator's,
    they are of different chains or deployments, or one of them does not answer.
    """
    try:
        known = {solidity.parse("address", each, "operator") for each in operator or ()}
        with ExitStack() as opened:
            sides = [side(place, Settings(), opened) for place in (one, other)]
            for each in sides:
                _require_known(each, known)
            found = _compared(*sides)
    except LedgerError as error:
        error.exit_code = NO_VERDICT
        raise
    for each in sides:
        of = each.signed
        print(f"{each.name}: block {of.checkpoint.block}, signed by {of.operator}")
    print(_verdict(found))
    if found.difference is not None:
        raise typer.Exit(DIFFERENCE)


def _taken(session: Session, reading: Reading) -> Checkpoint:
    contracts = list(reading.contracts.values())
    return Checkpoint(
        chain_id=reading.chain_id,
        ledger=to_checksum_address(reading.ledger),
        block=reading.as_of.number,
        block_hash=reading.as_of.hash,
        journals={
            name: _head(session, reading, address, reading.seqs[name])
            for name, address in reading.contracts.items()
        },
        digest=bytes.fromhex(digest_of(session.connection(), (reading.chain_id, contracts))),
    )


def _head(session: Session, reading: Reading, address: bytes, seq: int) -> Head:
    row = session.get(Entry, (reading.chain_id, address, seq)) if seq else None
    return Head(to_checksum_address(address), seq, bytes(24) if row is None else row.head)


def _require_known(of: Side, known: set[str]) -> None:
    if known and of.signed.operator not in known:
        raise LedgerError(
            f"{of.name} is signed by {of.signed.operator}, who is none of the operators named.",
            "Name that address with --operator if you know whose it is.",
        )


def _compared(one: Side, other: Side) -> Comparison:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("entries")
        return compare(one, other, lambda done, total: progress.update(task, completed=done, total=total))


def _verdict(found: Comparison) -> str:
    if found.difference is not None:
        return f"verdict: difference: {found.difference}"
    besides = "" if found.digests else "; the digests are of different blocks, and were not compared"
    return f"verdict: agreement in {found.entries:,} entries up to block {found.block}{besides}"
