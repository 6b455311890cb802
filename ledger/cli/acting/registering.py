"""``pledger register``: a partner makes itself known."""

import unicodedata
from typing import Annotated

import typer

from ledger.cli.acting.desk import For, RpcUrl, Yes, open_desk
from ledger.errors import LedgerError

_MAX_NAME, _MAX_URI = 100, 300
"""Bytes."""
_SCHEMES = ("https://", "http://", "ipfs://")


def register_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its public name, 1 to 100 bytes.")],
    uri: Annotated[str, typer.Option(help="A web address that says more, at most 300 bytes.")] = "",
    account: For = None,
    rpc_url: RpcUrl = None,
    yes: Yes = False,
) -> None:
    """Makes your account known under a public name, for good. The account is the key's own address."""
    public, link = unicodedata.normalize("NFC", name).strip(), uri.strip()
    _require_name(public)
    _require_uri(link)
    desk = open_desk(rpc_url, account, yes=yes)
    if desk.ask("PartnerRegistry", "isRegistered", desk.account):
        raise LedgerError(f"{desk.account} is registered already.", "A name is given once: the API shows it.")
    what = f"register {desk.account} as {public!r}" + (f", {link}" if link else "")
    desk.send("PartnerRegistry", "register", desk.account, public, link, action=what)


def _require_name(name: str) -> None:
    size = len(name.encode("utf-8", "surrogatepass"))
    if not 1 <= size <= _MAX_NAME:
        raise LedgerError(f"A name has 1 to {_MAX_NAME} bytes, this one has {size}.", "Choose another.")
    if any(unicodedata.category(character)[0] == "C" for character in name):
        raise LedgerError(
            f"The name {name!r} has characters that cannot be seen.",
            "Write it in plain letters: it is public.",
        )


def _require_uri(uri: str) -> None:
    if uri and not (uri.startswith(_SCHEMES) and uri.isprintable() and " " not in uri):
        raise LedgerError(f"{uri!r} is not a web address.", "Give a whole one, as https://example.com.")
    if len(uri.encode()) > _MAX_URI:
        raise LedgerError(f"A web address has at most {_MAX_URI} bytes.", "Give a shorter one.")
