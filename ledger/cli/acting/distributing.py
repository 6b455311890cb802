"""``pledger distribute``: all payees of an agreement are paid at once, by anyone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from eth_typing import ChecksumAddress

from ledger.chain.reverts import Reverted
from ledger.cli.acting.desk import Desk, any_desk, identifier
from ledger.cli.acting.how import AS_USUAL, How, acting
from ledger.cli.acting.owed import open_books, still_held
from ledger.cli.acting.tokens import Token, token_or_units
from ledger.rules.plan import shares_of
from ledger.terms.agreement import Terms
from ledger.terms.contracts import REVENUE
from ledger.terms.ids import AgreementId

_MOST = 400
"""Payees in one transaction: with the most that each can cost, below the 2^24 gas that one may use."""
_SHOWN = 20
_MOST_ROUNDS = 100


@dataclass(frozen=True)
class _Pot:
    """What is paid out at once: an agreement's revenue in a token, of one period where it has periods."""

    agreement: AgreementId
    terms: Terms
    token: Token
    period: int
    in_periods: bool

    @property
    def name(self) -> str:
        """As a person is told of it."""
        period = f", period {self.period}" if self.in_periods else ""
        return f"agreement 0x{self.agreement.hex()}{period}"


@acting
def distribute_command(
    agreement: Annotated[str, typer.Argument(metavar="AGREEMENT", help="Whose payees are paid: its id.")],
    token: Annotated[
        str | None, typer.Option(help="One token, by symbol or address; all when left out.")
    ] = None,
    how: How = AS_USUAL,
) -> None:
    """Pays all payees of an agreement what they earned and were not paid yet, each to its wallet: shows it
    first. Anyone can, and pays the gas. A long list is paid in several transactions.
    """
    desk = any_desk(how)
    wanted = identifier(AgreementId, agreement)
    terms = desk.terms_of(wanted)
    paid = False
    for pot in _pots(desk, wanted, terms, token):
        paid = _pay_out(desk, pot) or paid
    if not paid:
        print(_why_nothing(desk, {wanted: terms}, token))


def _pots(desk: Desk, agreement: AgreementId, terms: Terms, token: str | None) -> Iterator[_Pot]:
    for accepted, periods, in_periods in open_books(desk, agreement, terms, token):
        for period in periods:
            yield _Pot(
                agreement, terms, token_or_units(desk.node, desk.deployment, accepted), period, in_periods
            )


def _pay_out(desk: Desk, pot: _Pot) -> bool:
    """Whether anybody was owed anything."""
    owed = _owed(desk, pot)
    any_owed = bool(owed)
    for _ in range(_MOST_ROUNDS):  # where many days are due, one call releases no more than 64 of them
        if not owed:
            break
        _show(pot, owed)
        _send(desk, pot, owed)
        if not desk.how.sends:
            break
        left = _owed(desk.as_of_now(), pot)
        if all(owed.get(account) == amount for account, amount in left.items()):
            _tell_unpaid(pot, left)
            break
        owed = left
    return any_owed


def _owed(desk: Desk, pot: _Pot) -> Mapping[ChecksumAddress, int]:
    """What each payee can be paid now, in base units, of those who can be paid anything."""
    shares = shares_of(pot.terms, pot.agreement, pot.period)
    asked: list[list[Any]] = [[account, pot.token.address, share] for account, share in shares.items()]
    amounts = desk.questions.ask(REVENUE, "claimableOf", asked)
    return {account: amount for account, amount in zip(shares, amounts, strict=True) if amount}


def _show(pot: _Pot, owed: Mapping[ChecksumAddress, int]) -> None:
    print(f"{pot.name} pays")
    for account, amount in list(owed.items())[:_SHOWN]:
        print(f"{pot.token.text(amount):>24}  to the wallet of {account}")
    rest = list(owed.values())[_SHOWN:]
    if rest:
        print(f"{pot.token.text(sum(rest)):>24}  to {len(rest)} more payees")


def _send(desk: Desk, pot: _Pot, owed: Mapping[ChecksumAddress, int]) -> None:
    count = len(pot.terms.payees)
    calls = -(-count // _MOST)
    most = 0 if calls == 1 else _MOST
    print(f"{len(owed)} payees get {pot.token.text(sum(owed.values()))} in all.")
    for number in range(1, calls + 1):
        if calls > 1:
            print(f"Transaction {number} of {calls}:")
        try:
            desk.act(
                "distribute",
                agreement=pot.agreement,
                terms=pot.terms,
                token=pot.token.address,
                period=pot.period,
                most=most,
            )
        except Reverted as refusal:
            # Somebody else may have paid the rest of a long list meanwhile.
            if number == 1 or refusal.error != "NothingToDistribute":
                raise
            return


def _tell_unpaid(pot: _Pot, left: Mapping[ChecksumAddress, int]) -> None:
    for account, amount in left.items():
        print(
            f"{account} could not be paid {pot.token.text(amount)}: it is set aside. `pledger claim --to` "
            "sends it elsewhere, and the next time that all are paid tries again."
        )


def _why_nothing(desk: Desk, terms: Mapping[AgreementId, Terms], token: str | None) -> str:
    nothing = "Nobody has anything coming now"
    held = still_held(desk, terms, token)
    if not held:
        return f"{nothing}: nothing was released yet, or all of it was paid out."
    amounts = ", ".join(
        f"{token_or_units(desk.node, desk.deployment, each.token).text(each.amount)}" for each in held
    )
    return f"{nothing}: {amounts} is still held."
