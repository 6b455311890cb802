"""``pledger login`` and ``logout``: a session with a server, by the key of all other commands."""

from typing import Annotated

import typer
from eth_account.messages import encode_defunct

from ledger.chain.keys import signing_key
from ledger.cli.acting.desk import address
from ledger.cli.acting.server_session import Server, ServerUrl
from ledger.cli.deploy import ask_password
from ledger.cli.moments import shown
from ledger.errors import LedgerError
from ledger.people import message
from ledger.people.message import MessageInvalid
from ledger.settings import Settings


def login_command(
    account: Annotated[
        str | None, typer.Option("--for", metavar="ACCOUNT", help="The account to act for; else your own.")
    ] = None,
    server: ServerUrl = None,
) -> None:
    """Signs in to a server with your key: the wallet's, or as a member of an account. Costs nothing."""
    wanted = None if account is None else address(account)
    there = Server(server)
    key = signing_key(Settings(), ask_password)
    text = str(there.ask("POST", "/v1/sign-in/challenge", {"address": key.address}).get("message", ""))
    _require_theirs(text, there.origin, key.address)
    signature = "0x" + bytes(key.sign_message(encode_defunct(text=text)).signature).hex()
    said = there.begin(text, signature, wanted)
    name = f"{said['name']}, " if said["name"] else ""
    print(f"{there.origin}: signed in for {name}{said['account']}, as {said['role']}")
    print(f"until {shown(said['expires_at'])}; `pledger logout` ends it sooner")
    for each in said["accounts"]:
        if each["account"] != said["account"]:
            print(f"also: --for {each['account']}, as {each['role']}: {each['name'] or 'not registered'}")


def logout_command(
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="End every other session of this wallet, too.")
    ] = False,
    server: ServerUrl = None,
) -> None:
    """Ends the session with a server."""
    there = Server(server)
    there.ask("DELETE", "/v1/session?everywhere=true" if everywhere else "/v1/session")
    there.forget()
    print(f"{there.origin}: signed out" + (" on all devices" if everywhere else ""))


def _require_theirs(text: str, origin: str, wallet: str) -> None:
    """A server could hand on another server's message, and sign in there as you."""
    try:
        said = message.parse(text)
    except MessageInvalid as error:
        raise LedgerError(f"{origin} gave no message to sign in with.", "Update the program.") from error
    scheme, _, domain = origin.partition("://")
    own = said.domain == domain and said.uri == origin and (said.scheme or scheme) == scheme
    if not own or said.address != wallet:
        raise LedgerError(
            f"{origin} asks for a signature that signs in at {said.uri} ({said.domain}).",
            "Nothing was signed. If that is the address under which it is public, give it with --server.",
        )
