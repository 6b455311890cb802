"""How an agreement splits what it receives: its tranches' boundaries and its payees' weights."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select

from ledger.rules.book import Share
from ledger.store.reading import Reading
from ledger.store.tables import AgreementPayee, AgreementTranche

_CONTRACT: Final = "AgreementRegistry"


def boundaries_of(reading: Reading, agreements: Iterable[bytes]) -> dict[bytes, tuple[int, ...]]:
    """The tranches' cumulative boundaries of each agreement, in token base units."""
    rows = reading.session.execute(
        select(AgreementTranche.agreement, AgreementTranche.up_to)
        .where(reading.seen(AgreementTranche, _CONTRACT), AgreementTranche.agreement.in_(list(agreements)))
        .order_by(AgreementTranche.agreement, AgreementTranche.position)
    )
    found: dict[bytes, list[int]] = {}
    for agreement, up_to in rows:
        found.setdefault(agreement, []).append(up_to)
    return {agreement: tuple(boundaries) for agreement, boundaries in found.items()}


def shares_of(reading: Reading, account: bytes) -> dict[bytes, Share]:
    """The account's share of every agreement that it is a payee of."""
    weights = {
        agreement: tuple(each)
        for agreement, each in reading.session.execute(
            select(AgreementPayee.agreement, AgreementPayee.weights).where(
                reading.seen(AgreementPayee, _CONTRACT), AgreementPayee.account == account
            )
        )
    }
    boundaries = boundaries_of(reading, weights)
    return {agreement: Share(boundaries[agreement], each) for agreement, each in weights.items()}


def payees_of(reading: Reading, agreements: Iterable[bytes]) -> dict[bytes, dict[bytes, Share]]:
    """Every payee's share of each agreement, in the order of the terms."""
    wanted = list(agreements)
    boundaries = boundaries_of(reading, wanted)
    rows = reading.session.execute(
        select(AgreementPayee.agreement, AgreementPayee.account, AgreementPayee.weights)
        .where(reading.seen(AgreementPayee, _CONTRACT), AgreementPayee.agreement.in_(wanted))
        .order_by(AgreementPayee.agreement, AgreementPayee.position)
    )
    found: dict[bytes, dict[bytes, Share]] = {}
    for agreement, account, weights in rows:
        found.setdefault(agreement, {})[account] = Share(boundaries[agreement], tuple(weights))
    return found
