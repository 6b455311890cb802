"""``pledger keys``: keys by which machines act for your account at a server."""

from typing import Annotated, Any

import typer

from ledger.cli.acting.server_session import Server, ServerUrl
from ledger.cli.moments import shown

keys_app = typer.Typer(no_args_is_help=True, help="Keys by which machines act for your account at a server.")


@keys_app.command("list")
def list_command(server: ServerUrl = None) -> None:
    """Shows the account's keys: what each may do, until when, and when it was last used."""
    found = Server(server).ask("GET", "/v1/keys")["keys"]
    if not found:
        print("no keys")
    for each in found:
        _show(each)


@keys_app.command("make")
def make_command(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[list[str], typer.Option(help="What it may do: docs/access.md. Once for each.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="Until it is over by itself.")] = 90,
    server: ServerUrl = None,
) -> None:
    """Makes a key, and prints it: this once, nobody can show it again."""
    made = Server(server).ask("POST", "/v1/keys", {"name": name, "scopes": scope, "days": days})
    _show(made)
    print(made["key"])


@keys_app.command("revoke")
def revoke_command(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="As `pledger keys list` shows it.")],
    server: ServerUrl = None,
) -> None:
    """Ends a key, at once and for good."""
    _show(Server(server).ask("DELETE", f"/v1/keys/{identifier}"))


def _show(each: Any) -> None:
    if each["revoked_at"] is not None:
        until = f"revoked {shown(each['revoked_at'])}"
    else:
        until = f"until {shown(each['expires_at'])}" + ("" if each["counts"] else ", does not count")
    used = "never used" if each["last_used_at"] is None else f"last used {shown(each['last_used_at'])}"
    print(f"{each['id']}  {each['name']}: {', '.join(each['scopes'])}; {until}; {used}")
