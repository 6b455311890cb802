"""How much there is of everything: the figures at the top of the portal."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from api.amounts import Amount, Tokens
from api.as_of import Answering
from ledger.read import figures as kept
from ledger.reputation.kept_as_of import kept_as_of
from ledger.store.reading import Reading
from ledger.store.tables import Agreement, Book, Deal, Partner
from ledger.store.tables.base import OfContract, Whole
from ledger.terms.contracts import AGREEMENTS, DEALS, PARTNERS, REVENUE, ContractName


@dataclass(frozen=True)
class Figures:
    """Counts of a deployment's rows, and what came in by token."""

    partners: int
    agreements: int
    deals: int
    received: list[Amount]


def figures(answering: Answering) -> Figures:
    """The figures as of the newest mirrored block."""
    reading = answering.reading
    if kept_as_of(reading):
        return _kept(reading, kept.tallies(reading))
    rows = reading.session.execute(
        select(Book.token, func.sum(Book.received, type_=Whole()))
        .where(reading.now(Book, REVENUE))
        .group_by(Book.token)
        .order_by(Book.token)
    ).all()
    tokens = Tokens.of(reading, {token for token, _ in rows})
    return Figures(
        partners=_count(reading, Partner, PARTNERS),
        agreements=_count(reading, Agreement, AGREEMENTS),
        deals=_count(reading, Deal, DEALS),
        received=[tokens.amount(token, units) for token, units in rows],
    )


def _kept(reading: Reading, tallies: Mapping[tuple[str, bytes], int]) -> Figures:
    received = sorted((token, units) for (name, token), units in tallies.items() if name == kept.RECEIVED)
    tokens = Tokens.of(reading, {token for token, _ in received})
    return Figures(
        partners=tallies.get((kept.PARTNERS, b""), 0),
        agreements=tallies.get((kept.AGREEMENTS, b""), 0),
        deals=tallies.get((kept.DEALS, b""), 0),
        received=[tokens.amount(token, units) for token, units in received],
    )


def _count(reading: Reading, table: type[OfContract], contract: ContractName) -> int:
    question = select(func.count()).select_from(table).where(reading.now(table, contract))
    return reading.session.scalar(question) or 0
