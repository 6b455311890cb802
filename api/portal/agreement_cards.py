"""Agreements as the portal lists them: parties, and the split as a bar."""

from collections.abc import Collection
from dataclasses import dataclass

from eth_utils.address import to_checksum_address
from sqlalchemy import select

from api.agreements.routes import list_agreements
from api.agreements.schemas import AgreementSummary
from api.as_of import Answering
from api.paging import Page
from api.partner_names import Names
from api.portal.shares import SharePart, share_parts
from ledger.store.reading import Reading
from ledger.store.tables import AgreementPayee

_SHOWN = 6
"""Payees in a card's legend; the bar shows them all."""


@dataclass(frozen=True)
class AgreementCard:
    """An agreement with the split of its first tranche; ``legend`` holds the first of ``shares``."""

    agreement: AgreementSummary
    shares: list[SharePart]

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
    splits = first_splits(answering.reading, [each.agreement for each in listed.agreements])
    return [
        AgreementCard(each, splits.get(each.agreement, [])) for each in listed.agreements
    ], listed.next_cursor


def first_splits(reading: Reading, agreements: Collection[bytes]) -> dict[bytes, list[SharePart]]:
    """The split of each agreement's first tranche, in the order of its terms."""
    rows = reading.session.execute(
        select(AgreementPayee.agreement, AgreementPayee.account, AgreementPayee.weights)
        .where(reading.of(AgreementPayee, "AgreementRegistry"), AgreementPayee.agreement.in_(agreements))
        .order_by(AgreementPayee.agreement, AgreementPayee.position)
    ).all()
    names = {
        str(to_checksum_address(account)): name
        for account, name in Names.of(reading, {account for _, account, _ in rows}).known.items()
    }
    weights: dict[bytes, list[tuple[str, int]]] = {}
    for agreement, account, of_tranches in rows:
        weights.setdefault(agreement, []).append((to_checksum_address(account), of_tranches[0]))
    return {agreement: share_parts(split, names) for agreement, split in weights.items()}
