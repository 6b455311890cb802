"""How much everybody's word counts on a day: by what was settled and who was verified when it began, in UTC.

ω holds for a day, so that a day's business changes the scores of those who did it alone, and the walk over
all of it is done once. What it is made of is a state of the journals, so it is kept by that state's block.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock

import numpy as np
from sqlalchemy import desc, select

from ledger.reputation.attested import verified_partners
from ledger.reputation.columns import Ints, as_column, numbered
from ledger.reputation.configuration import DAY, Configuration
from ledger.reputation.fixed_point import SCALE
from ledger.reputation.statements import Wanted, columns
from ledger.reputation.walk import Graph, trusted, trusted_from
from ledger.store.reading import AsOf, Reading
from ledger.store.tables import Block

_KEPT = 64
_MOST_KEPT = 4_000_000
"""Accounts and edges that are kept together at most, but for the day asked for last."""
_PAIR = {"giver": "V20", "taker": "V20", "count": ">i8"}


@dataclass(frozen=True)
class TrustOfDay:
    """Who was verified when the day began, and what everybody's word counts until it ends.

    ``opened`` is the last block before the day, None when there is none: then nobody counts.
    """

    opened: AsOf | None
    verified: frozenset[bytes]
    accounts: tuple[bytes, ...]
    graph: Graph
    configuration: Configuration

    @cached_property
    def omega(self) -> Mapping[bytes, int]:
        """ω of each account that counts, scaled by 1e18, as the consortium sees it."""
        return self._named(trusted(self.graph, self._places, self.configuration))

    def seen_from(self, viewpoint: bytes) -> Mapping[bytes, int]:
        """ω of each account that counts, scaled by 1e18, as this account sees it."""
        place = self._place.get(viewpoint)
        if place is None:
            return {viewpoint: SCALE}
        return self._named(trusted_from(self.graph, place, self._places, self.configuration))

    @cached_property
    def _place(self) -> Mapping[bytes, int]:
        return {account: place for place, account in enumerate(self.accounts)}

    @cached_property
    def _places(self) -> Ints:
        return np.array(sorted(self._place[each] for each in self.verified), np.int64)

    def _named(self, omega: Ints) -> Mapping[bytes, int]:
        counting = np.flatnonzero(omega)
        return {
            self.accounts[place]: each
            for place, each in zip(counting.tolist(), omega[counting].tolist(), strict=True)
        }


_kept: OrderedDict[object, TrustOfDay] = OrderedDict()
_making = Lock()


def trust_of_day(reading: Reading, configuration: Configuration) -> TrustOfDay:
    """Of the day of the reading's block. Those asked for last are kept: a day's first asker waits for it."""
    opening = opening_of_day(reading)
    source = reading.session.get_bind()
    key = (
        str(source.engine.url),
        reading.chain_id,
        reading.ledger,
        opening and (opening.as_of.number, opening.as_of.hash, opening.as_of.timestamp),
        configuration,
    )
    with _making:
        found = _kept.get(key)
        if found is None:
            found = _kept[key] = _made(opening, configuration)
            while len(_kept) > 1 and (len(_kept) > _KEPT or sum(map(_size, _kept.values())) > _MOST_KEPT):
                _kept.popitem(last=False)
        _kept.move_to_end(key)
    return found


def _size(trust: TrustOfDay) -> int:
    return len(trust.accounts) + len(trust.graph.giver)


def opening_of_day(reading: Reading) -> Reading | None:
    """The reading as of the last second before its block's day; None when nothing had happened by then."""
    return at_last_second(reading, reading.as_of.timestamp // DAY - 1)


def at_last_second(reading: Reading, day: int) -> Reading | None:
    """The reading as of the last second of a day (UTC, from 1970) that is over; None when nothing had
    happened by then.
    """
    midnight = (day + 1) * DAY
    last = reading.session.scalar(
        select(Block)
        .where(
            Block.chain_id == reading.chain_id,
            Block.deployment == reading.ledger,
            Block.number <= reading.as_of.number,
            Block.timestamp < midnight,
        )
        .order_by(desc(Block.number))
        .limit(1)
    )
    if last is None:
        return None
    return replace(reading, as_of=AsOf(last.number, last.hash, midnight - 1, last.verified), newest=False)


def _made(opening: Reading | None, configuration: Configuration) -> TrustOfDay:
    nothing = np.zeros(0, np.int64)
    if opening is None:
        return TrustOfDay(None, frozenset(), (), Graph.of(0, nothing, nothing, nothing), configuration)
    found = columns(opening, Wanted.PAIRS, None, configuration, _PAIR)
    verified = verified_partners(opening)
    accounts, (givers, takers, _) = numbered(found["giver"], found["taker"], as_column(verified))
    graph = Graph.of(len(accounts), givers, takers, found["count"].astype(np.int64), configuration)
    return TrustOfDay(opening.as_of, frozenset(verified), accounts, graph, configuration)
