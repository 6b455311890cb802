"""The partitions of ``entry``: one for each range of blocks of a chain that carries entries.

PostgreSQL keeps no index over several partitions. The key (chain, contract, seq) is unique in each, and
`ledger.indexer.mirror` sees to it across them: whoever writes holds the checkpoint's row, and has found the
newest entries to be those that the next ones follow.
"""

import re
from collections.abc import Iterable

from sqlalchemy import Connection, func, select, text

from ledger.store import locks
from ledger.store.tables import CHAIN
from ledger.store.tables.journal import TOPICS_INDEX, TRANSACTIONS_INDEX

WIDTH = 1_000_000
"""Blocks of a partition: five months at a block every 12 s, three weeks at 2 s, three days at 0.25 s.

Look-ups by number alone ask every partition, so there should be dozens and not thousands; a partition should
be small enough to be vacuumed, moved or indexed anew by itself: at 25 entries a block it holds 25 million.
Another width for a database that has entries wants a migration: ranges must not overlap.
"""


def make_room(connection: Connection, chain_id: int, blocks: Iterable[int]) -> None:
    """Makes the partitions that entries of these blocks go to, in the caller's transaction.

    Readers are not kept waiting: attaching a table blocks only others who attach one, until the
    transaction ends.
    """
    starts = sorted({number // WIDTH * WIDTH for number in blocks})
    if not _missing(connection, chain_id, starts):
        return
    locks.lock_in_transaction(connection, locks.PARTITIONS)
    for start in _missing(connection, chain_id, starts):  # another deployment's indexer may have been faster
        _make(connection, chain_id, start)


def summarize(connection: Connection) -> None:
    """Lets the indexes of topics and of transactions know what is in the newest entries, of which they have
    taken no note.

    Entries that they know nothing of are looked through by whoever asks: they should be thousands at most.
    """
    parents = ", ".join(f"to_regclass('{CHAIN}.{index}')" for index in (TOPICS_INDEX, TRANSACTIONS_INDEX))
    summarized = select(text("brin_summarize_new_values(inhrelid)")).select_from(text("pg_inherits"))
    connection.execute(summarized.where(text(f"inhparent IN ({parents})"))).all()


def name(chain_id: int, start: int) -> str:
    """Name of the partition that begins with a block."""
    return f"entry_{chain_id}_{start}"


def is_partition(table: str) -> bool:
    """Whether a table of the schema ``chain`` is a partition, by its name."""
    return re.fullmatch(r"entry_\d+_\d+", table) is not None


def _missing(connection: Connection, chain_id: int, starts: list[int]) -> list[int]:
    found = [func.to_regclass(f"{CHAIN}.{name(chain_id, start)}").is_not(None) for start in starts]
    there = connection.execute(select(*found)).one() if starts else ()
    return [start for start, is_there in zip(starts, there, strict=True) if not is_there]


def _make(connection: Connection, chain_id: int, start: int) -> None:
    table = f"{CHAIN}.{name(chain_id, start)}"
    connection.execute(
        text(f"CREATE TABLE {table} (LIKE {CHAIN}.entry, PRIMARY KEY (chain_id, contract, seq))")
    )
    connection.execute(
        text(
            f"ALTER TABLE {CHAIN}.entry ATTACH PARTITION {table} "
            f"FOR VALUES FROM ({chain_id}, {start}) TO ({chain_id}, {start + WIDTH})"
        )
    )
