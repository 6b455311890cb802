"""``pledger prove`` and ``pledger verify``: a bundle for an auditor, and what it proves."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from eth_utils.address import to_canonical_address, to_checksum_address

from ledger.accounting.mirrored import MirroredRows
from ledger.accounting.tokens import notes_on
from ledger.audit.bundle import control as answering
from ledger.audit.bundle.prove import Opening, prove
from ledger.chain import deployment as deployments
from ledger.chain.keys import signing_key
from ledger.chain.node import connect
from ledger.cli.as_of import block_of
from ledger.cli.bundle_report import control_report, report
from ledger.cli.deploy import ask_password
from ledger.cli.partner_names import account_from, visible
from ledger.cli.typed_address import is_written_as_address
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.reading import Reading, read, snapshot
from ledger.terms import solidity
from ledger.terms.contracts import REVENUE
from ledger.terms.deployment import Deployment
from ledger.terms.ids import NO_AGREEMENT, AgreementId
from ledger.verify import control
from ledger.verify.bundle import Proved, verify
from ledger.verify.subject import Subject

prove_app = typer.Typer(no_args_is_help=True, help="Writes a bundle that proves something from a block hash.")

_Output = Annotated[Path, typer.Option("--output", "-o", help="The file to write.")]
_Rpc = Annotated[str | None, typer.Option(help="The node; PLEDGER_RPC_URL otherwise.")]
_Agreement = Annotated[str, typer.Option(help="The agreement's id.")]
_Token = Annotated[str, typer.Option(help="The token's address, or its symbol in the deployment's file.")]
_Account = Annotated[str, typer.Option(help="The payee's account.")]
_Payee = Annotated[str, typer.Option("--account", help="The payee, by account or name.")]
_OneOf = Annotated[
    str | None, typer.Option("--account", help="The payee, by account or name, where an entry paid several.")
]
_UnderOneOf = Annotated[
    str | None, typer.Option("--agreement", help="The agreement, where an entry paid under several.")
]
_From = Annotated[
    int | None,
    typer.Option(min=0, help="Begin after this block, of which the node must still have the state."),
]
_To = Annotated[int | None, typer.Option(min=0, help="As of this block; the mirror's newest otherwise.")]
_Headers = Annotated[
    bool,
    typer.Option(
        "--headers",
        help="Put the headers between the two blocks in (at most 10,000): one hash then suffices.",
    ),
]


@dataclass(frozen=True)
class _Span:
    """The blocks that a bundle is about: after ``first``, up to ``last``; None: all, and the newest."""

    first: int | None = None
    last: int | None = None
    headers: bool = False


@dataclass(frozen=True)
class _About:
    """What a bundle is about, as a person named it; ``entry``: the number of a payout's."""

    agreement: str | None
    token: str | None = None
    account: str | None = None
    entry: int | None = None

    def subject(self, deployment: Deployment, reading: Reading) -> Subject:
        """Raises LedgerError for what does not name anything."""
        return Subject(
            NO_AGREEMENT if self.agreement is None else AgreementId(_word(self.agreement)),
            None if self.token is None else _token(deployment, self.token),
            None if self.account is None else account_from(reading, self.account),
            self.entry,
        )


@prove_app.command("agreement")
def prove_agreement(agreement: _Agreement, output: _Output, rpc_url: _Rpc = None) -> None:
    """The terms of an agreement, that they are in force, and what they amend."""
    _write(_About(agreement), output, rpc_url)


@prove_app.command("book")
def prove_book(
    agreement: _Agreement,
    token: _Token,
    output: _Output,
    from_block: _From = None,
    to_block: _To = None,
    headers: _Headers = False,
    rpc_url: _Rpc = None,
) -> None:
    """All revenue of an agreement in a token, and what each payee earned and was paid; with --from-block,
    what happened after that block.
    """
    _write(_About(agreement, token), output, rpc_url, _Span(from_block, to_block, headers))


@prove_app.command("statement")
def prove_statement(
    agreement: _Agreement,
    token: _Token,
    account: _Payee,
    output: _Output,
    from_block: _From = None,
    to_block: _To = None,
    headers: _Headers = False,
    rpc_url: _Rpc = None,
) -> None:
    """One payee's statement: what it earned of an agreement in a token, was paid, and can claim; with
    --from-block, how it stood then and everything that happened after that block.
    """
    _write(_About(agreement, token, account), output, rpc_url, _Span(from_block, to_block, headers))


@prove_app.command("payout")
def prove_payout(
    entry: Annotated[int, typer.Option(min=1, help="Number of the payout's entry in the revenue ledger.")],
    output: _Output,
    account: _OneOf = None,
    agreement: _UnderOneOf = None,
    rpc_url: _Rpc = None,
) -> None:
    """One payout, and the statement of its payee that it is part of."""
    _write(_About(agreement, account=account, entry=entry), output, rpc_url)


@prove_app.command("wallet")
def prove_wallet(
    account: _Account,
    challenge: Annotated[str, typer.Option(help="The text that whoever asks made up, as it is.")],
    output: _Output,
    rpc_url: _Rpc = None,
) -> None:
    """That you control an account: its wallet's key (PLEDGER_KEYSTORE) signs a challenge of whoever asks."""
    settings = Settings()
    node = connect(rpc_url or settings.rpc_url)
    deployment = deployments.find(settings, node)
    key = signing_key(settings, ask_password)
    of = solidity.parse("address", account, "account")
    block = node.newest()
    archive = answering.prove(node, deployment, block.number, of, challenge, key)
    control.verify(archive, block.hash, challenge)  # as a bundle: nothing that would not hold
    output.write_bytes(archive)
    print(f"{output}: {of} by {key.address}, as of block {block.number}")
    print(f"pledger verify {output} --block-hash 0x{block.hash.hex()} --challenge {shlex.quote(challenge)}")


def verify_command(
    bundle: Annotated[Path, typer.Argument(help="The bundle.")],
    block_hash: Annotated[str, typer.Option(help="Hash of its block, from a source that you trust.")],
    opening_hash: Annotated[
        str | None, typer.Option(help="Hash of its opening block; not needed when the headers are in it.")
    ] = None,
    challenge: Annotated[
        str | None, typer.Option(help="The text that you made up, for the answer of `pledger prove wallet`.")
    ] = None,
) -> None:
    """Checks a bundle against the hash of its block, without a node, a database or a network.

    Exits with 1 when it does not hold, naming the part that does not.
    """
    try:
        archive = bundle.read_bytes()
    except OSError as error:
        raise LedgerError(f"{bundle} cannot be read: {error.strerror}.", "Name a bundle's file.") from error
    closing = solidity.parse("bytes32", block_hash, "block hash")
    if control.is_control(archive):
        if challenge is None:
            raise LedgerError(
                f"{bundle} answers a challenge.", "Give the text that you made up: --challenge."
            )
        lines = control_report(control.verify(archive, closing, challenge))
    else:
        opening = None if opening_hash is None else solidity.parse("bytes32", opening_hash, "opening hash")
        lines = report(verify(archive, closing, opening))
    for line in lines:
        print(line)


def _write(about: _About, output: Path, rpc_url: str | None, span: _Span = _Span()) -> None:
    if span.headers and span.first is None:
        raise LedgerError("--headers are those after an opening block.", "Name it with --from-block.")
    settings = Settings()
    node = connect(rpc_url or settings.rpc_url)
    deployment = deployments.find(settings, node)
    ledger = to_canonical_address(deployment.address(REVENUE))
    first, last = (
        None if number is None else block_of(node, deployment, number, any_hash=settings.any_hash)
        for number in (span.first, span.last)
    )
    with Database.open(settings) as database, snapshot(database) as session:
        reading = read(session, chain_id=deployment.chain_id, ledger=ledger, block=last)
        subject = about.subject(deployment, reading)
        since = None
        if first is not None:
            before = read(session, chain_id=deployment.chain_id, ledger=ledger, block=first)
            since = Opening(MirroredRows(before), first.number, span.headers)
        archive = prove(MirroredRows(reading), node, deployment, reading.as_of.number, subject, since)
        # nothing is handed out that would not hold
        proved: Proved = verify(archive, reading.as_of.hash, None if first is None else first.hash)
        of = proved.subject.token
        note = None if of is None else notes_on(reading, [of])[of]
    output.write_bytes(archive)
    print(f"{output}: {proved.subject.kind}, {len(archive):,} bytes, {len(proved.entries)} entries in full")
    if note is not None and note.symbol and note.decimals is not None:
        token = to_checksum_address(note.address)
        print(f"token {token} calls itself {visible(note.symbol)}, with {note.decimals} decimals")
    command = f"pledger verify {output} --block-hash 0x{proved.header.hash.hex()}"
    if proved.opening is not None and not proved.linked:
        command += f" --opening-hash 0x{proved.opening.header.hash.hex()}"
    print(command)


def _word(text: str) -> bytes:
    return bytes(solidity.parse("bytes32", text, "agreement"))


def _token(deployment: Deployment, text: str) -> bytes:
    found = deployment.token_named(text)
    if found is None and not is_written_as_address(text):
        raise LedgerError(
            f"{text!r} is not a token that the deployment's file names.",
            f"It names {', '.join(deployment.tokens) or 'none'}. Give the token's address.",
        )
    return to_canonical_address(found or solidity.parse("address", text, "token"))
