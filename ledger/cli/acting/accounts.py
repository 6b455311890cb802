"""``pledger account``: a key file, another wallet, another owner, and recovery of lost keys."""

import getpass
import json
import shlex
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from eth_typing import ChecksumAddress

from ledger import signing as typed_data
from ledger.chain.authorization import BY_TRANSACTION, Authorization, random_nonce, sign
from ledger.chain.keys import from_hex, new_key, to_keystore
from ledger.chain.signatures import parse
from ledger.cli.acting.desk import For, RpcUrl, Yes, address, any_desk
from ledger.cli.moments import shown
from ledger.errors import LedgerError
from ledger.intake.wallet_batch import write_json
from ledger.settings import Settings
from ledger.terms import solidity
from ledger.terms.solidity import ZERO_ADDRESS

account_app = typer.Typer(no_args_is_help=True, help="Who acts for an account, and who may change that.")

_DAY = 86_400
_SHORTEST_PASSWORD = 8
_GOOD_FOR = 7 * _DAY
Place = Literal["wallet", "owner"]
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
    desk = any_desk(rpc_url)
    make = typed_data.accept_wallet if place == "wallet" else typed_data.accept_ownership
    owner, deadline = address(account), desk.now + _GOOD_FOR
    data = make(desk.deployment, owner, desk.sender.address, nonce=random_nonce(), deadline=deadline)
    signed = sign(data, desk.sender.key)
    write_json(
        out,
        {
            "account": owner,
            "place": place,
            "key": desk.sender.address,
            "nonce": str(signed.nonce),
            "deadline": str(signed.deadline),
            "signature": "0x" + signed.signature.hex(),
        },
    )
    command = "rotate" if place == "wallet" else "owner"
    print(f"{out} is good until {shown(deadline)}: the owner runs `pledger account {command} {out}`.")


@account_app.command("rotate")
def rotate_command(acceptance: Acceptance, rpc_url: RpcUrl = None, yes: Yes = False) -> None:
    """With the owner's key: lets the new wallet act for the account. A recovery that waits is cancelled."""
    account, key, consent = _read(acceptance, "wallet")
    desk = any_desk(rpc_url, yes=yes)
    desk.send("PartnerRegistry", "rotate", account, key, consent.to_abi(), action=f"rotate to {key}")


@account_app.command("owner")
def owner_command(
    acceptance: Annotated[Path | None, typer.Argument(metavar="ACCEPTANCE.JSON")] = None,
    back_to_wallet: Annotated[
        str | None, typer.Option(metavar="ACCOUNT", help="Give the place back to this account's wallet.")
    ] = None,
    rpc_url: RpcUrl = None,
    yes: Yes = False,
) -> None:
    """With the owner's key: names another owner, who alone rotates the wallet from then on."""
    if (acceptance is None) == (back_to_wallet is None):
        raise LedgerError(
            "Say who becomes the owner.", "Give the new owner's acceptance, or --back-to-wallet ACCOUNT."
        )
    desk = any_desk(rpc_url, yes=yes)
    if back_to_wallet is not None:
        account, key, consent = address(back_to_wallet), address(ZERO_ADDRESS), BY_TRANSACTION
    elif acceptance is not None:
        account, key, consent = _read(acceptance, "owner")
    desk.send(
        "PartnerRegistry", "changeOwner", account, key, consent.to_abi(), action=f"make {key} the owner"
    )


@account_app.command("propose-recovery")
def propose_command(
    account: Annotated[str, typer.Argument(help="The account whose keys are lost.")],
    wallet: Annotated[str, typer.Argument(help="The wallet that is to act for it.")],
    rpc_url: RpcUrl = None,
    yes: Yes = False,
) -> None:
    """With the consortium's key: begins a recovery, which the owner has 14 days to cancel, and which then can
    be completed for 30.
    """
    desk = any_desk(rpc_url, yes=yes)
    lost, new = address(account), address(wallet)
    desk.send("PartnerRegistry", "proposeRecovery", lost, new, action=f"propose the recovery of {lost}")
    _, executable_at, expires_at = desk.as_of_now().ask("PartnerRegistry", "recoveryOf", lost)
    print(f"It can be completed from {shown(executable_at)} to {shown(expires_at)}.")


@account_app.command("cancel-recovery")
def cancel_command(account: For = None, rpc_url: RpcUrl = None, yes: Yes = False) -> None:
    """With the owner's key: stops a recovery."""
    desk = any_desk(rpc_url, yes=yes)
    own = desk.account if account is None else address(account)
    desk.send("PartnerRegistry", "cancelRecovery", own, action="cancel the recovery")


@account_app.command("recover")
def recover_command(acceptance: Acceptance, rpc_url: RpcUrl = None, yes: Yes = False) -> None:
    """Completes a recovery 14 to 44 days after it was proposed. Anyone can, with the new wallet's consent."""
    account, key, consent = _read(acceptance, "wallet")
    desk = any_desk(rpc_url, yes=yes)
    waiting, executable_at, expires_at = desk.ask("PartnerRegistry", "recoveryOf", account)
    if not executable_at:
        raise LedgerError(
            f"No recovery of {account} waits: none was begun, or it has expired.",
            "The consortium begins one: `pledger account propose-recovery`.",
        )
    if waiting.lower() != key.lower():
        raise LedgerError(
            f"The recovery that waits is to {waiting}, not to {key}.", "Have that wallet accept instead."
        )
    if desk.now < executable_at:
        raise LedgerError(
            f"It can be completed from {shown(executable_at)} to {shown(expires_at)}.", "Run this again then."
        )
    desk.send("PartnerRegistry", "recover", account, consent.to_abi(), action=f"recover {account} to {key}")


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


def _read(path: Path, place: Place) -> tuple[ChecksumAddress, ChecksumAddress, Authorization]:
    """Account, new key and its consent. Raises LedgerError when the file is no such acceptance."""
    try:
        content = json.loads(path.read_text())
        if content["place"] != place:
            raise LedgerError(
                f"{path} accepts to become the {content['place']}, not the {place}.",
                f"Make another: `pledger account accept --place {place}`.",
            )
        nonce, deadline = (solidity.parse("uint256", content[name], name) for name in ("nonce", "deadline"))
        consent = Authorization(nonce, deadline, parse(content["signature"]))
        return address(content["account"]), address(content["key"]), consent
    except OSError as error:
        raise LedgerError(f"Cannot read {path}: {error.strerror}.", "Check the path.") from error
    except (ValueError, KeyError, TypeError, solidity.ValueInvalid) as error:
        raise LedgerError(
            f"{path} is not an acceptance.", "Make one with `pledger account accept`."
        ) from error
