"""``pledger account``: a key file, another wallet, another owner, and recovery of lost keys."""

import getpass
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer
from eth_typing import ChecksumAddress

from ledger.chain.authorization import BY_TRANSACTION, Authorization
from ledger.chain.keys import from_hex, new_key, to_keystore
from ledger.chain.views import RECOVERY_OF
from ledger.cli.acting import form_files
from ledger.cli.acting.desk import Desk, For, address, any_desk
from ledger.cli.acting.how import AS_USUAL, How, RpcUrl, acting
from ledger.cli.moments import shown
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.terms.solidity import ZERO_ADDRESS

account_app = typer.Typer(no_args_is_help=True, help="Who acts for an account, and who may change that.")

_SHORTEST_PASSWORD = 8
Place = Literal["wallet", "owner"]
_ACCEPTS = {"wallet": "accept_wallet", "owner": "accept_ownership"}
"""By the place that a key takes, the action by which it does."""
Acceptance = Annotated[
    Path, typer.Argument(metavar="ACCEPTANCE.JSON", help="Made with the new key: `pledger account accept`.")
]


@account_app.command("new-keystore")
def new_keystore_command(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="To be written; it must not be there.")],
    existing: Annotated[
        bool, typer.Option("--existing", help="Keep PLEDGER_PRIVATE_KEY's key in it instead of a new one.")
    ] = False,
) -> None:
    """Makes an encrypted key file, by the password that you give twice or PLEDGER_KEYSTORE_PASSWORD."""
    settings = Settings()
    if existing and settings.private_key is None:
        raise LedgerError("PLEDGER_PRIVATE_KEY is not set.", "Leave --existing out to make a new key.")
    if path.exists():
        raise LedgerError(f"{path} exists already.", "Choose another file.")
    given = settings.private_key if existing else None
    key = new_key() if given is None else from_hex(given.get_secret_value(), "PLEDGER_PRIVATE_KEY")
    to_keystore(key, _new_password(settings), path)
    print(f"{path} holds the key of {key.address}. Keep the password and a copy: nobody can make them anew.")
    print(f"export PLEDGER_KEYSTORE={shlex.quote(str(path))}")


@account_app.command("accept")
def accept_command(
    account: Annotated[str, typer.Argument(help="The account that the key is to act for.")],
    out: Annotated[Path, typer.Option(help="File to write; it is of use to this account only.")],
    place: Annotated[Place, typer.Option(help="What the key becomes.")] = "wallet",
    rpc_url: RpcUrl = None,
) -> None:
    """With the new key: accepts to become an account's wallet, or its owner. Costs nothing."""
    desk = replace(any_desk(How(rpc_url=rpc_url)), how=How(rpc_url=rpc_url, sign_only=out))
    desk.act(_ACCEPTS[place], account=address(account), **{place: desk.wallet})
    command = "rotate" if place == "wallet" else "owner"
    print(f"The owner runs `pledger account {command} {out}`.")


@account_app.command("rotate")
@acting
def rotate_command(acceptance: Acceptance, how: How = AS_USUAL) -> None:
    """With the owner's key: lets the new wallet act for the account. A recovery that waits is cancelled."""
    desk = any_desk(how)
    account, key, consent = _read(desk, acceptance, "wallet")
    desk.act("rotate_wallet", account=account, wallet=key, consent=consent)


@account_app.command("owner")
@acting
def owner_command(
    acceptance: Annotated[Path | None, typer.Argument(metavar="ACCEPTANCE.JSON")] = None,
    back_to_wallet: Annotated[
        str | None, typer.Option(metavar="ACCOUNT", help="Give the place back to this account's wallet.")
    ] = None,
    how: How = AS_USUAL,
) -> None:
    """With the owner's key: names another owner, who alone rotates the wallet from then on."""
    if (acceptance is None) == (back_to_wallet is None):
        raise LedgerError(
            "Say who becomes the owner.", "Give the new owner's acceptance, or --back-to-wallet ACCOUNT."
        )
    desk = any_desk(how)
    if back_to_wallet is not None:
        account, key, consent = address(back_to_wallet), address(ZERO_ADDRESS), BY_TRANSACTION
    elif acceptance is not None:
        account, key, consent = _read(desk, acceptance, "owner")
    desk.act("change_owner", account=account, owner=key, consent=consent)


@account_app.command("propose-recovery")
@acting
def propose_command(
    account: Annotated[str, typer.Argument(help="The account whose keys are lost.")],
    wallet: Annotated[str, typer.Argument(help="The wallet that is to act for it.")],
    how: How = AS_USUAL,
) -> None:
    """With the consortium's key: begins a recovery, which the owner has 14 days to cancel, and which then can
    be completed for 30.
    """
    desk = any_desk(how)
    lost, new = address(account), address(wallet)
    desk.act("propose_recovery", account=lost, wallet=new)
    if not how.sends:
        return
    waiting = RECOVERY_OF.of(desk.as_of_now().questions, lost)
    print(f"It can be completed from {shown(waiting.executable_at)} to {shown(waiting.expires_at)}.")


@account_app.command("cancel-recovery")
@acting
def cancel_command(account: For = None, how: How = AS_USUAL) -> None:
    """With the owner's key: stops a recovery."""
    desk = any_desk(how)
    own = desk.account if account is None else address(account)
    desk.act("cancel_recovery", account=own)


@account_app.command("recover")
@acting
def recover_command(acceptance: Acceptance, how: How = AS_USUAL) -> None:
    """Completes a recovery 14 to 44 days after it was proposed. Anyone can, with the new wallet's consent."""
    desk = any_desk(how)
    account, key, consent = _read(desk, acceptance, "wallet")
    waiting = RECOVERY_OF.of(desk.questions, account)
    if not waiting.executable_at:
        raise LedgerError(
            f"No recovery of {account} waits: none was begun, or it has expired.",
            "The consortium begins one: `pledger account propose-recovery`.",
        )
    if waiting.wallet.lower() != key.lower():
        raise LedgerError(
            f"The recovery that waits is to {waiting.wallet}, not to {key}.",
            "Have that wallet accept instead.",
        )
    if desk.now < waiting.executable_at:
        raise LedgerError(
            f"It can be completed from {shown(waiting.executable_at)} to {shown(waiting.expires_at)}.",
            "Run this again then.",
        )
    desk.act("recover", account=account, consent=consent)


def _new_password(settings: Settings) -> str:
    if settings.keystore_password is not None:
        password = settings.keystore_password.get_secret_value()
    elif sys.stdin.isatty():
        password = getpass.getpass("New password: ")
        if getpass.getpass("Once more: ") != password:
            raise LedgerError("The two passwords differ.", "Nothing was written: run this again.")
    else:
        raise LedgerError("A keystore needs a password.", "Set PLEDGER_KEYSTORE_PASSWORD.")
    if len(password) < _SHORTEST_PASSWORD:
        raise LedgerError(
            f"A password has at least {_SHORTEST_PASSWORD} characters.",
            "Nothing was written: choose a longer one.",
        )
    return password


def _read(desk: Desk, path: Path, place: Place) -> tuple[ChecksumAddress, ChecksumAddress, Authorization]:
    """Account, new key and its consent. Raises LedgerError when the file is not such an acceptance."""
    forms = form_files.read(path, desk.deployment)
    named = [form.action.name for form in forms]
    if named != [_ACCEPTS[place]]:
        raise LedgerError(
            f"Expected an acceptance to become the {place} in {path}, got {', '.join(named) or 'none'}.",
            f"Make one with the new key: `pledger account accept --place {place}`.",
        )
    [form] = forms
    said = form_files.said_of(form, desk.facts)
    return address(said["account"]), address(said[place]), form.authorization
