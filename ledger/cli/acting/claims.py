"""``pledger claim``: everything that an account is owed, or what it is under one agreement."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address

from ledger.chain.reverts import Reverted
from ledger.cli.acting.desk import Desk, address, any_desk, open_desk
from ledger.cli.acting.how import AS_USUAL, How, acting
from ledger.cli.acting.owed import Owed, owed_to, still_held, terms_for
from ledger.cli.acting.recipients import require_recipient
from ledger.cli.acting.tokens import token_or_units
from ledger.cli.moments import shown
from ledger.errors import LedgerError
from ledger.rules.claim_parts import claim_parts
from ledger.terms.agreement import Terms
from ledger.terms.contracts import PARTNERS
from ledger.terms.ids import AgreementId
from ledger.terms.payments import Source

_MOST_ROUNDS = 100


@acting
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
    how: How = AS_USUAL,
) -> None:
    """Pays out what was earned and not claimed yet: shows it first, then sends one transfer a token."""
    desk = any_desk(how) if to is None else open_desk(how, account)
    payee = desk.account if account is None else desk.account_of(account)
    recipient = to_checksum_address(desk.ask(PARTNERS, "walletOf", payee)) if to is None else address(to)
    terms = terms_for(desk, payee, agreement)
    owed = owed_to(desk, payee, terms, token)
    if not owed:
        print(_why_nothing(desk, payee, terms, token))
        return
    for _ in range(_MOST_ROUNDS):  # where many days are due, one claim releases no more than 64 of them
        refusals = _claim(desk, payee, owed, recipient, is_own=to is not None)
        if refusals:
            raise LedgerError(" ".join(each.what for each in refusals), refusals[0].hint)
        if not how.sends:
            return
        owed = owed_to(desk.as_of_now(), payee, terms, token)
        if not owed:
            return


def _why_nothing(
    desk: Desk, payee: ChecksumAddress, terms: Mapping[AgreementId, Terms], token: str | None
) -> str:
    nothing = f"Nothing can be claimed for {payee} now"
    if not terms:
        if desk.ask(PARTNERS, "isRegistered", payee):
            return f"{nothing}: no agreement pays it."
        return f"{nothing}: it is not registered here. `pledger register NAME` makes it known."
    held = still_held(desk, terms, token)
    if held is None:
        return f"{nothing}."
    if not held:
        return f"{nothing}: nothing was released to it yet, or all of it was claimed."
    lines = [
        f"Payments under agreement 0x{each.agreement.hex()} are still held: "
        f"{token_or_units(desk.node, desk.deployment, each.token).text(each.amount)} for all its payees "
        f"together, the first of it until {shown(each.first_until)}."
        for each in held
    ]
    return "\n".join([f"{nothing}.", *lines])


def _claim(
    desk: Desk, payee: ChecksumAddress, owed: list[Owed], recipient: ChecksumAddress, *, is_own: bool
) -> list[Reverted]:
    """Shows and sends what is owed; a token that pays nothing out keeps nobody from the others. Returns what
    the contracts refused. ``is_own``: the recipient is the account's choice, which its wallet alone can make.
    """
    tokens = {each.token: token_or_units(desk.node, desk.deployment, each.token) for each in owed}
    require_recipient(desk, recipient, tokens)
    for each in owed:
        period = f", period {each.period}" if each.in_periods else ""
        print(f"{tokens[each.token].text(each.amount):>24}  agreement 0x{each.agreement.hex()}{period}")
    refusals: list[Reverted] = []
    for own, part in _parts(owed):
        given = {"recipient": recipient} if is_own else {}
        try:
            desk.act(
                "claim",
                account=payee,
                token=own,
                sources=[Source(each.agreement, each.period) for each in part],
                shares=[each.share for each in part],
                owed=sum(each.amount for each in part),
                **given,
            )
        except Reverted as refusal:
            refusals.append(refusal)
    return refusals


def _parts(owed: list[Owed]) -> Iterator[tuple[ChecksumAddress, list[Owed]]]:
    """By token, as many at once as one transaction carries."""
    for token in dict.fromkeys(each.token for each in owed):
        own = (each for each in owed if each.token == token)
        yield from ((token, part) for part in claim_parts(own, lambda each: each.is_held))
