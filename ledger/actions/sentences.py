"""What an action does, in words for whoever is asked to sign or send it."""

from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any, Protocol

from ledger.actions.declaration import Unit
from ledger.actions.said import Said
from ledger.terms.payments import Bundle
from ledger.terms.quantities import duration, moment
from ledger.terms.reasons import reason_text


class Naming(Protocol):
    """How people call accounts, tokens and amounts."""

    def account(self, address: str) -> str:
        """An account or wallet."""

    def token(self, address: str) -> str:
        """A token."""

    def amount(self, token: str, units: int) -> str:
        """An amount in token base units."""

    def moment(self, seconds: int) -> str:
        """A time in unix seconds."""


class Bare:
    """Names of nobody who knows any: addresses and base units."""

    def account(self, address: str) -> str:
        return address

    def token(self, address: str) -> str:
        return f"the token {address}"

    def amount(self, token: str, units: int) -> str:
        return f"{units:,} smallest units of the token {token}"

    def moment(self, seconds: int) -> str:
        return moment(seconds)


def sentence(said: Said, naming: Naming | None = None) -> str:
    """``Withdraw 1,240.50 USDT owed to Agency (0x…), to 0x…``. Raises as :class:`Facts`, and KeyError where
    something is missing.
    """
    names = [name for _, name, _, _ in Formatter().parse(said.action.sentence) if name]
    words = {name: _words(said, name, naming or Bare()) for name in names}
    return said.action.sentence.format(**words)


def _words(said: Said, name: str, naming: Naming) -> str:
    unit = next((each.unit for each in said.action.fields if each.name == name), _FOLLOWING.get(name))
    if unit is Unit.AMOUNT:
        return naming.amount(said["token"], said[name])
    if unit in (Unit.ACCOUNT, Unit.ADDRESS):
        return naming.account(said[name])
    if unit is Unit.TOKEN:
        return naming.token(said[name])
    if unit is Unit.MOMENT:
        return naming.moment(said[name])
    if name == "bundles":
        return _invoices(said, naming)
    return _PLAIN.get(unit, str)(said[name])


def _invoices(said: Said, naming: Naming) -> str:
    bundles: list[Bundle] = said["bundles"]
    amounts = [invoice.amount for bundle in bundles for invoice in bundle.invoices]
    count = "one invoice" if len(amounts) == 1 else f"{len(amounts)} invoices"
    agreements = "one agreement" if len(bundles) == 1 else f"{len(bundles)} agreements"
    return f"{count} under {agreements}, {naming.amount(said['token'], sum(amounts))} in all,"


def _list(values: Any) -> str:
    return "one won deal" if len(values) == 1 else f"{len(values)} won deals"


_FOLLOWING: Mapping[str, Unit] = {
    "owed": Unit.AMOUNT,
    "due": Unit.AMOUNT,
    "recipient": Unit.ADDRESS,
    "agreement": Unit.ID,
}
"""Units of what is told though nobody said it."""
_PLAIN: Mapping[Unit | None, Callable[[Any], str]] = {
    Unit.ID: lambda value: "0x" + value.hex(),
    Unit.HASH: lambda value: "0x" + value.hex(),
    Unit.REASON: reason_text,
    Unit.SECONDS: duration,
    Unit.LIST: _list,
}
