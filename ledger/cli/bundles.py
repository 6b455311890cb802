"""``pledger prove`` and ``pledger verify``: a bundle for an auditor, and what it proves."""

from pathlib import Path
from typing import Annotated

import typer
from eth_utils.address import to_canonical_address

from ledger.accounting.mirrored import MirroredRows
from ledger.audit.bundle.prove import prove
from ledger.audit.bundle.subject import Subject
from ledger.audit.bundle.verify import Proved, verify
from ledger.chain import deployment as deployments
from ledger.chain import solidity
from ledger.chain.node import connect
from ledger.cli.bundle_report import report
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.reading import read, snapshot

prove_app = typer.Typer(no_args_is_help=True, help="Writes a bundle that proves something from a block hash.")

_Output = Annotated[Path, typer.Option("--output", "-o", help="The file to write.")]
_Rpc = Annotated[str | None, typer.Option(help="The node; PLEDGER_RPC_URL otherwise.")]
_Agreement = Annotated[str, typer.Option(help="The agreement's id.")]
_Token = Annotated[str, typer.Option(help="The token's address.")]
_Account = Annotated[str, typer.Option(help="The payee's account.")]


@prove_app.command("agreement")
def prove_agreement(agreement: _Agreement, output: _Output, rpc_url: _Rpc = None) -> None:
    """The terms of an agreement, that they are in force, and what they amend."""
    _write(Subject(_word(agreement)), output, rpc_url)


@prove_app.command("book")
def prove_book(agreement: _Agreement, token: _Token, output: _Output, rpc_url: _Rpc = None) -> None:
    """All revenue of an agreement in a token, and what each payee earned and was paid."""
    _write(Subject(_word(agreement), _address(token, "token")), output, rpc_url)


@prove_app.command("statement")
def prove_statement(
    agreement: _Agreement, token: _Token, account: _Account, output: _Output, rpc_url: _Rpc = None
) -> None:
    """One payee's statement: what it earned of an agreement in a token, was paid, and can claim."""
    subject = Subject(_word(agreement), _address(token, "token"), _address(account, "account"))
    _write(subject, output, rpc_url)


@prove_app.command("payout")
def prove_payout(
    entry: Annotated[int, typer.Option(min=1, help="Number of the payout's entry in the revenue ledger.")],
    output: _Output,
    rpc_url: _Rpc = None,
) -> None:
    """One payout, and the statement of its payee that it is part of."""
    _write(Subject(bytes(32), claim=entry), output, rpc_url)


def verify_command(
    bundle: Annotated[Path, typer.Argument(help="The bundle.")],
    block_hash: Annotated[str, typer.Option(help="Hash of its block, from a source that you trust.")],
) -> None:
    """Checks a bundle against a block hash, without a node, a database or a network.

    Exits with 1 when it does not hold, naming the part that does not.
    """
    try:
        archive = bundle.read_bytes()
    except OSError as error:
        raise LedgerError(f"{bundle} cannot be read: {error.strerror}.", "Name a bundle's file.") from error
    proved = verify(archive, solidity.parse("bytes32", block_hash, "block hash"))
    for line in report(proved):
        print(line)


def _write(subject: Subject, output: Path, rpc_url: str | None) -> None:
    settings = Settings()
    node = connect(rpc_url or settings.rpc_url)
    deployment = deployments.find(settings, node)
    ledger = to_canonical_address(deployment.address("RevenueLedger"))
    with Database.open(settings) as database, snapshot(database) as session:
        reading = read(session, chain_id=deployment.chain_id, ledger=ledger)
        archive = prove(MirroredRows(reading), node, deployment, reading.as_of.number, subject)
    proved: Proved = verify(archive, reading.as_of.hash)  # nothing is handed out that would not hold
    output.write_bytes(archive)
    print(f"{output}: {proved.subject.kind}, {len(archive):,} bytes, {len(proved.entries)} entries in full")
    print(f"pledger verify {output} --block-hash 0x{proved.header.hash.hex()}")


def _word(text: str) -> bytes:
    return bytes(solidity.parse("bytes32", text, "agreement"))


def _address(text: str, name: str) -> bytes:
    return to_canonical_address(solidity.parse("address", text, name))
