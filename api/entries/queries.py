"""The journals in SQL."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, desc, or_, select, tuple_
from sqlalchemy.orm import aliased

from api.paging import Page
from ledger.store.reading import Reading
from ledger.store.tables import Entry
from ledger.store.tables.journal import TOPICS
from ledger.terms.contracts import ContractName

_WINDOW = 10_000
"""Newest blocks that are searched first for what entries are about; then ten times as many before them."""


def listed(
    reading: Reading,
    page: Page,
    contract: ContractName | None,
    seq: int | None,
    event: str | None,
    topic: bytes | None,
) -> Sequence[Entry]:
    """Entries, the newest first, one more than the page holds.

    The order is that of the chain. Within one contract it is that of the journal too, which has the better
    index.
    """
    question = select(Entry).where(Entry.chain_id == reading.chain_id)
    if contract is not None:
        question = question.where(Entry.contract == reading.contracts[contract])
    else:
        question = question.where(Entry.contract.in_(list(reading.contracts.values())))
    after = page.keys(2 if contract is None else 1)
    if after is not None:
        question = question.where(_before(contract, after))
    if seq is not None:
        question = question.where(Entry.seq == seq)
    if event is not None:
        question = question.where(Entry.event == event)
    if topic is not None:
        return _about(reading, question.where(or_(*(Entry.topics[place] == topic for place in TOPICS))), page)
    in_chain = desc(Entry.block_number), desc(Entry.log_index)
    question = question.order_by(*(in_chain if contract is None else (desc(Entry.seq),)))
    return reading.session.scalars(question.limit(page.probe)).all()


def _about(reading: Reading, question: Select[Entry], page: Page) -> Sequence[Entry]:
    """The newest of few entries or of many, which the index of topics finds in whatever order.

    In one question, PostgreSQL would have to guess which: it either reads the journal backwards for those of
    years ago, or gathers all there are for the newest fifty. So the search goes back by wider and wider
    steps, and gathers what there is in each.
    """
    found: list[Entry] = []
    end, width = None, _WINDOW
    start = reading.mirrored - width
    while len(found) < page.probe and (end is None or end >= 0):
        window = question.where(Entry.block_number > start)
        if end is not None:
            window = window.where(Entry.block_number <= end)
        gathered = aliased(Entry, window.offset(0).subquery())  # the offset keeps it a question of its own
        newest = select(gathered).order_by(desc(gathered.block_number), desc(gathered.log_index))
        found += reading.session.scalars(newest.limit(page.probe - len(found)))
        width *= 10
        end, start = start, start - width
    return found


def key(entry: Entry, contract: ContractName | None) -> tuple[int, ...]:
    """What the next page continues from."""
    return (entry.block_number, entry.log_index) if contract is None else (entry.seq,)


def _before(contract: ContractName | None, after: tuple[int, ...]) -> ColumnElement[bool]:
    if contract is not None:
        return Entry.seq < after[0]
    return tuple_(Entry.block_number, Entry.log_index) < tuple_(*after)
