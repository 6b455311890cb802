"""Where a journal stood as of a block: the number of its newest entry up to it."""

from sqlalchemy import BigInteger, ColumnElement, Select, case, desc, func, literal, select, true
from sqlalchemy.orm import Session

from ledger.store.tables import Entry


def newest_seq(session: Session, chain_id: int, contract: bytes, block: int) -> int:
    """Number of the contract's newest entry that is not after the block, 0 when it has none.

    Later entries are in later blocks, so an early block is found by halving: some twenty looks at the key of
    ten million entries, where going back from the newest one meets all that came since.
    """
    own = Entry.chain_id == chain_id, Entry.contract == contract
    newest = session.execute(
        select(Entry.seq, Entry.block_number).where(*own).order_by(desc(Entry.seq)).limit(1)
    ).first()
    if newest is None or newest.block_number <= block:
        return newest.seq if newest else 0
    found = session.scalar(_halved(own, newest.seq, block))
    if found is None:  # a journal with a gap, as only an altered database has: the audit is to find it
        found = session.scalar(select(func.max(Entry.seq)).where(*own, Entry.block_number <= block))
    return found or 0


def _halved(own: tuple[ColumnElement[bool], ...], newest: int, block: int) -> Select[int]:
    """The only number left when a range of them was halved often enough; nothing if an entry is missing."""
    search = select(literal(0, BigInteger).label("low"), literal(newest - 1, BigInteger).label("high")).cte(
        "search", recursive=True
    )
    low, high = search.c.low, search.c.high
    middle = (low + high + 1) // 2
    entry = select(Entry.block_number).where(*own, Entry.seq == middle).lateral("middle")
    is_before = entry.c.block_number <= block
    step = (
        select(case((is_before, middle), else_=low), case((is_before, high), else_=middle - 1))
        .select_from(search)
        .join(entry, true())
        .where(low < high)
    )
    halved = search.union_all(step)
    return select(halved.c.low).where(halved.c.low == halved.c.high)
