"""What an account can claim now, and why it can claim nothing, as the contract says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from eth_typing import ChecksumAddress

from ledger.chain.checked_entries import checked_entries
from ledger.chain.views import BOOK_OF, Book
from ledger.cli.acting.desk import Desk, identifier
from ledger.cli.acting.tokens import chosen
from ledger.errors import LedgerError
from ledger.rules.plan import share_of
from ledger.terms.agreement import Terms
from ledger.terms.contracts import AGREEMENTS, REVENUE
from ledger.terms.ids import AgreementId
from ledger.terms.units import DAY

_MOSTDAYS = 1_000
"""How many days of all its agreements are asked for, to say what is held."""


@dataclass(frozen=True)
class Owed:
    """What an account can claim now of one agreement, token and period, in base units. ``is_held``: its terms
    hold payments, so that a claim may first release days of them.
    """

    agreement: AgreementId
    period: int
    token: ChecksumAddress
    amount: int
    share: tuple[Any, ...]
    in_periods: bool
    is_held: bool


@dataclass(frozen=True)
class Held:
    """What a book holds for all its payees together, in base units; the first of it until then (seconds)."""

    agreement: AgreementId
    token: ChecksumAddress
    amount: int
    first_until: int


def owed_to(desk: Desk, payee: str, terms: Mapping[AgreementId, Terms], token: str | None) -> list[Owed]:
    """What the contract says that the payee can claim of each agreement, token and period."""
    of, books = _books(desk, terms, token)
    begun, now = _begun(desk), desk.now
    found = [
        (agreement, accepted, period, share_of(terms[agreement], agreement, payee, period), book)
        for (agreement, accepted), book in zip(of, books, strict=True)
        if book.open
        for period in _periods(book, begun, now)
    ]
    amounts = desk.questions.ask(
        REVENUE, "claimableOf", [[payee, accepted, share] for _, accepted, _, share, _ in found]
    )
    return [
        Owed(agreement, period, accepted, amount, share, bool(book.period_days), bool(book.hold_days))
        for (agreement, accepted, period, share, book), amount in zip(found, amounts, strict=True)
        if amount
    ]


def still_held(desk: Desk, terms: Mapping[AgreementId, Terms], token: str | None) -> list[Held] | None:
    """What each of the agreements holds, for all its payees; None where that is too many days to ask for."""
    of, books = _books(desk, terms, token)
    now = desk.now
    days = [
        (agreement, accepted, day * DAY)
        for (agreement, accepted), book in zip(of, books, strict=True)
        if book.open and book.hold_days
        for day in range(now // DAY + 1, now // DAY + book.hold_days + 2)
    ]
    if len(days) > _MOSTDAYS:
        return None
    found: dict[tuple[AgreementId, ChecksumAddress], Held] = {}
    for (agreement, accepted, day), amount in zip(
        days, desk.questions.ask(REVENUE, "heldUntil", days), strict=True
    ):
        if amount:
            first = found.get((agreement, accepted), Held(agreement, accepted, 0, day))
            found[agreement, accepted] = replace(first, amount=first.amount + amount)
    return list(found.values())


def terms_for(desk: Desk, payee: str, agreement: str | None) -> dict[AgreementId, Terms]:
    """The terms of one agreement, or of all that the account is a payee of, amended ones too."""
    if agreement is not None:
        wanted = identifier(AgreementId, agreement)
        terms = desk.terms_of(wanted)
        if not _is_payee(terms, payee):
            raise LedgerError(
                f"{payee} is not a payee of the agreement 0x{wanted.hex()}.",
                f"Its payees are {', '.join(each.account for each in terms.payees[:10])}: act with --for.",
            )
        return {wanted: terms}
    entries = checked_entries(desk.node, desk.deployment, AGREEMENTS, desk.questions.at)
    return {
        entry.args["agreement"]: entry.args["terms"]
        for entry in entries
        if entry.name == "AgreementActivated" and _is_payee(entry.args["terms"], payee)
    }


def open_books(
    desk: Desk, agreement: AgreementId, terms: Terms, token: str | None
) -> list[tuple[ChecksumAddress, range, bool]]:
    """The tokens in which an agreement was paid: each with the periods of which something may be released,
    and whether there are periods.
    """
    of, books = _books(desk, {agreement: terms}, token)
    begun, now = _begun(desk), desk.now
    return [
        (accepted, _periods(book, begun, now), bool(book.period_days))
        for (_, accepted), book in zip(of, books, strict=True)
        if book.open
    ]


def _books(
    desk: Desk, terms: Mapping[AgreementId, Terms], token: str | None
) -> tuple[list[tuple[AgreementId, ChecksumAddress]], list[Book]]:
    """The agreements' books, of one token or all: agreement and token, and what the contract has of each."""
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
    return of, BOOK_OF.of_each(desk.questions, of)


def _begun(desk: Desk) -> int:
    block = desk.node.rpc("eth_getBlockByNumber", [hex(desk.deployment.block), False])
    return int(block["timestamp"], 16)


def _is_payee(terms: Terms, account: str) -> bool:
    return any(payee.account == account for payee in terms.payees)


def _periods(book: Book, begun: int, now: int) -> range:
    """The periods in which anything can have been paid; 0 alone where there are none. ``begun``: the time of
    the deployment, in unix seconds: terms may count their periods from long before.
    """
    if not book.period_days:
        return range(1)
    seconds = book.period_days * DAY
    first = max(0, begun - book.valid_from) // seconds
    return range(first, (now - book.valid_from) // seconds + 1)
