"""``pledger claim``: everything that an account is owed, or what it is under one agreement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.chain.checked_entries import checked_entries
from ledger.chain.plan import share_of
from ledger.chain.reverts import Reverted
from ledger.chain.solidity import ZERO_ADDRESS
from ledger.chain.terms import Terms
from ledger.cli.acting.desk import Desk, RpcUrl, Yes, address, any_desk, identifier, open_desk
from ledger.cli.acting.tokens import Token, TokenUnclear, chosen
from ledger.errors import LedgerError

_AT_ONCE = 20
"""Shares in one transaction: each may first release 64 days of held payments."""
_DAY = 86_400
_VALID_FROM, _PERIOD_DAYS, _OPEN = 1, 4, 8
"""Places in the ledger's book of an agreement and token."""


@dataclass(frozen=True)
class Owed:
    """What an account can claim now of one agreement, token and period, in base units."""

    agreement: bytes
    period: int
    token: ChecksumAddress
    amount: int
    share: tuple[Any, ...]
    in_periods: bool


def claim_command(
    agreement: Annotated[
        str | None, typer.Argument(metavar="[AGREEMENT]", help="Its id; all agreements when left out.")
    ] = None,
    token: Annotated[
        str | None, typer.Option(help="One token, by symbol or address; all when left out.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Who receives it; the account's own wallet when left out."),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option("--for", metavar="ACCOUNT", help="Whose money; without --to anyone can send it."),
    ] = None,
    rpc_url: RpcUrl = None,
    yes: Yes = False,
) -> None:
    """Pays out what was earned and not claimed yet: shows it first, then sends a transfer for each token."""
    desk = any_desk(rpc_url, yes=yes) if to is None else open_desk(rpc_url, account, yes=yes)
    payee = desk.account if account is None else address(account)
    recipient = (
        to_checksum_address(desk.ask("PartnerRegistry", "walletOf", payee)) if to is None else address(to)
    )
    owed = owed_to(desk, payee, _terms(desk, payee, agreement), token)
    if not owed:
        print(f"Nothing can be claimed for {payee} now: what is held can be from its day on.")
        return
    tokens = {each.token: _token(desk, each.token) for each in owed}
    _require_recipient(desk, recipient, tokens)
    for each in owed:
        period = f", period {each.period}" if each.in_periods else ""
        print(f"{tokens[each.token].text(each.amount):>24}  agreement 0x{each.agreement.hex()}{period}")
    refusals: list[LedgerError] = []
    for own, part in _parts(owed):
        total = tokens[own].text(sum(each.amount for each in part))
        shares = [each.share for each in part]
        what = f"claim {total} for {payee}, paid to {recipient}"
        try:
            if to is None:
                desk.send("RevenueLedger", "claimAcross", payee, own, shares, action=what)
            else:
                desk.send("RevenueLedger", "claimTo", payee, recipient, own, shares, action=what)
        except Reverted as refusal:  # a token that pays nothing out keeps nobody from the others
            refusals.append(refusal)
    if refusals:
        raise LedgerError(" ".join(each.what for each in refusals), refusals[0].hint)


def owed_to(desk: Desk, payee: str, terms: Mapping[bytes, Terms], token: str | None) -> list[Owed]:
    """What the contract says that the payee can claim of each agreement, token and period."""
    every = tuple(dict.fromkeys(accepted for own in terms.values() for accepted in own.tokens))
    wanted = every
    if token is not None and every:
        wanted = (chosen(desk.node, desk.deployment, every, token).address,)
    of = [
        (agreement, accepted)
        for agreement, own in terms.items()
        for accepted in own.tokens
        if accepted in wanted
    ]
    books = desk.questions.ask("RevenueLedger", "bookOf", of)
    begun, now = _begun(desk), desk.now
    found = [
        (agreement, accepted, period, share_of(terms[agreement], agreement, payee, period))
        for (agreement, accepted), book in zip(of, books, strict=True)
        if book[_OPEN]
        for period in _periods(book, begun, now)
    ]
    amounts = desk.questions.ask(
        "RevenueLedger", "claimableOf", [[payee, accepted, share] for _, accepted, _, share in found]
    )
    return [
        Owed(agreement, period, accepted, amount, share, bool(terms[agreement].tranches[0].period_seconds))
        for (agreement, accepted, period, share), amount in zip(found, amounts, strict=True)
        if amount
    ]


def _terms(desk: Desk, payee: str, agreement: str | None) -> dict[bytes, Terms]:
    """The terms of one agreement, or of all that the account is a payee of, amended ones too."""
    if agreement is not None:
        wanted = identifier(agreement, "an agreement")
        terms = desk.terms_of(wanted)
        if not _is_payee(terms, payee):
            raise LedgerError(
                f"{payee} is not a payee of the agreement 0x{wanted.hex()}.",
                f"Its payees are {', '.join(each.account for each in terms.payees[:10])}: act with --for.",
            )
        return {wanted: terms}
    entries = checked_entries(desk.node, desk.deployment, "AgreementRegistry", desk.questions.at)
    return {
        entry.args["agreement"]: entry.args["terms"]
        for entry in entries
        if entry.name == "AgreementActivated" and _is_payee(entry.args["terms"], payee)
    }


def _begun(desk: Desk) -> int:
    block = desk.node.rpc("eth_getBlockByNumber", [hex(desk.deployment.block), False])
    return int(block["timestamp"], 16)


def _token(desk: Desk, address: ChecksumAddress) -> Token:
    """What it calls itself; its smallest units where it does not say how its amounts are written."""
    try:
        return desk.token(address)
    except TokenUnclear:
        return Token(address, f"smallest units of {address}", 0)


def _is_payee(terms: Terms, account: str) -> bool:
    return any(payee.account == account for payee in terms.payees)


def _periods(book: tuple[Any, ...], begun: int, now: int) -> range:
    """The periods in which anything can have been paid; 0 alone where there are none. ``begun``: the time of
    the deployment, in unix seconds: terms may count their periods from long before.
    """
    if not book[_PERIOD_DAYS]:
        return range(1)
    seconds = book[_PERIOD_DAYS] * _DAY
    first = max(0, begun - book[_VALID_FROM]) // seconds
    return range(first, (now - book[_VALID_FROM]) // seconds + 1)


def _parts(owed: list[Owed]) -> Iterator[tuple[ChecksumAddress, list[Owed]]]:
    """By token, as many at once as one transaction carries."""
    for token in dict.fromkeys(each.token for each in owed):
        of_token = [each for each in owed if each.token == token]
        for start in range(0, len(of_token), _AT_ONCE):
            yield token, of_token[start : start + _AT_ONCE]


def _require_recipient(desk: Desk, recipient: str, tokens: Mapping[ChecksumAddress, Token]) -> None:
    """Raises LedgerError for addresses at which money would be lost."""
    kind = desk.deployment.kind_of(recipient)
    what = (
        "the zero address"
        if recipient == ZERO_ADDRESS
        else f"the ledger's own {kind}"
        if kind is not None
        else "the token itself"
        if recipient in tokens
        else None
    )
    if what is not None:
        raise LedgerError(
            f"{recipient} is {what}: nobody could take the money out of it.",
            "Name another recipient with --to.",
        )
