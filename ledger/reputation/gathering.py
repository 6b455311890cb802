"""All evidence in the journals up to a block: one statement, for one account or for all."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, desc, func, select, tuple_, union_all

from ledger.reputation.columns import KINDS
from ledger.reputation.configuration import DAY, Configuration
from ledger.reputation.deadlines import overdue_decisions, unused_exclusivity
from ledger.reputation.evidence import Alike, Evidence, Kind, weigh
from ledger.reputation.reviews import reviews
from ledger.reputation.rulings import rulings
from ledger.reputation.scope import Scope
from ledger.reputation.settlements import of_settlements, settlements
from ledger.store.reading import Reading
from ledger.terms.contracts import JOURNALS

Place = tuple[int, int, int, int]
"""An event's place in the order of time: its time, contract (by number), entry and kind (by number)."""


@dataclass(frozen=True)
class Placed:
    """Evidence with its place in the order of time, and its place, from 0, among those alike, the oldest
    first.
    """

    place: Place
    evidence: Evidence
    among: int


def evidence_in(reading: Reading, accounts: Collection[bytes] | None, configuration: Configuration) -> CTE:
    """A row for everything that speaks for or against the accounts, or anyone: see ``scope.row``."""
    scope = Scope.of(reading, accounts)
    settlement = settlements(scope)
    return union_all(
        *of_settlements(scope, settlement, configuration),
        reviews(scope, settlement),
        *rulings(scope),
        overdue_decisions(scope),
        unused_exclusivity(scope),
    ).cte("evidence")


def alike_of(reading: Reading, account: bytes, configuration: Configuration) -> dict[Alike, int]:
    """The account's evidence, how many there are of each: counted in SQL."""
    of = evidence_in(reading, [account], configuration).c
    keys = (of.counterparty, of.kind, of.as_owner, of.rating, day_of(of.at))
    rows = reading.session.execute(select(*keys, func.count()).group_by(*keys))
    alike: dict[Alike, int] = {}
    for counterparty, number, as_owner, rating, day, count in rows:
        kind = KINDS[number]
        weights = weigh(kind, configuration, _rated(kind, rating))
        alike[Alike(counterparty, day, kind, as_owner, *weights)] = count
    return alike


def evidence_of(reading: Reading, account: bytes, configuration: Configuration) -> Iterator[Evidence]:
    """Everything that speaks for or against the account, the oldest first."""
    of = evidence_in(reading, [account], configuration).c
    rows = reading.session.execute(select(*of).order_by(of.at, of.contract, of.seq, of.kind))
    return (_evidence(reading, row, configuration) for row in rows)


def newest(
    reading: Reading, account: bytes, configuration: Configuration, limit: int, before: Place | None
) -> list[Placed]:
    """A page of the account's evidence, the newest first."""
    evidence = evidence_in(reading, [account], configuration)
    of = evidence.c
    among = func.row_number().over(
        partition_by=(of.counterparty, of.kind, of.as_owner, of.rating, day_of(of.at)),
        order_by=(of.at, of.contract, of.seq),
    )
    placed = select(evidence, (among - 1).label("among")).subquery()
    of = placed.c
    order = (of.at, of.contract, of.seq, of.kind)
    question = select(placed)
    if before is not None:
        question = question.where(tuple_(*order) < before)
    rows = reading.session.execute(question.order_by(*(desc(each) for each in order)).limit(limit))
    return [
        Placed((row.at, row.contract, row.seq, row.kind), _evidence(reading, row, configuration), row.among)
        for row in rows
    ]


def day_of(at: ColumnElement[int]) -> ColumnElement[int]:
    """The number of a time's day in UTC."""
    return at // DAY


def _evidence(reading: Reading, row: Any, configuration: Configuration) -> Evidence:
    kind = KINDS[row.kind]
    positive, negative = weigh(kind, configuration, _rated(kind, row.rating))
    contract = reading.contracts[JOURNALS[row.contract]]
    return Evidence(
        row.at, contract, row.seq, kind, row.counterparty, row.deal, positive, negative, row.as_owner
    )


def _rated(kind: Kind, rating: int) -> int | None:
    return rating if kind is Kind.REVIEWED else None
