"""Agreements as the portal lists them: parties, and how revenue is split."""

from collections.abc import Collection, Mapping
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
from ledger.terms.contracts import AGREEMENTS
from ledger.terms.ids import AgreementId

Split = list[tuple[bytes, list[int]]]
"""Payees with their weights of each tranche."""

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
    reading, agreements = answering.reading, [each.agreement for each in listed.agreements]
    splits = _splits(reading, agreements)
    names = _names(reading, {account for split in splits.values() for account, _ in split})
    banded = [agreement for agreement in agreements if len(splits[agreement][0][1]) > 1]
    bands, earnings = _bands(reading, banded), _earnings(reading, banded)
    cards = [
        AgreementCard(each, [], bands[each.agreement], earnings.get(each.agreement, []))
        if each.agreement in bands
        else AgreementCard(each, _shares(splits[each.agreement], names), [], [])
        for each in listed.agreements
    ]
    return cards, listed.next_cursor


def _shares(split: Split, names: Mapping[str, str]) -> list[SharePart]:
    """The split of an agreement whose only tranche holds for all revenue."""
    weights = [(str(to_checksum_address(account)), weights[0]) for account, weights in split]
    return share_parts(weights, names)


def _bands(reading: Reading, agreements: Collection[AgreementId]) -> dict[bytes, list[BandShares]]:
    """The tranches of each of these agreements."""
    if not agreements:
        return {}
    terms = queries.terms_by_id(reading, queries.by_id(reading, agreements).values())
    names = names_in(reading, *terms.values())
    return {agreement: band_shares(each, names) for agreement, each in terms.items()}


def _earnings(reading: Reading, agreements: Collection[AgreementId]) -> dict[bytes, list[Earning]]:
    """What the first payees of each of these agreements have earned, by token."""
    if not agreements:
        return {}
    kept = books(reading, agreements)
    names = Names.of(reading, [each.account for book in kept for each in book.positions])
    tokens = Tokens.of(reading, {book.token for book in kept})
    found: dict[bytes, list[Earning]] = {}
    for book in kept:
        found.setdefault(book.agreement, []).extend(
            Earning(names.named(each.account), tokens.amount(book.token, each.earned))
            for each in book.positions[:_SHOWN]
        )
    return found


def _splits(reading: Reading, agreements: Collection[AgreementId]) -> dict[bytes, Split]:
    """Payees with their weights of each tranche, in the order of the terms."""
    rows = reading.session.execute(
        select(AgreementPayee.agreement, AgreementPayee.account, AgreementPayee.weights)
        .where(reading.of(AgreementPayee, AGREEMENTS), AgreementPayee.agreement.in_(agreements))
        .order_by(AgreementPayee.agreement, AgreementPayee.position)
    )
    found: dict[bytes, Split] = {}
    for agreement, account, weights in rows:
        found.setdefault(agreement, []).append((account, weights))
    return found


def _names(reading: Reading, accounts: Collection[bytes]) -> dict[str, str]:
    known = Names.of(reading, accounts).known
    return {str(to_checksum_address(account)): name for account, name in known.items()}
