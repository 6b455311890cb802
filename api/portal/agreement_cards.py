"""Agreements as the portal lists them: parties, and how revenue is split."""

from collections.abc import Collection
from dataclasses import dataclass

from eth_utils.address import to_checksum_address
from sqlalchemy import select

from api.agreements import queries
from api.agreements.routes import list_agreements
from api.agreements.schemas import AgreementSummary
from api.amounts import Amount, Tokens
from api.as_of import Answering
from api.paging import Page
from api.partner_names import NamedAccount, Names
from api.portal.bands import BandShares, band_shares
from api.portal.known_names import names_in
from api.portal.shares import SharePart, share_parts
from ledger.accounting.books import books
from ledger.store.reading import Reading
from ledger.store.tables import AgreementPayee

_SHOWN = 6
"""Payees in a card's legend; the bar shows them all."""


@dataclass(frozen=True)
class Earning:
    """What a payee has earned so far in one token."""

    payee: NamedAccount
    amount: Amount


@dataclass(frozen=True)
class AgreementCard:
    """An agreement with its split. ``shares`` hold for all revenue; of one whose split depends on how much
    came in, there are none, but its ``bands`` and what each payee has earned by them.
    """

    agreement: AgreementSummary
    shares: list[SharePart]
    bands: list[BandShares]
    earnings: list[Earning]

    @property
    def legend(self) -> list[SharePart]:
        """The shares that are named."""
        return self.shares if len(self.shares) <= _SHOWN else self.shares[: _SHOWN - 1]

    @property
    def unnamed(self) -> int:
        """How many are not."""
        return len(self.shares) - len(self.legend)


def agreement_cards(
    answering: Answering, page: Page, *, party: bytes | None = None
) -> tuple[list[AgreementCard], str | None]:
    """A page of agreements, the newest first, and the next page's cursor. ``party``: only those it signed."""
    listed = list_agreements(answering, page, party=party)
    splits = _splits(answering.reading, [each.agreement for each in listed.agreements])
    return [
        _card(answering.reading, each, splits[each.agreement]) for each in listed.agreements
    ], listed.next_cursor


def _card(reading: Reading, summary: AgreementSummary, split: list[tuple[bytes, list[int]]]) -> AgreementCard:
    if len(split[0][1]) > 1:
        return _banded(reading, summary)
    names = _names(reading, [account for account, _ in split])
    weights = [(str(to_checksum_address(account)), weights[0]) for account, weights in split]
    return AgreementCard(summary, share_parts(weights, names), [], [])


def _banded(reading: Reading, summary: AgreementSummary) -> AgreementCard:
    row = queries.one(reading, summary.agreement)
    if row is None:
        raise LookupError(f"agreement {summary.agreement.hex()} is listed and not there")
    terms = queries.terms(reading, row)
    kept = books(reading, [summary.agreement])
    names = Names.of(reading, [each.account for book in kept for each in book.positions])
    tokens = Tokens.of(reading, {book.token for book in kept})
    return AgreementCard(
        summary,
        [],
        band_shares(terms, names_in(reading, terms)),
        [
            Earning(names.named(each.account), tokens.amount(book.token, each.earned))
            for book in kept
            for each in book.positions[:_SHOWN]
        ],
    )


def _splits(reading: Reading, agreements: Collection[bytes]) -> dict[bytes, list[tuple[bytes, list[int]]]]:
    """Payees with their weights of each tranche, in the order of the terms."""
    rows = reading.session.execute(
        select(AgreementPayee.agreement, AgreementPayee.account, AgreementPayee.weights)
        .where(reading.of(AgreementPayee, "AgreementRegistry"), AgreementPayee.agreement.in_(agreements))
        .order_by(AgreementPayee.agreement, AgreementPayee.position)
    )
    found: dict[bytes, list[tuple[bytes, list[int]]]] = {}
    for agreement, account, weights in rows:
        found.setdefault(agreement, []).append((account, weights))
    return found


def _names(reading: Reading, accounts: Collection[bytes]) -> dict[str, str]:
    known = Names.of(reading, accounts).known
    return {str(to_checksum_address(account)): name for account, name in known.items()}
