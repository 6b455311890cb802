"""``pledger register``: a partner makes itself known."""

import unicodedata
from typing import Annotated

import typer

from ledger.cli.acting.desk import For, open_desk
from ledger.cli.acting.how import AS_USUAL, How, acting
from ledger.errors import LedgerError
from ledger.rules import public_text
from ledger.terms.contracts import PARTNERS


@acting
def register_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its public name, 1 to 100 bytes.")],
    uri: Annotated[str, typer.Option(help="A web address that says more, at most 300 bytes.")] = "",
    account: For = None,
    how: How = AS_USUAL,
) -> None:
    """Makes your account known under a public name, for good. The account is the key's own address."""
    public, link = unicodedata.normalize("NFC", name).strip(), uri.strip()
    _require(public_text.name_fault(public), public, "It is public: write it in plain letters.")
    _require(public_text.uri_fault(link), link, "Give a whole one, as https://example.com.")
    desk = open_desk(how, account)
    if desk.ask(PARTNERS, "isRegistered", desk.account):
        raise LedgerError(f"{desk.account} is registered already.", "A name is given once: the API shows it.")
    desk.act("register", account=desk.account, name=public, uri=link)


def _require(fault: str | None, written: str, instead: str) -> None:
    if fault is not None:
        raise LedgerError(f"{written!r} {fault}.", instead)
