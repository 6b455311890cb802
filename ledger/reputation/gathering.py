"""All evidence in the journals up to a block, as the score takes it: asked for in one statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ledger.reputation.columns import KINDS
from ledger.reputation.configuration import Configuration
from ledger.reputation.evidence import Alike, Evidence, Kind, weigh
from ledger.reputation.statements import Wanted, rows
from ledger.store.reading import Reading
from ledger.terms.contracts import JOURNALS

Place = tuple[int, int, int, int, int]
"""An event's place in the order of time: its time, contract (by number), entry, position in that, and kind
(by number).
"""
_END: Place = (2**63 - 1,) * 5


@dataclass(frozen=True)
class Placed:
    """Evidence with its place in the order of time, and its place, from 0, among those alike, the oldest
    first.
    """

    place: Place
    evidence: Evidence
    among: int


def alike_of(reading: Reading, account: bytes, configuration: Configuration) -> dict[Alike, int]:
    """The account's evidence, how many there are of each: counted in SQL."""
    alike: dict[Alike, int] = {}
    found = rows(reading, Wanted.COUNTS, [account], configuration)
    for _, counterparty, number, as_owner, rating, day, count in found:
        kind = KINDS[number]
        weights = weigh(kind, configuration, _rated(kind, rating))
        alike[Alike(counterparty, day, kind, as_owner, *weights)] = count
    return alike


def evidence_of(reading: Reading, account: bytes, configuration: Configuration) -> Iterator[Evidence]:
    """Everything that speaks for or against the account, the oldest first."""
    found = rows(reading, Wanted.EVENTS, [account], configuration)
    return (_evidence(reading, row, configuration) for row in found)


def newest(
    reading: Reading, account: bytes, configuration: Configuration, limit: int, before: Place | None
) -> list[Placed]:
    """A page of the account's evidence, the newest first."""
    names = ("before_at", "before_contract", "before_seq", "before_position", "before_kind")
    given = dict(zip(names, before or _END, strict=True))
    found = rows(reading, Wanted.PAGE, [account], configuration, limit=limit, **given)
    return [
        Placed(
            (row.at, row.contract, row.seq, row.position, row.kind),
            _evidence(reading, row, configuration),
            row.among,
        )
        for row in found
    ]


def _evidence(reading: Reading, row: Any, configuration: Configuration) -> Evidence:
    kind = KINDS[row.kind]
    positive, negative = weigh(kind, configuration, _rated(kind, row.rating))
    contract = reading.contracts[JOURNALS[row.contract]]
    return Evidence(
        row.at, contract, row.seq, kind, row.counterparty, row.deal, positive, negative, row.as_owner
    )


def _rated(kind: Kind, rating: int) -> int | None:
    return rating if kind is Kind.REVIEWED else None
