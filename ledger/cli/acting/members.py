"""``pledger members``: who acts for your account at a server."""

from typing import Annotated, Any

import typer

from ledger.cli.acting.desk import address
from ledger.cli.acting.server_session import Server, ServerUrl
from ledger.people.access import Role

members_app = typer.Typer(no_args_is_help=True, help="Who acts for your account at a server, and as what.")

Wallet = Annotated[str, typer.Argument(metavar="WALLET", help="The address that they sign in with.")]


@members_app.command("list")
def list_command(server: ServerUrl = None) -> None:
    """Shows the account's wallet, and everybody whom an owner let act for it."""
    _show(Server(server).ask("GET", "/v1/members"))


@members_app.command("add")
def add_command(
    wallet: Wallet,
    role: Annotated[Role, typer.Option(help="What they may do: docs/access.md.")],
    name: Annotated[
        str | None, typer.Option(help="What you call them; the account's members see it.")
    ] = None,
    server: ServerUrl = None,
) -> None:
    """Lets somebody in, changes their role, or confirms them after the account's wallet was changed."""
    _show(Server(server).ask("PUT", f"/v1/members/{address(wallet)}", {"role": role.value, "name": name}))


@members_app.command("remove")
def remove_command(wallet: Wallet, server: ServerUrl = None) -> None:
    """Puts somebody out, at once."""
    _show(Server(server).ask("DELETE", f"/v1/members/{address(wallet)}"))


def _show(body: Any) -> None:
    print(f"account {body['account']}")
    print(f"  {body['wallet']}  owner    the account's wallet")
    for each in body["members"]:
        late = "" if each["counts"] else ", not since a wallet was changed: add them anew, or remove them"
        print(f"  {each['address']}  {each['role']:8} {each['name']}{late}")
