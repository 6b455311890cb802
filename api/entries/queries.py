"""The journals in SQL."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, LargeBinary, cast, desc, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from api.paging import Page
from ledger.store.reading import ContractName, Reading
from ledger.store.tables import Entry


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
        question = question.where(Entry.contract == reading.contracts[contract]).order_by(desc(Entry.seq))
    else:
        question = question.where(Entry.contract.in_(list(reading.contracts.values()))).order_by(
            desc(Entry.block_number), desc(Entry.log_index)
        )
    if page.after is not None:
        question = question.where(_before(contract, page.after))
    if seq is not None:
        question = question.where(Entry.seq == seq)
    if event is not None:
        question = question.where(Entry.event == event)
    if topic is not None:
        question = question.where(Entry.topics.op("@>")(cast([topic], ARRAY(LargeBinary))))
    return reading.session.scalars(question.limit(page.probe)).all()


def key(entry: Entry, contract: ContractName | None) -> tuple[int, ...]:
    """What the next page continues from."""
    return (entry.block_number, entry.log_index) if contract is None else (entry.seq,)


def _before(contract: ContractName | None, after: tuple[int, ...]) -> ColumnElement[bool]:
    if contract is not None:
        return Entry.seq < after[0]
    return tuple_(Entry.block_number, Entry.log_index) < tuple_(*after)
